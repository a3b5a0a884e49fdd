import CommandLineInterface
import Embeddings
import IndexBuilding
import Interactions
import KeyValueStore

/// What makes vectors from text.
enum Embedder: String, CaseIterable {
    case tfidf
    case minilm
}

/// `--embedder` with `--model-directory`.
enum EmbedderOption {
    /// The model's directory; nil for TF-IDF, which needs none.
    static func modelDirectory(_ parsed: ParsedCommand) throws -> String? {
        let embedder = try parsed.choice("embedder", of: Embedder.self)
        let directory = parsed.optionalString("model-directory")
        switch (embedder, directory) {
        case (.tfidf, nil): return nil
        case (.tfidf, _?):
            throw UsageError(
                code: .badValue, operation: parsed.operation,
                text: "'--model-directory' goes with '--embedder minilm' only.")
        case (.minilm, nil):
            throw UsageError(
                code: .missingOption, operation: parsed.operation,
                text: "'--embedder minilm' needs the model: --model-directory DIR, made by Tools/fetch-minilm.")
        case (.minilm, let directory?): return directory
        }
    }

    static func encoder(in directory: String) throws -> SentenceEncoder {
        try unsafe ModelDirectory.read(directory) { bytes in unsafe Checksum.of(bytes) }
    }
}

/// Item vectors from elsewhere than the built-in TF-IDF.
enum ItemVectorSource {
    /// Reads or computes the vectors that `inputs` ask for and notes in `configuration` what made them; nil: TF-IDF.
    static func vectors(
        _ inputs: BuildInputs, of loaded: LoadedInputs, configuration: inout BuildConfiguration,
        _ parsed: ParsedCommand, _ observer: ProgressObserver
    ) throws -> ItemVectors? {
        let items = loaded.items
        if inputs.modelDirectoryPath != nil {
            return try vectors(
                byModelIn: inputs.modelDirectoryPath, of: items, configuration: &configuration, observer)
        }
        guard let path = inputs.vectorsPath else { return nil }
        configuration.embedder = "vectors"
        let vectors = try read(path, ids: inputs.vectorIdsPath, configuration)
        var known = loaded.log.items
        for item in items { known.intern(item.id) }
        try JoinCheck.check(
            KeyJoin("items", known, "items with a vector", IdentifierTable(vectors.ids)), parsed, observer)
        return vectors
    }

    private static func read(
        _ path: String, ids: String?, _ configuration: BuildConfiguration
    ) throws -> ItemVectors {
        guard path.hasSuffix(".npy") else {
            return try VectorFile.read(jsonLines: path, threadCount: configuration.threadCount)
        }
        guard let ids else {
            throw UsageError(
                code: .badValue, operation: "foretaste build",
                text: "an .npy file has no ids: name a file with one id a line by --vector-ids.")
        }
        return try VectorFile.read(npy: path, ids: ids)
    }

    /// Those of the sentence encoder in `directory`, noted in `configuration`; nil without a directory.
    static func vectors(
        byModelIn directory: String?, of items: [Item], configuration: inout BuildConfiguration,
        _ observer: ProgressObserver
    ) throws -> ItemVectors? {
        guard let directory else { return nil }
        let encoder = try EmbedderOption.encoder(in: directory)
        configuration.embedder = "\(Embedder.minilm.rawValue) \(encoder.fingerprint)"
        return try encode(items, by: encoder, threadCount: configuration.threadCount, observer)
    }

    /// The vectors of the items that have a text; the first of a repeated item counts.
    private static func encode(
        _ items: [Item], by encoder: SentenceEncoder, threadCount: Int, _ observer: ProgressObserver
    ) throws -> ItemVectors {
        var (ids, texts): ([String], [String]) = ([], [])
        var seen = Set<String>()
        for item in items where seen.insert(item.id).inserted {
            let text = ItemWords.text(of: item)
            guard !text.isEmpty else { continue }
            ids.append(item.id)
            texts.append(text)
        }
        observer.counting(
            "embed \(items.count) items by \(Embedder.minilm.rawValue)", total: texts.count, unit: "texts")
        let vectors = try encoder.encode(texts, threadCount: threadCount) { done in
            observer.progress(done: done, total: texts.count)
        }
        return try ItemVectors(ids: ids, vectors: vectors)
    }
}
