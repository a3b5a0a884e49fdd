import Embeddings
import LinearAlgebra
import TestSupport
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite struct ModelDirectoryTests {
    /// The error of reading a tiny model with some part changed.
    func error(
        weights: Data = TinyModel.safetensors(), configuration: String = TinyModel.configuration,
        vocabulary: [String] = TinyModel.vocabulary
    ) throws -> ModelFileError? {
        let folder = try TemporaryDirectory()
        try TinyModel.write(to: folder.path, weights: weights, configuration: configuration, vocabulary: vocabulary)
        return #expect(throws: ModelFileError.self) { try TinyModel.read(folder.path) }
    }

    @Test func fingerprintIsOfAllThreeFiles() throws {
        let encoder = try TinyModel.encoder()
        let sizes = [
            TinyModel.configuration.utf8.count, TinyModel.vocabulary.reduce(0) { $0 + $1.utf8.count + 1 },
            TinyModel.safetensors().count,
        ]
        #expect(encoder.fingerprint.split(separator: "-").map { Int($0, radix: 16) } == sizes)
    }

    @Test func missingFilesAreNamed() throws {
        let folder = try TemporaryDirectory()
        let error = #expect(throws: ModelFileError.self) { try TinyModel.read(folder.path) }
        #expect(error?.code == .cannotRead && error?.operation.hasSuffix("config.json") == true)
        #expect(error?.remedy.contains("Tools/fetch-minilm") == true)
    }

    @Test func damagedWeightsAreRefused() throws {
        let weights = TinyModel.safetensors()
        #expect(try error(weights: Data())?.code == .badHeader)
        #expect(try error(weights: weights.prefix(100))?.code == .badHeader)
        #expect(try error(weights: Data(repeating: 0xFF, count: 64))?.code == .badHeader)
        #expect(try error(weights: Data([4, 0, 0, 0, 0, 0, 0, 0]) + Data("abcd".utf8))?.code == .badHeader)
        #expect(try error(weights: weights.dropLast(1))?.code == .wrongSize)
        #expect(try error(weights: TinyModel.safetensors(type: "F16"))?.code == .unsupportedType)
        #expect(try error(weights: TinyModel.safetensors(firstValue: .nan))?.code == .notFinite)
    }

    @Test func weightsOfAnotherModelAreRefused() throws {
        func changed(_ old: String, _ new: String) -> String {
            TinyModel.configuration.replacing(old, with: new)
        }
        let shape = try error(configuration: changed("\"intermediate_size\": 16", "\"intermediate_size\": 24"))
        #expect(shape?.code == .wrongShape && shape?.expected == "shape [24, 8]" && shape?.found == "[16, 8]")
        let layers = try error(configuration: changed("layers\": 2", "layers\": 3"))
        #expect(layers?.code == .missingTensor && layers?.operation.contains("encoder.layer.2.") == true)
        #expect(try error(configuration: changed("\"gelu\"", "\"relu\""))?.code == .badConfiguration)
        #expect(try error(configuration: changed("heads\": 2", "heads\": 3"))?.code == .badConfiguration)
        #expect(
            try error(configuration: changed("\"hidden_size\": 8", "\"hidden_size\": -8"))?.code == .badConfiguration)
        #expect(try error(configuration: "{")?.code == .badConfiguration)
        #expect(try error(vocabulary: TinyModel.vocabulary.dropLast())?.code == .badVocabulary)
    }

    @Test func writtenVectorsAreReadAgain() throws {
        for columns in [1, 3, 384] {
            let matrix = DenseMatrix(
                rowCount: 2, columnCount: columns, values: (0..<2 * columns).map { Float($0) / 3 - 1 })
            let data = VectorFile.npy(matrix)
            #expect((data.count - 4 * matrix.values.count) % 64 == 0)
            #expect(try VectorFile.parseNpy(data, name: "x.npy") == matrix)
        }
    }
}
