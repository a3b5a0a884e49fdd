import CommandLineInterface
import Embeddings
import LinearAlgebra
import StoredFiles

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The files of the commands that cluster the rows of a matrix.
enum ClusterFiles {
    static let vectors = CommandOption.required(
        "vectors", "FILE", help: "A .npy file of float32 or float64, rows by columns.")

    static let clusters: [CommandOption] = [
        .value("labels", "FILE", help: "Write each row's cluster, one a line.").asOutput,
        .value("centres", "FILE", help: "Write the clusters' centres, .npy, float32.").asOutput,
        .value(
            "previous", "FILE",
            help: "Centres that an earlier run wrote: clusters near them keep their numbers. Default: the largest is 0."
        ),
    ]

    static func rows(_ parsed: ParsedCommand) throws -> DenseMatrix { try matrix(try parsed.string("vectors")) }

    /// Nil where the option is not given; else of as many columns as `rows`.
    static func previous(_ parsed: ParsedCommand, _ rows: DenseMatrix) throws -> DenseMatrix? {
        guard let path = parsed.optionalString("previous") else { return nil }
        let centres = try matrix(path)
        guard centres.rowCount > 0, centres.columnCount == rows.columnCount, centres.values.allSatisfy(\.isFinite)
        else {
            throw parsed.refusal(
                "previous", value: path,
                expected: "finite centres of \(rows.columnCount) columns, as the vectors have, found "
                    + "\(centres.rowCount) x \(centres.columnCount) values")
        }
        return centres
    }

    /// Puts what was asked for in its place, together. `merges`: the text of that option's file.
    static func write(_ parsed: ParsedCommand, labels: [Int32], centres: DenseMatrix, merges: String? = nil) throws {
        var files = OutputFiles()
        if let path = parsed.optionalString("labels") { try files.add(labels.map { "\($0)\n" }.joined(), at: path) }
        if let path = parsed.optionalString("centres") { try files.add(VectorFile.npy(centres), at: path) }
        if let merges, let path = parsed.optionalString("merges") { try files.add(merges, at: path) }
        try files.publish()
    }

    private static func matrix(_ path: String) throws -> DenseMatrix {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw RunFailure(description: "cannot read \(path): \(error)")
        }
        return try VectorFile.parseNpy(data, name: path)
    }
}
