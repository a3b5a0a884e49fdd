/// The sizes of a BERT model.
package struct BertConfiguration: Sendable, Equatable {
    /// A multiple of 8 (the kernels' width) and of `headCount`.
    package let hiddenSize: Int
    package let intermediateSize: Int
    package let headCount: Int
    package let layerCount: Int
    package let vocabularySize: Int
    package let positionCount: Int
    package let typeCount: Int
    package let layerNormEpsilon: Float

    /// Above this, a size is a damaged file's, not a model's: the largest BERT has 4,096.
    private static let maximumSize = 1 << 20

    package init(
        hiddenSize: Int, intermediateSize: Int, headCount: Int, layerCount: Int, vocabularySize: Int,
        positionCount: Int, typeCount: Int, layerNormEpsilon: Float
    ) throws(ModelFileError) {
        let sizes = [
            hiddenSize, intermediateSize, headCount, layerCount, vocabularySize, positionCount, typeCount,
        ]
        guard sizes.allSatisfy({ (1...Self.maximumSize).contains($0) }), positionCount >= 2,
            hiddenSize % headCount == 0, hiddenSize % 8 == 0, intermediateSize % 8 == 0, layerNormEpsilon > 0,
            layerNormEpsilon <= 1
        else {
            throw ModelFileError(
                .badConfiguration, operation: "take the sizes of the model",
                expected: "a hidden size that is a multiple of 8 and of the heads, positive sizes up to "
                    + "\(Self.maximumSize), and an epsilon above 0 and up to 1",
                found: "\(sizes) and \(layerNormEpsilon)", remedy: "Use the config.json that belongs to the model.")
        }
        self.hiddenSize = hiddenSize
        self.intermediateSize = intermediateSize
        self.headCount = headCount
        self.layerCount = layerCount
        self.vocabularySize = vocabularySize
        self.positionCount = positionCount
        self.typeCount = typeCount
        self.layerNormEpsilon = layerNormEpsilon
    }
}

/// The weights of a BERT model without its pooler. Matrices are `[outputs x inputs]`.
package struct BertWeights: Sendable {
    struct Linear: Sendable {
        let matrix: [Float]
        let bias: [Float]
    }

    struct Norm: Sendable {
        let scale: [Float]
        let shift: [Float]
    }

    struct Layer: Sendable {
        /// Queries, keys and values below each other: `[3 hidden x hidden]`.
        let queryKeyValue: Linear
        let attentionOutput: Linear
        let attentionNorm: Norm
        let intermediate: Linear
        let output: Linear
        let outputNorm: Norm
    }

    package let configuration: BertConfiguration
    /// `[vocabulary x hidden]`.
    let words: [Float]
    /// `[positions x hidden]`, the embedding of the first type, which is every single text's, added to each row.
    let positions: [Float]
    let embeddingNorm: Norm
    let layers: [Layer]

    package init(_ file: SafetensorsFile, configuration: BertConfiguration) throws(ModelFileError) {
        let hidden = configuration.hiddenSize
        func linear(_ name: String, _ outputs: Int, _ inputs: Int) throws(ModelFileError) -> Linear {
            Linear(
                matrix: try file.values("\(name).weight", shape: [outputs, inputs]),
                bias: try file.values("\(name).bias", shape: [outputs]))
        }
        func norm(_ name: String) throws(ModelFileError) -> Norm {
            Norm(
                scale: try file.values("\(name).weight", shape: [hidden]),
                shift: try file.values("\(name).bias", shape: [hidden]))
        }
        self.configuration = configuration
        words = try file.values(
            "embeddings.word_embeddings.weight", shape: [configuration.vocabularySize, hidden])
        let types = try file.values(
            "embeddings.token_type_embeddings.weight", shape: [configuration.typeCount, hidden])
        var positions = try file.values(
            "embeddings.position_embeddings.weight", shape: [configuration.positionCount, hidden])
        for index in positions.indices { positions[index] += types[index % hidden] }
        self.positions = positions
        embeddingNorm = try norm("embeddings.LayerNorm")
        var layers: [Layer] = []
        for number in 0..<configuration.layerCount {
            let layer = "encoder.layer.\(number)"
            let query = try linear("\(layer).attention.self.query", hidden, hidden)
            let key = try linear("\(layer).attention.self.key", hidden, hidden)
            let value = try linear("\(layer).attention.self.value", hidden, hidden)
            layers.append(
                Layer(
                    queryKeyValue: Linear(
                        matrix: query.matrix + key.matrix + value.matrix, bias: query.bias + key.bias + value.bias),
                    attentionOutput: try linear("\(layer).attention.output.dense", hidden, hidden),
                    attentionNorm: try norm("\(layer).attention.output.LayerNorm"),
                    intermediate: try linear(
                        "\(layer).intermediate.dense", configuration.intermediateSize, hidden),
                    output: try linear("\(layer).output.dense", hidden, configuration.intermediateSize),
                    outputNorm: try norm("\(layer).output.LayerNorm")))
        }
        self.layers = layers
    }
}
