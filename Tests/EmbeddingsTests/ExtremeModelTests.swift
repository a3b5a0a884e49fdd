import Embeddings
import TestSupport
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Numbers in a model's files that no arithmetic may trap on.
@Suite struct ExtremeModelTests {
    private func file(_ entry: String, body: Int = 16) throws(ModelFileError) -> SafetensorsFile {
        let header = Data("{\"t\": \(entry)}".utf8)
        var data = Data((0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) })
        data.append(header)
        data.append(Data(repeating: 0, count: body))
        return try SafetensorsFile(data, name: "x")
    }

    @Test(arguments: [
        "[0, 16]", "[16, 0]", "[9223372036854775807, -9223372036854775808]",
        "[9223372036854775800, 9223372036854775807]",
        "[5, -9223372036854775808]", "[-9223372036854775808, 9223372036854775807]", "[-16, 0]", "[8, 24]", "[]", "[0]",
        "[0, 16, 32]",
    ])
    func offsets(_ offsets: String) throws {
        let file = try file("{\"dtype\": \"F32\", \"shape\": [4], \"data_offsets\": \(offsets)}")
        if offsets == "[0, 16]" {
            #expect(try file.values("t", shape: [4]) == [0, 0, 0, 0])
        } else {
            #expect(throws: ModelFileError.self) { try file.values("t", shape: [4]) }
        }
    }

    @Test func shapesAndHeaders() throws {
        let huge = "[4611686018427387904, 4611686018427387904]"
        let file = try file("{\"dtype\": \"F32\", \"shape\": \(huge), \"data_offsets\": [0, 16]}")
        #expect(throws: ModelFileError.self) { try file.values("t", shape: [4]) }
        for length in [UInt64.max, 1 << 63, 1 << 62, 1 << 40, 17 << 20] {
            var data = Data((0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) })
            data.append(Data("{}".utf8))
            let error = #expect(throws: ModelFileError.self) { try SafetensorsFile(data, name: "x") }
            #expect(error?.code == .badHeader)
        }
    }

    /// Finite weights whose sums are not: the vector is refused, not written.
    @Test func weightsThatOverflow() throws {
        var weights = TinyModel.safetensors()
        let great = Float.greatestFiniteMagnitude.bitPattern
        // The last 16 KB are values; every fourth value becomes the greatest there is.
        let valueCount = TinyModel.tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
        let start = weights.count - 4 * valueCount
        for place in stride(from: 0, to: valueCount, by: 3) {
            for byte in 0..<4 {
                weights[start + 4 * place + byte] = UInt8(truncatingIfNeeded: great >> (8 * UInt32(byte)))
            }
        }
        let folder = try TemporaryDirectory()
        try TinyModel.write(to: folder.path, weights: weights)
        let encoder = try TinyModel.read(folder.path)
        let error = #expect(throws: ModelFileError.self) { try encoder.encode(["un", "a b"], threadCount: 1) }
        #expect(error?.code == .notFinite && error?.operation.contains("text 1") == true)
    }

    @Test(arguments: ["1e-300", "1e300", "0", "-1"]) func epsilon(_ epsilon: String) throws {
        let folder = try TemporaryDirectory()
        try TinyModel.write(
            to: folder.path, configuration: TinyModel.configuration.replacing("1e-12", with: epsilon))
        #expect(throws: ModelFileError.self) { try TinyModel.read(folder.path) }
    }
}
