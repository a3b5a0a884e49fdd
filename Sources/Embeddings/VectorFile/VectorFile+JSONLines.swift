internal import LinearAlgebra

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

extension VectorFile {
    /// Lines that one thread decodes at a time.
    private static let lineBlockSize = 256

    private struct Line: Decodable {
        let itemId: String?
        let id: String?
        let vector: [Float]
    }

    package static func parseJSONLines(
        _ data: Data, name: String, threadCount: Int
    ) throws(VectorFileError) -> ItemVectors {
        let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        var results = [Result<(id: String, vector: [Float])?, VectorFileError>](
            repeating: .success(nil), count: lines.count)
        unsafe results.withUnsafeMutableBufferPointer { results in
            Parallel.forEachRange(of: lines.count, blockSize: lineBlockSize, threadCount: threadCount) { range, _ in
                let decoder = JSONDecoder()
                for number in range {
                    unsafe results[number] = decode(lines[number], number: number + 1, name: name, by: decoder)
                }
            }
        }
        var (ids, values): ([String], [Float]) = ([], [])
        var dimension: Int?
        for (number, result) in results.enumerated() {
            guard let (id, vector) = try result.get() else { continue }
            let expected = dimension ?? vector.count
            guard vector.count == expected, expected > 0 else {
                throw VectorFileError(
                    .dimensionMismatch, operation: "read \(name)",
                    expected: expected > 0 ? "vectors of \(expected) numbers, as in the first line" : "a vector",
                    found: "\(vector.count) numbers in line \(number + 1) (\"\(id)\")",
                    remedy: "Use vectors of one model in one file.")
            }
            if dimension == nil { values.reserveCapacity(expected * lines.count) }
            dimension = expected
            ids.append(id)
            values += vector
        }
        return try ItemVectors(
            ids: ids, vectors: DenseMatrix(rowCount: ids.count, columnCount: dimension ?? 0, values: values))
    }

    /// Nil for a blank line.
    private static func decode(
        _ line: Data, number: Int, name: String, by decoder: JSONDecoder
    ) -> Result<(id: String, vector: [Float])?, VectorFileError> {
        guard line.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\r") }) else {
            return .success(nil)
        }
        func failure(_ found: String) -> VectorFileError {
            VectorFileError(
                .badLine, operation: "read \(name)",
                expected: "{\"itemId\":\"...\",\"vector\":[numbers]} in line \(number)", found: found,
                remedy: "Mend or remove the line; an id is a string, never a number.")
        }
        do {
            let decoded = try decoder.decode(Line.self, from: line)
            guard let id = decoded.itemId ?? decoded.id else { return .failure(failure("neither itemId nor id")) }
            return .success((id, decoded.vector))
        } catch {
            return .failure(failure(FileReading.found(error)))
        }
    }
}
