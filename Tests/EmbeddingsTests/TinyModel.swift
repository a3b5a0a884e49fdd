import Embeddings
import TestSupport

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A BERT of two layers, small enough to be worked out elsewhere. Value k of the t-th tensor is
/// `((31 k² + 7919 k + 104729 t) mod 1009 - 504) / 504`.
struct TinyModel {
    static let vocabulary = [
        "[PAD]", "[CLS]", "[SEP]", "[UNK]", "##able", "un", "aff", "##aff", "cafe", "a", "b", "##b", "京", "!", "-",
        "한", "##d", "##e", "cd", "##f",
    ]
    static let configuration = """
        {"hidden_size": 8, "intermediate_size": 16, "num_attention_heads": 2, "num_hidden_layers": 2, "vocab_size": 20,
         "max_position_embeddings": 6, "type_vocab_size": 2, "layer_norm_eps": 1e-12, "hidden_act": "gelu"}
        """

    static let tensors: [(name: String, shape: [Int])] = {
        var tensors: [(name: String, shape: [Int])] = [
            ("embeddings.word_embeddings.weight", [20, 8]), ("embeddings.position_embeddings.weight", [6, 8]),
            ("embeddings.token_type_embeddings.weight", [2, 8]), ("embeddings.LayerNorm.weight", [8]),
            ("embeddings.LayerNorm.bias", [8]),
        ]
        for layer in 0..<2 {
            let name = "encoder.layer.\(layer)."
            for part in [
                "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
            ] {
                tensors += [("\(name)\(part).weight", [8, 8]), ("\(name)\(part).bias", [8])]
            }
            tensors += [
                ("\(name)attention.output.LayerNorm.weight", [8]), ("\(name)attention.output.LayerNorm.bias", [8]),
                ("\(name)intermediate.dense.weight", [16, 8]), ("\(name)intermediate.dense.bias", [16]),
                ("\(name)output.dense.weight", [8, 16]), ("\(name)output.dense.bias", [8]),
                ("\(name)output.LayerNorm.weight", [8]), ("\(name)output.LayerNorm.bias", [8]),
            ]
        }
        return tensors
    }()

    /// The bytes of a safetensors file of these tensors.
    static func safetensors(type: String = "F32", firstValue: Float? = nil) -> Data {
        var entries = ["\"__metadata__\": {\"format\": \"pt\"}"]
        var values = Data()
        for (number, tensor) in tensors.enumerated() {
            let start = values.count
            for k in 0..<tensor.shape.reduce(1, *) {
                var value = Float(Double((31 * k * k + 7919 * k + 104_729 * number) % 1009 - 504) / 504)
                if let firstValue, number == 0, k == 0 { value = firstValue }
                unsafe withUnsafeBytes(of: value.bitPattern.littleEndian) { unsafe values.append(contentsOf: $0) }
            }
            entries.append(
                "\"\(tensor.name)\": {\"dtype\": \"\(type)\", \"shape\": \(tensor.shape), "
                    + "\"data_offsets\": [\(start), \(values.count)]}")
        }
        let header = Data("{\(entries.joined(separator: ", "))}".utf8)
        let length = unsafe withUnsafeBytes(of: UInt64(header.count).littleEndian) { unsafe Data($0) }
        return length + header + values
    }

    static func write(
        to folder: String, weights: Data = safetensors(), configuration: String = configuration,
        vocabulary: [String] = vocabulary
    ) throws {
        let files = [
            "config.json": Data(configuration.utf8), "model.safetensors": weights,
            "vocab.txt": Data(vocabulary.map { $0 + "\n" }.joined().utf8),
        ]
        for (name, content) in files { try content.write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
    }

    static func encoder() throws -> SentenceEncoder {
        let folder = try TemporaryDirectory()
        try write(to: folder.path)
        return try read(folder.path)
    }

    static func read(_ folder: String) throws(ModelFileError) -> SentenceEncoder {
        try unsafe ModelDirectory.read(folder) { bytes in UInt64(bytes.count) }
    }
}
