#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reads a directory with `config.json`, `vocab.txt` and `model.safetensors`, as `Tools/fetch-minilm` makes it.
package enum ModelDirectory {
    /// - Parameter checksum: of the bytes of a file; the three files' make the encoder's `fingerprint`.
    package static func read(
        _ path: String, checksum: (UnsafeRawBufferPointer) -> UInt64
    ) throws(ModelFileError) -> SentenceEncoder {
        let configurationBytes = try bytes(of: "config.json", in: path)
        let configuration = try configuration(configurationBytes, name: "\(path)/config.json")
        let vocabularyBytes = try bytes(of: "vocab.txt", in: path)
        let vocabulary = try vocabulary(vocabularyBytes, name: "\(path)/vocab.txt")
        guard vocabulary.count == configuration.vocabularySize else {
            throw ModelFileError(
                .badVocabulary, operation: "read \(path)/vocab.txt",
                expected: "\(configuration.vocabularySize) pieces, as config.json says",
                found: "\(vocabulary.count)", remedy: "Use the vocab.txt that belongs to the model.")
        }
        let weightBytes = try bytes(of: "model.safetensors", in: path)
        let file = try SafetensorsFile(weightBytes, name: "\(path)/model.safetensors")
        let sums = [configurationBytes, vocabularyBytes, weightBytes].map { data in
            let sum = unsafe data.withUnsafeBytes { bytes in unsafe checksum(bytes) }
            let digits = String(sum, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return SentenceEncoder(
            tokenizer: try WordPieceTokenizer(
                vocabulary: vocabulary,
                maximumPieceCount: min(SentenceEncoder.maximumPieceCount, configuration.positionCount)),
            weights: try BertWeights(file, configuration: configuration), fingerprint: sums.joined(separator: "-"))
    }

    /// One piece a line.
    private static func vocabulary(_ data: Data, name: String) throws(ModelFileError) -> [String] {
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ModelFileError(
                .badVocabulary, operation: "read \(name)", expected: "UTF-8", found: "other bytes",
                remedy: "Use the vocab.txt that belongs to the model.")
        }
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            String(Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private struct ConfigurationFile: Decodable {
        let hiddenSize: Int
        let intermediateSize: Int
        let headCount: Int
        let layerCount: Int
        let vocabularySize: Int
        let positionCount: Int
        let typeCount: Int
        let layerNormEpsilon: Double
        let activation: String
        let positionKind: String?

        private enum CodingKeys: String, CodingKey {
            case hiddenSize = "hidden_size"
            case intermediateSize = "intermediate_size"
            case headCount = "num_attention_heads"
            case layerCount = "num_hidden_layers"
            case vocabularySize = "vocab_size"
            case positionCount = "max_position_embeddings"
            case typeCount = "type_vocab_size"
            case layerNormEpsilon = "layer_norm_eps"
            case activation = "hidden_act"
            case positionKind = "position_embedding_type"
        }
    }

    private static func configuration(_ data: Data, name: String) throws(ModelFileError) -> BertConfiguration {
        let file: ConfigurationFile
        do {
            file = try JSONDecoder().decode(ConfigurationFile.self, from: data)
        } catch {
            throw ModelFileError(
                .badConfiguration, operation: "read \(name)", expected: "JSON with the sizes of a BERT model",
                found: FileReading.found(error), remedy: "Use the config.json that belongs to the model.")
        }
        guard file.activation == "gelu", file.positionKind ?? "absolute" == "absolute" else {
            throw ModelFileError(
                .badConfiguration, operation: "read \(name)", expected: "gelu and absolute positions",
                found: "\(file.activation) and \(file.positionKind ?? "absolute")",
                remedy: "Only models of this kind are supported, all-MiniLM-L6-v2 first of all.")
        }
        return try BertConfiguration(
            hiddenSize: file.hiddenSize, intermediateSize: file.intermediateSize,
            headCount: file.headCount, layerCount: file.layerCount,
            vocabularySize: file.vocabularySize, positionCount: file.positionCount,
            typeCount: file.typeCount, layerNormEpsilon: Float(file.layerNormEpsilon))
    }

    private static func bytes(of file: String, in path: String) throws(ModelFileError) -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(file)"), options: .mappedIfSafe)
        } catch {
            throw ModelFileError(
                .cannotRead, operation: "read \(path)/\(file)", expected: "a readable file",
                found: "that \(FileReading.found(error))",
                remedy: "Name a directory that Tools/fetch-minilm has made.")
        }
    }
}
