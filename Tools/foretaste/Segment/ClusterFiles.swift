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
        .value("centres", "FILE", help: "Write the clusters' centres, .npy, of the vectors' type.").asOutput,
        .value(
            "previous", "FILE",
            help: "Centres that an earlier run wrote: clusters near them keep their numbers. Default: the largest is 0."
        ),
    ]

    /// The rows; of float64 they are centred in float64, by `means`, before they are cut.
    static func rows(_ parsed: ParsedCommand) throws -> (rows: DenseMatrix, means: [Double]?) {
        let path = try parsed.string("vectors")
        let (rows, means) = try VectorFile.parseNpy(try data(path), name: path, centres: true)
        return (rows, means)
    }

    /// Nil where the option is not given; else of as many columns as `rows`, less `means`.
    static func previous(_ parsed: ParsedCommand, _ rows: DenseMatrix, _ means: [Double]?) throws -> DenseMatrix? {
        guard let path = parsed.optionalString("previous") else { return nil }
        let data = try data(path)
        var centres = try VectorFile.parseNpy(data, name: path)
        guard centres.rowCount > 0, centres.columnCount == rows.columnCount, centres.values.allSatisfy(\.isFinite)
        else {
            throw parsed.refusal(
                "previous", value: path,
                expected: "finite centres of \(rows.columnCount) columns, as the vectors have, found "
                    + "\(centres.rowCount) x \(centres.columnCount) values")
        }
        if let means { centres = try VectorFile.parseNpy(data, name: path, less: means) }
        return centres
    }

    /// Puts what was asked for in its place, together. `merges`: the text of that option's file.
    static func write(
        _ parsed: ParsedCommand, labels: [Int32], centres: DenseMatrix, means: [Double]?, merges: String? = nil
    ) throws {
        var files = OutputFiles()
        if let path = parsed.optionalString("labels") { try files.add(labels.map { "\($0)\n" }.joined(), at: path) }
        if let path = parsed.optionalString("centres") {
            try files.add(VectorFile.npy(centres, means: means), at: path)
        }
        if let merges, let path = parsed.optionalString("merges") { try files.add(merges, at: path) }
        try files.publish()
    }

    /// Says that fewer clusters came of it than were asked for.
    static func tellFewer(_ count: Int, than asked: Int) {
        guard count < asked else { return }
        Terminal.standardError.write(
            "warning: \(count) clusters instead of \(asked), as there are only \(count) different rows\n")
    }

    private static func data(_ path: String) throws -> Data {
        do {
            return try Data(contentsOf: URL(filePath: path))
        } catch {
            throw RunFailure(description: "cannot read \(path): \(FileReading.reason(error))")
        }
    }
}
