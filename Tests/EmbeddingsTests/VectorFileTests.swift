import Embeddings
import LinearAlgebra
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite struct VectorFileTests {
    func npy(
        _ header: String, version: UInt8 = 1, magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], body: [UInt8]
    ) -> Data {
        let text = Array((header + "\n").utf8)
        let length = unsafe withUnsafeBytes(of: UInt32(text.count).littleEndian) { unsafe Array($0) }
        return Data(magic + [version, 0] + length.prefix(version == 1 ? 2 : 4) + text + body)
    }

    func bytes(_ values: [Float]) -> [UInt8] {
        values.flatMap { unsafe withUnsafeBytes(of: $0.bitPattern.littleEndian) { unsafe Array($0) } }
    }

    func bytes(_ values: [Double]) -> [UInt8] {
        values.flatMap { unsafe withUnsafeBytes(of: $0.bitPattern.littleEndian) { unsafe Array($0) } }
    }

    static let plain = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"

    @Test(arguments: [1, 2] as [UInt8]) func float32(version: UInt8) throws {
        let data = npy(Self.plain, version: version, body: bytes([1, -2, 3.5, 0, 5, 6] as [Float]))
        let matrix = try VectorFile.parseNpy(data, name: "x.npy")
        #expect(matrix == DenseMatrix(rowCount: 2, columnCount: 3, values: [1, -2, 3.5, 0, 5, 6]))
        // A slice does not start at index 0.
        let slice = (Data([9, 9, 9]) + data).dropFirst(3)
        #expect(try VectorFile.parseNpy(slice, name: "x.npy") == matrix)
    }

    @Test func float64AndOtherSpellings() throws {
        let header = "{\"descr\": \"<f8\", 'shape':(1,2),'fortran_order':False}"
            .replacing("\"descr\":", with: "'descr':")
        let matrix = try VectorFile.parseNpy(npy(header, body: bytes([0.1, 2] as [Double])), name: "x.npy")
        #expect(matrix == DenseMatrix(rowCount: 1, columnCount: 2, values: [0.1, 2]))
    }

    @Test func noRows() throws {
        let header = Self.plain.replacing("(2, 3)", with: "(0, 3)")
        #expect(try VectorFile.parseNpy(npy(header, body: []), name: "x.npy") == DenseMatrix(zeros: 0, 3))
    }

    static let mistakes: [(String, VectorFileError.Code)] = [
        (plain.replacing("<f4", with: ">f4"), .unsupportedType),
        (plain.replacing("<f4", with: "<f2"), .unsupportedType),
        (plain.replacing("<f4", with: "|O"), .unsupportedType),
        (plain.replacing("False", with: "True"), .fortranOrder),
        (plain.replacing("(2, 3)", with: "(6,)"), .notTwoDimensional),
        (plain.replacing("(2, 3)", with: "(2, 3, 1)"), .notTwoDimensional),
        (plain.replacing("(2, 3)", with: "()"), .notTwoDimensional),
        (plain.replacing("(2, 3)", with: "(-2, 3)"), .notTwoDimensional),
        (plain.replacing("(2, 3)", with: "(3, 3)"), .wrongSize),
        (plain.replacing("(2, 3)", with: "(1, 3)"), .wrongSize),
        (plain.replacing("(2, 3)", with: "(4611686018427387904, 4611686018427387904)"), .wrongSize),
        (plain.replacing("(2, 3)", with: "(0, 9223372036854775807)"), .wrongSize),
        (plain.replacing("(2, 3)", with: "(9223372036854775807, 0)"), .wrongSize),
        (plain.replacing("(2, 3)", with: "(2, 9223372036854775808)"), .notTwoDimensional),
        (plain.replacing("descr", with: "type"), .badHeader),
        (plain.replacing("(2, 3), }", with: "(2, 3"), .badHeader),
        ("", .badHeader),
    ]

    @Test(arguments: mistakes) func badHeaders(header: String, code: VectorFileError.Code) {
        let data = npy(header, body: bytes([1, 2, 3, 4, 5, 6] as [Float]))
        let error = #expect(throws: VectorFileError.self) { try VectorFile.parseNpy(data, name: "x.npy") }
        #expect(error?.code == code)
        #expect(error?.operation == "read x.npy")
    }

    @Test func badStarts() {
        let cases: [(Data, VectorFileError.Code)] = [
            (Data(), .notNpy), (Data("PK\u{3}\u{4} a zip archive".utf8), .notNpy), (Data([0x93, 0x4E]), .notNpy),
            (npy(Self.plain, version: 3, body: []), .unsupportedVersion),
            (npy(Self.plain, body: []).prefix(30), .badHeader),
            (npy(String(repeating: " ", count: 70_000), version: 2, body: []), .badHeader),
        ]
        for (data, code) in cases {
            let error = #expect(throws: VectorFileError.self) { try VectorFile.parseNpy(data, name: "x.npy") }
            #expect(error?.code == code)
        }
    }

    @Test func idsByLine() throws {
        #expect(try VectorFile.parseIDs(Data("a\nb c\r\né".utf8), name: "ids") == ["a", "b c", "é"])
        #expect(try VectorFile.parseIDs(Data("a\n".utf8), name: "ids") == ["a"])
        #expect(try VectorFile.parseIDs(Data(), name: "ids") == [])
        let error = #expect(throws: VectorFileError.self) {
            try VectorFile.parseIDs(Data([0x61, 0x0A, 0xFF, 0x0A]), name: "ids")
        }
        #expect(error?.code == .badId && error?.found.contains("line 2") == true)
    }

    @Test func idsMustFit() {
        let two = DenseMatrix(rowCount: 2, columnCount: 1, values: [1, 2])
        let infinite = DenseMatrix(rowCount: 2, columnCount: 1, values: [1, .infinity])
        let cases: [([String], DenseMatrix, VectorFileError.Code)] = [
            (["a"], two, .idCountMismatch), (["a", "b", "c"], two, .idCountMismatch), (["a", "a"], two, .duplicateId),
            (["a", ""], two, .badId), (["a", "b"], infinite, .notFinite),
        ]
        for (ids, vectors, code) in cases {
            let error = #expect(throws: VectorFileError.self) { try ItemVectors(ids: ids, vectors: vectors) }
            #expect(error?.code == code)
        }
    }

    @Test func alignedToACatalogue() throws {
        let vectors = DenseMatrix(rowCount: 3, columnCount: 2, values: [3, 4, 0, 0, 0, -2])
        let aligned = try ItemVectors(ids: ["b", "x", "a"], vectors: vectors).aligned(to: ["a", "b", "c"])
        #expect(aligned.vectors.values == [0, -1, 0.6, 0.8, 0, 0])
        #expect(aligned.unknownIDs == ["x"])
        #expect(aligned.missingCount == 1)
    }

    @Test(arguments: [1, 2]) func jsonLines(threadCount: Int) throws {
        let text = "{\"itemId\":\"a\",\"vector\":[1,2.5e0]}\r\n\n  \n{\"id\":\"b\\n\",\"vector\":[-1,0],\"more\":{}}\n"
        let found = try VectorFile.parseJSONLines(Data(text.utf8), name: "v.jsonl", threadCount: threadCount)
        #expect(found.ids == ["a", "b\n"])
        #expect(found.vectors == DenseMatrix(rowCount: 2, columnCount: 2, values: [1, 2.5, -1, 0]))
        #expect(try VectorFile.parseJSONLines(Data(), name: "v.jsonl", threadCount: 1).ids.isEmpty)
    }

    @Test(
        arguments: [
            ("{\"id\":\"b\",\"vector\":[1]}", .dimensionMismatch), ("{\"id\":\"a\",\"vector\":[1,2]}", .duplicateId),
            ("{\"id\":7,\"vector\":[1,2]}", .badLine), ("{\"vector\":[1,2]}", .badLine), ("{\"id\":\"b\"}", .badLine),
            ("{\"id\":\"b\",\"vector\":[1,null]}", .badLine), ("{\"id\":\"b\",\"vector\":[1,NaN]}", .badLine),
            ("{\"id\":\"b\",\"vector\":[1,1e999]}", .badLine), ("[1,2]", .badLine), ("{\"id\":\"b\",", .badLine),
            ("{\"id\":\"\",\"vector\":[1,2]}", .badId),
        ] as [(String, VectorFileError.Code)])
    func badLines(line: String, code: VectorFileError.Code) {
        let data = Data(("{\"id\":\"a\",\"vector\":[1,2]}\n" + line + "\n").utf8)
        let error = #expect(throws: VectorFileError.self) {
            try VectorFile.parseJSONLines(data, name: "v.jsonl", threadCount: 2)
        }
        #expect(error?.code == code)
        #expect(code != .badLine || error?.expected.contains("line 2") == true)
    }

    @Test func emptyVectorIsAnError() {
        let error = #expect(throws: VectorFileError.self) {
            try VectorFile.parseJSONLines(Data("{\"id\":\"a\",\"vector\":[]}".utf8), name: "v", threadCount: 1)
        }
        #expect(error?.code == .dimensionMismatch)
    }

    @Test func filesAreRead() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "vector-files-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        let (vectors, ids) = (folder.appending(path: "v.npy"), folder.appending(path: "ids.txt"))
        try npy(Self.plain, body: bytes([1, 2, 3, 4, 5, 6] as [Float])).write(to: vectors)
        try Data("a\nb\n".utf8).write(to: ids)
        let found = try VectorFile.read(npy: vectors.path, ids: ids.path)
        #expect(found.ids == ["a", "b"] && found.vectors[1, 2] == 6)
        let error = #expect(throws: VectorFileError.self) {
            try VectorFile.read(jsonLines: folder.path + "/none.jsonl", threadCount: 1)
        }
        #expect(error?.code == .cannotRead)
    }
}
