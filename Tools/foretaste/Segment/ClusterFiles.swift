import CommandLineInterface
import Embeddings
import LinearAlgebra
import Segmentation
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
        .value("centres", "FILE", help: "Write the clusters' centres, .npy, of the vectors' type.").asOutput,
        .value(
            "previous", "FILE",
            help: "Centres that an earlier run wrote: clusters near them keep their numbers. Default: the largest is 0."
        ),
    ]

    /// The rows of `--vectors`.
    struct Rows {
        let matrix: DenseMatrix
        /// Of float64, what was taken from the columns before they were cut to float32.
        let origins: [Double]?
        private let data: Data
        private let path: String

        init(_ parsed: ParsedCommand) throws {
            path = try parsed.string("vectors")
            data = try VectorFile.bytes(of: path)
            (matrix, origins) = try VectorFile.parseNpy(data, name: path, centres: true)
        }

        /// Refuses clusters that are those of the rounding.
        func check(_ labels: [Int32]) throws {
            guard let origins else { return }
            let exact = try VectorFile.doubles(ofNpy: data, name: path)
            try CutLoss(exact: exact, rows: matrix, origins: origins, labels: labels).check()
        }
    }

    /// Nil where the option is not given; else of as many columns as `rows`, less their origins.
    static func previous(_ parsed: ParsedCommand, _ rows: Rows) throws -> DenseMatrix? {
        guard let path = parsed.optionalString("previous") else { return nil }
        let data = try VectorFile.bytes(of: path)
        var centres = try VectorFile.parseNpy(data, name: path)
        let width = rows.matrix.columnCount
        guard centres.rowCount > 0, centres.columnCount == width, centres.values.allSatisfy(\.isFinite) else {
            throw parsed.refusal(
                "previous", value: path,
                expected: "finite centres of \(width) columns, as the vectors have, found "
                    + "\(centres.rowCount) x \(centres.columnCount) values")
        }
        if let origins = rows.origins { centres = try VectorFile.parseNpy(data, name: path, less: origins) }
        return centres
    }

    /// Puts what was asked for in its place, together. `merges`: the text of that option's file.
    static func write(
        _ parsed: ParsedCommand, labels: [Int32], centres: DenseMatrix, of rows: Rows, merges: String? = nil
    ) throws {
        var files = OutputFiles()
        if let path = parsed.optionalString("labels") { try files.add(labels.map { "\($0)\n" }.joined(), at: path) }
        if let path = parsed.optionalString("centres") {
            try files.add(VectorFile.npy(centres, origins: rows.origins), at: path)
        }
        if let merges, let path = parsed.optionalString("merges") { try files.add(merges, at: path) }
        try files.publish()
    }

    /// Says that fewer clusters came of it than were asked for.
    static func tellFewer(_ count: Int, than asked: Int, what: String = "rows") {
        guard count < asked else { return }
        Terminal.standardError.write(
            "warning: \(count) clusters instead of \(asked), as there are only \(count) different \(what)\n")
    }
}
