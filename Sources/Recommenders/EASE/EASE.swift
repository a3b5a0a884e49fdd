package import LinearAlgebra

/// The closed-form linear autoencoder of Steck 2019, "Embarrassingly shallow autoencoders for sparse data":
/// B minimises |X - X B|^2 + l2 |B|^2 with a zero diagonal.
///
///     G = X'X + l2 I,  P = G^-1,  B_ij = -P_ij / P_jj,  B_jj = 0        X [users x items], B [items x items]
///
/// Only items with interactions take part. X is scaled first so that the mean of its squared non-zero values is 1: l2
/// then means the same whatever the unit of the weights. G, P and B share one dense matrix.
package enum EASE {
    /// How B becomes sparse: row = the item someone has, column = the item to recommend.
    package enum Truncation: Sendable, Equatable {
        /// The strongest values of each row: bounds the work of a request.
        case perRow(Int)
        /// The strongest values of each column: every item keeps the same amount of evidence for it.
        case perTarget(Int)

        var count: Int {
            switch self {
            case .perRow(let count), .perTarget(let count): count
            }
        }
    }

    package struct Configuration: Sendable, Equatable {
        /// The automatic l2 in means of G's diagonal. On validation splits of five data sets 5 to 10 is best or near it.
        package static let automaticL2Factor: Double = 5
        /// Values kept of each row. Quality moves by less than its noise from here on.
        package static let defaultKeptCount = 400

        /// The regularisation, in the units of the scaled X; nil: `l2Factor` times the mean of G's diagonal.
        package var l2: Double?
        /// In means of G's diagonal, where `l2` is nil.
        package var l2Factor: Double
        package var truncation: Truncation

        package init(
            l2: Double? = nil, l2Factor: Double = automaticL2Factor,
            truncation: Truncation = .perRow(defaultKeptCount)
        ) {
            self.l2 = l2
            self.l2Factor = l2Factor
            self.truncation = truncation
        }
    }

    /// Peak memory of `train` beside the interactions: the dense matrix, the truncated one twice, and the Gram sums.
    package static func estimatedBytes(
        itemCount: Int, configuration: Configuration = .init(), threadCount: Int = 1
    ) -> Int {
        let dense = itemCount * itemCount * MemoryLayout<Float>.stride
        let kept = min(configuration.truncation.count, itemCount)
        let sparse = itemCount * kept * (MemoryLayout<Float>.stride + MemoryLayout<Int32>.stride)
        return dense + 2 * sparse + itemCount * threadCount * MemoryLayout<Double>.stride
    }

    /// From interactions `[userCount x itemCount]` the truncated B `[itemCount x itemCount]`. Weights may be negative.
    /// Time: half the sum of the squared history lengths, plus n^3 multiply-adds for n items with interactions.
    package static func train(
        _ interactions: SparseMatrix, configuration: Configuration = .init(), threadCount: Int
    ) throws(LinearAlgebraError) -> SparseMatrix {
        let warm = try WarmColumns(scaling: interactions, operation: "train EASE")
        let n = warm.items.count
        var matrix = DenseMatrix(zeros: n, n)
        warm.matrix.writeGram(into: &matrix, threadCount: threadCount)
        let l2 = Float(configuration.l2 ?? configuration.l2Factor * matrix.meanOfDiagonal)
        for index in 0..<n { matrix[index, index] += l2 }
        try SymmetricInverse.invert(&matrix, threadCount: threadCount)
        turnIntoWeights(&matrix, threadCount: threadCount)
        let truncated =
            switch configuration.truncation {
            case .perRow(let count): matrix.keepingLargest(perRow: count, threadCount: threadCount)
            case .perTarget(let count): matrix.keepingLargest(perColumn: count, threadCount: threadCount)
            }
        return warm.spread(truncated)
    }

    /// P becomes B.
    private static func turnIntoWeights(_ matrix: inout DenseMatrix, threadCount: Int) {
        let n = matrix.rowCount
        let factors = (0..<n).map { -1 / matrix[$0, $0] }
        unsafe matrix.values.withUnsafeMutableBufferPointer { values in
            unsafe factors.withUnsafeBufferPointer { factors in
                guard let start = values.baseAddress, let factors = factors.baseAddress else { return }
                Parallel.forEachRange(of: n, blockSize: 64, threadCount: threadCount) { rows, _ in
                    for row in rows {
                        let target = unsafe start + row * n
                        for column in 0..<n { unsafe target[column] *= factors[column] }
                        unsafe target[row] = 0
                    }
                }
            }
        }
    }
}
