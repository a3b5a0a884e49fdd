package import LinearAlgebra

// A linear item-item model that knows order. X [users x items] are whole histories; every cut of a history between two of
// its steps (distinct moments) adds a row to S and T:
//
//     step         0    1    2 | 3    4          cut before step 3
//     S            p^2  p    1                   the past, older steps fading by `past`
//     T                          1    f          what came after, later steps fading by `futureRate`
//
//     B minimises a |X - X B|^2 + (1 - a) |T - S B|^2 + l2 |B|^2 with a zero diagonal:
//
//     G = a X'X + (1 - a) S'S      P = (G + l2 I)^-1
//     R = a X'X + (1 - a) S'T      B_ij = (P R)_ij - P_ij (P R)_jj / P_jj
//
// With a = 1 that is EASE exactly. The paper solves with a bound on the diagonal instead of a zero one, since its sessions
// repeat items; here seen items are not recommended.
//
// S and T are never made. A pair of items in a history adds to S'S and S'T what follows from their steps alone
// (`StepKernel`), so that all cuts together cost as much as X'X does. Two dense matrices: G, which becomes P, and R' with a
// row for every target, which becomes B'.

/// The session-aware linear item-item model of Choi, Kim, Lee, Shim, Lee 2021, "Session-aware Linear Item-Item Models for
/// Session-based Recommendation" (SLIST).
package enum SLIST {
    /// The defaults were the best or near it on validation splits of films and cosmetics (decision 0015).
    package struct Configuration: Sendable, Equatable {
        /// a: the share of whole histories, in which order means nothing; in 0...1.
        package var alpha: Double
        /// How older steps fade before a cut.
        package var past: HistoryDecay
        /// What each further step after a cut counts of the one before, in 0...1.
        package var futureRate: Double
        /// The regularisation, in the units of the scaled X; nil: `l2Factor` times the mean of G's diagonal.
        package var l2: Double?
        /// In means of G's diagonal, where `l2` is nil.
        package var l2Factor: Double
        /// Sources kept of every target, the strongest.
        package var keptPerTarget: Int

        package init(
            alpha: Double = 0.2, past: HistoryDecay = HistoryDecay(floor: 0, rate: 0.7), futureRate: Double = 0.7,
            l2: Double? = nil, l2Factor: Double = 2, keptPerTarget: Int = 400
        ) {
            precondition((0...1).contains(alpha) && (0...1).contains(futureRate) && keptPerTarget >= 1)
            self.alpha = alpha
            self.past = past
            self.futureRate = futureRate
            self.l2 = l2
            self.l2Factor = l2Factor
            self.keptPerTarget = keptPerTarget
        }
    }

    /// Rows of B' that one thread makes at a time: sgemm is at its speed with so many.
    private static let panelRowCount = 512

    /// An upper bound of the peak memory of `train` beside the interactions, of which it takes two copies: two dense
    /// matrices, the truncated one twice, and per thread a panel and two rows of sums.
    package static func estimatedBytes(
        itemCount: Int, configuration: Configuration = .init(), threadCount: Int = 1
    ) -> Int {
        let dense = itemCount * itemCount * MemoryLayout<Float>.stride
        let kept = min(configuration.keptPerTarget, itemCount)
        let sparse = itemCount * kept * (MemoryLayout<Float>.stride + MemoryLayout<Int32>.stride)
        let panel = min(panelRowCount, itemCount) * itemCount * MemoryLayout<Float>.stride
        let sums = 2 * itemCount * MemoryLayout<Double>.stride
        return 2 * dense + 2 * sparse + threadCount * (panel + sums)
    }

    /// From interactions `[userCount x itemCount]` the truncated B `[itemCount x itemCount]`: row = an item someone has,
    /// column = the item to recommend. Weights may be negative.
    ///
    /// - Parameter steps: for every stored interaction the rank of its moment among those of its user, 0 the oldest.
    ///
    /// Time: the sum of the squared history lengths, plus 3 n^3 multiply-adds for n items with interactions.
    package static func train(
        _ interactions: SparseMatrix, steps: [Int32], configuration: Configuration = .init(), threadCount: Int
    ) throws(LinearAlgebraError) -> SparseMatrix {
        precondition(steps.count == interactions.storedCount)
        let warm = try WarmColumns(scaling: interactions, operation: "train SLIST")
        let histories = OrderedHistories(
            matrix: warm.matrix, steps: zip(interactions.values, steps).filter { $0.0 != 0 }.map { $0.1 })
        var (gram, targets) = histories.products(configuration, threadCount: threadCount)
        let l2 = Float(configuration.l2 ?? configuration.l2Factor * gram.meanOfDiagonal)
        for index in 0..<gram.rowCount { gram[index, index] += l2 }
        try SymmetricInverse.invert(&gram, threadCount: threadCount)
        solve(&targets, inverse: gram, threadCount: threadCount)
        let truncated = targets.keepingLargest(perRow: configuration.keptPerTarget, threadCount: threadCount)
        return warm.spread(truncated.transposed())
    }

    /// R' becomes B': a panel of rows at a time, each made of its own copy and P.
    private static func solve(_ targets: inout DenseMatrix, inverse: DenseMatrix, threadCount: Int) {
        let n = inverse.rowCount
        let panelSize = min(panelRowCount, n) * n
        var panels = [Float](repeating: 0, count: max(threadCount, 1) * panelSize)
        unsafe targets.values.withUnsafeMutableBufferPointer { targets in
            unsafe panels.withUnsafeMutableBufferPointer { panels in
                unsafe inverse.withView { inverse in
                    guard let targets = targets.baseAddress, let panels = panels.baseAddress else { return }
                    Parallel.forEachRange(of: n, blockSize: panelRowCount, threadCount: threadCount) { rows, worker in
                        let output = unsafe targets + rows.lowerBound * n
                        let panel = unsafe panels + worker * panelSize
                        unsafe panel.update(from: output, count: rows.count * n)
                        unsafe BLAS.multiply(
                            .init(panel, stride: n), .init(inverse.values, stride: n), into: output, stride: n,
                            rows: rows.count, columns: n, inner: n)
                        for row in rows { unsafe clearDiagonal(of: targets + row * n, row: row, inverse) }
                    }
                }
            }
        }
    }

    /// Subtracts the multiple of P's row that leaves 0 for the item itself.
    @unsafe private static func clearDiagonal(
        of weights: UnsafeMutablePointer<Float>, row: Int, _ inverse: DenseMatrixView
    ) {
        let own = unsafe inverse.row(row)
        unsafe BLAS.addScaled(own, scale: -weights[row] / own[row], to: weights, count: inverse.columnCount)
        unsafe weights[row] = 0
    }
}
