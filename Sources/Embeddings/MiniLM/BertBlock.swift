import LinearAlgebra

// A block of texts goes through the layers as one matrix, one text's pieces below the other's, so that no piece is padding
// and the products are large:
//
//     pieces [n] ─▶ words + positions ─▶ norm ─▶ H [n x hidden]
//     each layer:   H Wqkv' ─▶ [n x 3 hidden] ─▶ attention inside each text, head by head ─▶ C [n x hidden]
//                   H = norm(H + C Wo')          H = norm(H + gelu(H Wi') Wu')
//     mean of each text's rows ─▶ unit length
//
// Only attention (texts are short: L x L for each head) is cut by text.

/// One thread's memory for a block. Owned by `SentenceEncoder.encode`, which gives it to one thread at a time.
@safe final class BertBlock {
    private let weights: BertWeights
    /// Pieces that fit.
    private let capacity: Int
    private let hidden: UnsafeMutablePointer<Float>
    private let other: UnsafeMutablePointer<Float>
    /// Queries, keys and values, or the inner rows of the feed-forward part.
    private let wide: UnsafeMutablePointer<Float>
    private let context: UnsafeMutablePointer<Float>
    /// One head's scores of one text.
    private let scores: UnsafeMutablePointer<Float>
    private let zeros: [Float]

    init(_ weights: BertWeights, capacity: Int, longestText: Int) {
        let size = weights.configuration.hiddenSize
        self.weights = weights
        self.capacity = capacity
        unsafe hidden = .allocate(capacity: capacity * size)
        unsafe other = .allocate(capacity: capacity * size)
        unsafe wide = .allocate(capacity: capacity * max(3 * size, weights.configuration.intermediateSize))
        unsafe context = .allocate(capacity: capacity * size)
        unsafe scores = .allocate(capacity: longestText * Self.padded(longestText))
        zeros = Array(repeating: 0, count: size)
    }

    deinit {
        unsafe hidden.deallocate()
        unsafe other.deallocate()
        unsafe wide.deallocate()
        unsafe context.deallocate()
        unsafe scores.deallocate()
    }

    /// Writes the unit vectors of `texts` (pieces; none without one), hidden size values each, one after the other.
    func encode(_ texts: ArraySlice<[Int32]>, into output: UnsafeMutablePointer<Float>) {
        let count = texts.reduce(0) { $0 + $1.count }
        precondition(count <= capacity)
        embed(texts)
        for layer in weights.layers {
            attend(texts, count: count, layer)
            feedForward(count: count, layer)
        }
        let size = weights.configuration.hiddenSize
        var row = 0
        for (position, text) in texts.enumerated() {
            unsafe Self.pool(hidden + row * size, count: text.count, size: size, into: output + position * size)
            row += text.count
        }
    }

    private func embed(_ texts: ArraySlice<[Int32]>) {
        let size = weights.configuration.hiddenSize
        unsafe weights.words.withUnsafeBufferPointer { words in
            unsafe weights.positions.withUnsafeBufferPointer { positions in
                guard let words = words.baseAddress, let positions = positions.baseAddress else { return }
                var row = unsafe hidden
                for text in texts {
                    for (position, piece) in text.enumerated() {
                        unsafe row.update(from: words + Int(piece) * size, count: size)
                        unsafe normalise(
                            row, 1, residual: positions + position * size, bias: zeros, weights.embeddingNorm)
                        unsafe row += size
                    }
                }
            }
        }
    }

    /// `H = norm(H + attention(H))`.
    private func attend(_ texts: ArraySlice<[Int32]>, count: Int, _ layer: BertWeights.Layer) {
        let size = weights.configuration.hiddenSize
        for row in 0..<count {
            unsafe (wide + row * 3 * size).update(from: layer.queryKeyValue.bias, count: 3 * size)
        }
        unsafe multiply(hidden, layer.queryKeyValue, rows: count, inputs: size, into: wide, keep: 1)
        var first = 0
        for text in texts {
            attendInside(rows: first..<first + text.count)
            first += text.count
        }
        unsafe multiply(context, layer.attentionOutput, rows: count, inputs: size, into: other)
        unsafe normalise(other, count, residual: hidden, bias: layer.attentionOutput.bias, layer.attentionNorm)
        unsafe hidden.update(from: other, count: count * size)
    }

    /// Each head's `softmax(Q K' / sqrt(d)) V` (Vaswani et al. 2017, section 3.2) of one text.
    private func attendInside(rows: Range<Int>) {
        let size = weights.configuration.hiddenSize
        let headSize = size / weights.configuration.headCount
        let length = rows.count
        let stride = Self.padded(length)
        let start = unsafe wide + rows.lowerBound * 3 * size
        for head in 0..<weights.configuration.headCount {
            let query = unsafe start + head * headSize
            unsafe BLAS.multiply(
                .init(query, stride: 3 * size), .init(query + size, stride: 3 * size, transposed: true),
                into: scores, stride: stride, rows: length, columns: length, inner: headSize,
                scale: 1 / Float(headSize).squareRoot())
            for row in 0..<length {
                let scores = unsafe scores + row * stride
                for column in length..<stride { unsafe scores[column] = -1e30 }
                unsafe ActivationKernels.softmax(scores, count: stride)
            }
            unsafe BLAS.multiply(
                .init(scores, stride: stride), .init(query + 2 * size, stride: 3 * size),
                into: context + rows.lowerBound * size + head * headSize, stride: size, rows: length,
                columns: headSize, inner: length)
        }
    }

    /// `H = norm(H + gelu(H Wi' + bi) Wu' + bu)`.
    private func feedForward(count: Int, _ layer: BertWeights.Layer) {
        let size = weights.configuration.hiddenSize
        let innerSize = weights.configuration.intermediateSize
        unsafe multiply(hidden, layer.intermediate, rows: count, inputs: size, into: wide)
        for row in 0..<count {
            unsafe ActivationKernels.addBiasAndGELU(
                wide + row * innerSize, bias: layer.intermediate.bias, count: innerSize)
        }
        unsafe multiply(wide, layer.output, rows: count, inputs: innerSize, into: other)
        unsafe normalise(other, count, residual: hidden, bias: layer.output.bias, layer.outputNorm)
        unsafe hidden.update(from: other, count: count * size)
    }

    private func multiply(
        _ input: UnsafeMutablePointer<Float>, _ linear: BertWeights.Linear, rows: Int, inputs: Int,
        into output: UnsafeMutablePointer<Float>, keep: Float = 0
    ) {
        unsafe linear.matrix.withUnsafeBufferPointer { matrix in
            guard let matrix = matrix.baseAddress else { return }
            unsafe BLAS.multiply(
                .init(input, stride: inputs), .init(matrix, stride: inputs, transposed: true), into: output,
                stride: linear.bias.count, rows: rows, columns: linear.bias.count, inner: inputs, keep: keep)
        }
    }

    private func normalise(
        _ rows: UnsafeMutablePointer<Float>, _ count: Int, residual: UnsafePointer<Float>, bias: [Float],
        _ norm: BertWeights.Norm
    ) {
        let size = weights.configuration.hiddenSize
        for row in 0..<count {
            unsafe ActivationKernels.addAndNormalise(
                rows + row * size, residual: residual + row * size, bias: bias, scale: norm.scale, shift: norm.shift,
                epsilon: weights.configuration.layerNormEpsilon, count: size)
        }
    }

    /// The mean of `count` rows at unit length.
    private static func pool(
        _ rows: UnsafeMutablePointer<Float>, count: Int, size: Int, into output: UnsafeMutablePointer<Float>
    ) {
        var square = 0.0
        for column in 0..<size {
            var sum = 0.0
            for row in 0..<count { unsafe sum += Double(rows[row * size + column]) }
            let mean = sum / Double(count)
            unsafe output[column] = Float(mean)
            square += mean * mean
        }
        let factor = square > 0 ? Float(1 / square.squareRoot()) : 0
        for column in 0..<size { unsafe output[column] *= factor }
    }

    private static func padded(_ count: Int) -> Int {
        (count + ActivationKernels.width - 1) / ActivationKernels.width * ActivationKernels.width
    }
}
