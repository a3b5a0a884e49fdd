import Foundation
import LinearAlgebra
import Testing

@testable import Embeddings

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct SentenceEncoderTests {
    /// Pieces and vectors worked out by NumPy in float64 from the same weights.
    static let expected: [(text: String, pieces: [Int32], vector: [Float])] = [
        (
            "", [1, 2],
            [0.1407378, 0.4760592, -0.1574430, 0.2030643, -0.3690499, 0.1062893, 0.6792678, -0.2804229]
        ),
        (
            "UN", [1, 5, 2],
            [0.1714316, 0.4714365, -0.1359295, 0.1930407, -0.3645230, 0.0752961, 0.6959660, -0.2640116]
        ),
        (
            // The position of the sixth piece is the last that this model has: the seventh is cut.
            "unf unaff", [1, 5, 19, 5, 7, 2],
            [0.1619320, 0.4750540, -0.1457795, 0.1956853, -0.3665118, 0.0876467, 0.6880383, -0.2704585]
        ),
    ]

    @Test func vectorsEqualThoseOfAnIndependentComputation() throws {
        let encoder = try TinyModel.encoder()
        let vectors = try encoder.encode(Self.expected.map(\.text), threadCount: 1)
        #expect(vectors.rowCount == 3 && vectors.columnCount == 8)
        for (row, (text, pieces, vector)) in Self.expected.enumerated() {
            #expect(encoder.tokenizer.pieces(of: text) == pieces)
            for column in 0..<8 { #expect(abs(vectors[row, column] - vector[column]) < 2e-6, "\(text) \(column)") }
        }
        #expect(encoder.tokenizer.pieces(of: "unf unaff a a a") == Self.expected[2].pieces)
    }

    @Test func threadsAndNeighboursInABlockChangeNothing() throws {
        let encoder = try TinyModel.encoder()
        let words = ["un", "unaffable a", "", "cafe!", "a b a b a b", "京"]
        let texts = (0..<2500).map { words[$0 * $0 % 7 % words.count] }
        var steps: [Int] = []
        let one = try encoder.encode(texts, threadCount: 1) { steps.append($0) }
        #expect(steps == [1024, 2048, 2500])
        #expect(try encoder.encode(texts, threadCount: 2) == one)
        for row in stride(from: 0, to: 2500, by: 97) {
            let alone = try encoder.encode([texts[row]], threadCount: 1)
            for column in 0..<8 { #expect(abs(alone[0, column] - one[row, column]) < 1e-6) }
        }
        #expect(try encoder.encode([], threadCount: 2) == DenseMatrix(zeros: 0, 8))
    }

    @Test func kernelsAgreeWithTheMathematicsLibrary() {
        var worst = (exponential: 0.0, gelu: 0.0)
        for step in stride(from: 0, to: 80_000, by: 8) {
            var row = (0..<8).map { Float(step + $0) / 4000 - 10 }
            let powers = ActivationKernels.exponential(SIMD8(row.map { -8 * abs($0) }))
            for lane in 0..<8 {
                let exact = exp(Double(-8 * abs(row[lane])))
                worst.exponential = max(worst.exponential, abs(Double(powers[lane]) - exact) / exact)
            }
            let inputs = row
            unsafe ActivationKernels.addBiasAndGELU(&row, bias: [Float](repeating: 0, count: 8), count: 8)
            for lane in 0..<8 {
                let x = Double(inputs[lane])
                worst.gelu = max(worst.gelu, abs(Double(row[lane]) - x * 0.5 * erfc(-x / 2.0.squareRoot())))
            }
        }
        #expect(worst.exponential < 5e-7)
        #expect(worst.gelu < 1e-6)
        let floor = ActivationKernels.exponential(SIMD8(repeating: -1e30))
        #expect(floor[0] > 0 && floor[0] < 2e-38)
    }

    static let modelPath = ProcessInfo.processInfo.environment["FORETASTE_MINILM"]

    static func haveModel() -> Bool {
        if modelPath != nil { return true }
        FileHandle.standardError.write(
            Data("TEST SUPPORT: the test of the real all-MiniLM-L6-v2 is SKIPPED. Set FORETASTE_MINILM.\n".utf8))
        return false
    }

    /// Numbers of `Tools/check-minilm`'s reference: `tokenizers` 0.23.3 and onnxruntime 1.31.1.
    @Test(.enabled(if: haveModel(), "set FORETASTE_MINILM to a directory made by Tools/fetch-minilm"))
    func realModel() throws {
        let encoder = try TinyModel.read(try #require(Self.modelPath))
        let texts = ["A man is eating food.", "Café crème, 北京!", "SET OF 3 CAKE TINS PANTRY DESIGN"]
        #expect(
            texts.map(encoder.tokenizer.pieces) == [
                [101, 1037, 2158, 2003, 5983, 2833, 1012, 102], [101, 7668, 13675, 21382, 1010, 1781, 1755, 999, 102],
                [101, 2275, 1997, 1017, 9850, 9543, 2015, 27796, 2640, 102],
            ])
        let vectors = try encoder.encode(texts, threadCount: 2)
        let starts: [[Float]] = [
            [0.03324159, 0.00440612, -0.00627698, 0.04837873], [0.06545231, -0.02104415, 0.01924352, -0.01559853],
            [0.01265657, 0.06759354, -0.10207608, -0.03401935],
        ]
        for (row, start) in starts.enumerated() {
            for (column, value) in start.enumerated() { #expect(abs(vectors[row, column] - value) < 2e-6) }
        }
        let products = vectors.multiplied(by: vectors, transposingOther: true, threadCount: 1)
        #expect(abs(products[0, 1] - 0.05691245) < 2e-6)
        #expect(abs(products[1, 2] - 0.12660274) < 2e-6)
    }
}
