import CommandLineInterface
import Embeddings
import Interactions
import LinearAlgebra
import StoredFiles

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `foretaste embed`
enum EmbedCommand {
    static let command = Command(
        name: "embed", summary: "Turn texts into vectors with a sentence encoder.",
        discussion: """
            Vectors have unit length: the product of two says how alike their texts' meanings are. The output is a NumPy \
            file, a row for each line of the input.
            """,
        options: [
            .value("embedder", "NAME", default: "minilm", help: "minilm: all-MiniLM-L6-v2."),
            .required("model-directory", "DIR", help: "The embedder's model, as Tools/fetch-minilm makes it."),
            .required("texts", "FILE", help: "One text a line; with --json-lines one JSON string a line."),
            .flag("json-lines", help: "Lines are JSON strings, which may hold line breaks."),
            .required("output", "FILE", help: "The vectors, .npy, float32.").asOutput,
            .value("pieces", "FILE", help: "Write the numbers of each text's word pieces as well, a text a line.")
                .asOutput,
            .value("threads", "N", help: "Threads. Default: one per core. The result does not depend on it."),
            .flag("quiet", short: "q", help: "No progress."),
            .flag("json", help: "Counts and times as JSON on standard output."),
        ],
        examples: [
            .init(
                "foretaste embed --model-directory minilm --texts titles.txt --output titles.npy",
                "A vector of each line of titles.txt.")
        ])

    static func run(_ parsed: ParsedCommand) throws {
        guard let directory = try EmbedderOption.modelDirectory(parsed) else {
            throw parsed.refusal("embedder", value: Embedder.tfidf.rawValue, expected: Embedder.minilm.rawValue)
        }
        let threadCount = try parsed.optionalInteger("threads", in: 1...1024) ?? Machine.current.coreCount
        let texts = try readTexts(try parsed.string("texts"), areJSON: parsed.flag("json-lines"))
        let clock = ContinuousClock()
        let start = clock.now
        let encoder = try EmbedderOption.encoder(in: directory)
        let loaded = clock.now
        let bar = ProgressBar.standardError(quiet: parsed.flag("quiet"))
        bar.begin("embed", total: texts.count, unit: "texts")
        let vectors = try encoder.encode(texts, threadCount: threadCount) { bar.advance(to: $0) }
        bar.end()
        try check(vectors, directory: directory)
        let end = clock.now
        var files = OutputFiles()
        try files.add(VectorFile.npy(vectors), at: try parsed.string("output"))
        if let path = parsed.optionalString("pieces") {
            let lines = texts.map { text in
                encoder.tokenizer.pieces(of: text).map(String.init).joined(separator: " ") + "\n"
            }
            try files.add(lines.joined(), at: path)
        }
        try files.publish()
        guard parsed.flag("json") else { return }
        Terminal.standardOutput.write(
            JSONText.object([
                .init("texts", .integer(texts.count)), .init("dimension", .integer(vectors.columnCount)),
                .init("threads", .integer(threadCount)), .init("kernels", .string(BLAS.coreName)),
                .init("loadSeconds", .number((loaded - start) / .seconds(1))),
                .init("seconds", .number((end - loaded) / .seconds(1))),
            ]).indented + "\n")
    }

    /// A text always has a vector, if only of its beginning and its end: where one has none, the model's weights are no model's.
    private static func check(_ vectors: DenseMatrix, directory: String) throws {
        for row in 0..<vectors.rowCount {
            let values = vectors.values[row * vectors.columnCount..<(row + 1) * vectors.columnCount]
            if values.contains(where: { $0 != 0 }) { continue }
            throw RunFailure(
                description:
                    "\(directory): the model gives line \(row + 1) a vector of length 0, so its weights are zeros or "
                    + "damaged; fetch the model again. Nothing was written.")
        }
    }

    private static func readTexts(_ path: String, areJSON: Bool) throws -> [String] {
        let data = Data(try WholeFile.text(path).utf8)
        var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard areJSON else {
            return lines.map { String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self) }
        }
        let decoder = JSONDecoder()
        return try lines.enumerated().map { number, line in
            do {
                return try decoder.decode(String.self, from: line)
            } catch {
                throw RunFailure(description: "\(path), line \(number + 1): expected a JSON string")
            }
        }
    }
}
