package import LinearAlgebra

/// A sentence transformer: text to unit vectors whose dot product says how alike two texts' meanings are (Reimers and
/// Gurevych 2019, "Sentence-BERT"; all-MiniLM-L6-v2 after Wang et al. 2020, "MiniLM").
package struct SentenceEncoder: Sendable {
    /// Pieces of a text that count, both marks included: `max_seq_length` of all-MiniLM-L6-v2.
    package static let maximumPieceCount = 256
    /// Pieces of a block: large enough for quick matrix products, small enough that what is between the layers (5 MB) may
    /// stay within a shared cache. Other sizes were not timed.
    private static let blockPieceCount = 512
    /// Texts whose pieces are kept at a time, between two calls of `progress`.
    private static let sliceLength = 1024

    package let tokenizer: WordPieceTokenizer
    package let weights: BertWeights
    /// Of the files that the encoder was read from.
    package let fingerprint: String

    package init(tokenizer: WordPieceTokenizer, weights: BertWeights, fingerprint: String) {
        self.tokenizer = tokenizer
        self.weights = weights
        self.fingerprint = fingerprint
    }

    /// Unit vectors `[texts.count x hiddenSize]`. The result does not depend on `threadCount`. Memory beside it: about 6 MB
    /// for each thread. Throws where a vector is not finite, as weights of impossible sizes make them.
    ///
    /// - Parameter progress: called on the calling thread with the number of texts that are done.
    package func encode(
        _ texts: [String], threadCount: Int, progress: (Int) -> Void = { _ in }
    ) throws(ModelFileError) -> DenseMatrix {
        let size = weights.configuration.hiddenSize
        var vectors = DenseMatrix(zeros: texts.count, size)
        let blocks = (0..<max(threadCount, 1)).map { _ in
            BertBlock(
                weights, capacity: Self.blockPieceCount,
                longestText: min(Self.maximumPieceCount, weights.configuration.positionCount))
        }
        unsafe vectors.values.withUnsafeMutableBufferPointer { output in
            guard let output = output.baseAddress else { return }
            for first in stride(from: 0, to: texts.count, by: Self.sliceLength) {
                let slice = texts[first..<min(first + Self.sliceLength, texts.count)]
                let pieces = slice.map(tokenizer.pieces)
                let ranges = Self.blocks(of: pieces)
                Parallel.forEachBlock(blockCount: ranges.count, threadCount: threadCount) { block, worker in
                    let range = ranges[block]
                    unsafe blocks[worker].encode(pieces[range], into: output + (first + range.lowerBound) * size)
                }
                progress(slice.endIndex)
            }
        }
        if let wrong = vectors.values.firstIndex(where: { !$0.isFinite }) {
            throw ModelFileError(
                .notFinite, operation: "embed text \(wrong / size + 1)", expected: "a vector of finite numbers",
                found: "\(vectors.values[wrong]) in place \(wrong % size + 1)",
                remedy: "The model's weights are damaged: fetch the model again.")
        }
        return vectors
    }

    /// Runs of texts with at most `blockPieceCount` pieces together; they do not depend on the thread count.
    private static func blocks(of pieces: [[Int32]]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var (first, count) = (0, 0)
        for (position, text) in pieces.enumerated() {
            if count + text.count > blockPieceCount {
                ranges.append(first..<position)
                (first, count) = (position, 0)
            }
            count += text.count
        }
        if first < pieces.count { ranges.append(first..<pieces.count) }
        return ranges
    }
}
