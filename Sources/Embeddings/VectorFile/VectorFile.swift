internal import Interactions

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// Files of precomputed item vectors.
package enum VectorFile {
    /// A NumPy file `[rows x dimension]`, and its rows' ids from a text file, one a line.
    package static func read(npy path: String, ids idPath: String) throws(VectorFileError) -> ItemVectors {
        let matrix = try parseNpy(bytes(of: path), name: path)
        return try ItemVectors(ids: parseIDs(text(of: idPath), name: idPath), vectors: matrix)
    }

    /// A file of JSON Lines: `{"itemId":"...","vector":[...]}`, or `id` for `itemId`; other members are ignored.
    package static func read(jsonLines path: String, threadCount: Int) throws(VectorFileError) -> ItemVectors {
        try parseJSONLines(text(of: path), name: path, threadCount: threadCount)
    }

    /// The bytes of a file, mapped.
    package static func bytes(of path: String) throws(VectorFileError) -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        } catch {
            throw VectorFileError(
                .cannotRead, operation: "read \(path)", expected: "a readable file",
                found: "that \(FileReading.found(error))", remedy: "Name the file of the vectors, or of their ids.")
        }
    }

    /// As `bytes`, of a text: unpacked where it is compressed, refused by name where it is no text.
    private static func text(of path: String) throws(VectorFileError) -> Data {
        let data = try bytes(of: path)
        if WholeFile.isPlain(data.prefix(WholeFile.firstByteCount)) { return data }
        do throws(ReadError) {
            return Data(try WholeFile.bytes(path))
        } catch {
            throw VectorFileError(
                .cannotRead, operation: "read \(path)", expected: "plain text", found: error.found,
                remedy: error.remedy)
        }
    }

    /// One id a line; the last line may lack its end, lines may end with CR LF.
    package static func parseIDs(_ data: Data, name: String) throws(VectorFileError) -> [String] {
        var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        var ids: [String] = []
        ids.reserveCapacity(lines.count)
        for (number, line) in lines.enumerated() {
            let end = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            guard let id = String(validating: end, as: UTF8.self) else {
                throw VectorFileError(
                    .badId, operation: "read \(name)", expected: "UTF-8", found: "other bytes in line \(number + 1)",
                    remedy: "Convert the file to UTF-8.")
            }
            ids.append(id)
        }
        return ids
    }
}
