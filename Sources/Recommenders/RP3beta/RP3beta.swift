package import LinearAlgebra

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Item-to-item weights from random walks of three steps, user to item to user to item, damped by the popularity of where
/// they end (Paudel, Christoffel, Newell, Bernstein 2017, "Updatable, accurate, diverse, and scalable recommendations for
/// interactive applications"). The first step is a request's history; this is the other two:
///
///     s_ij = sum over users u of (p_iu p_uj)^alpha / d_j^beta       i = the item someone has, j = the item to recommend
///
///     p_iu = x_ui / sum over v of x_vi      p_uj = x_uj / sum over k of x_uk      d_j = users who have j
package enum RP3beta {
    package struct Configuration: Sendable, Equatable {
        /// Exponent of the transition probabilities.
        package var alpha: Double
        /// Exponent of the popularity: 0 leaves the walk as it is, larger values favour rare items.
        package var beta: Double
        /// Sources kept of each target.
        package var neighbourCount: Int
        /// As for `ItemKNN`: the work grows with its square.
        package var maximumHistoryLength: Int

        /// alpha and beta: best of a small grid on a validation split of MovieLens 1M (decision 0008).
        package init(
            alpha: Double = 1, beta: Double = 0.4, neighbourCount: Int = 400, maximumHistoryLength: Int = 3_000
        ) {
            self.alpha = alpha
            self.beta = beta
            self.neighbourCount = neighbourCount
            self.maximumHistoryLength = maximumHistoryLength
        }
    }

    /// From interactions `[userCount x itemCount]` the `[itemCount x itemCount]` matrix s: every target (column) keeps its
    /// strongest sources. A walk has no negative probabilities: weights that are not positive are no interaction.
    /// Time and memory: as `ItemKNN.train`.
    package static func train(
        _ interactions: SparseMatrix, configuration: Configuration = .init(), threadCount: Int
    ) -> SparseMatrix {
        let histories = interactions.keepingPositive().limitingRows(to: configuration.maximumHistoryLength)
        let itemSums = InteractionSums.columnMagnitudes(histories)
        var userCounts = [Int](repeating: 0, count: histories.columnCount)
        for item in histories.columnIndexes { userCounts[Int(item)] += 1 }
        let fromItem = histories.mapValues { _, item, value in power(value / itemSums[item], configuration.alpha) }
        let userSums = (0..<histories.rowCount).map { user in
            histories.range(ofRow: user).reduce(0.0) { $0 + Double(histories.values[$1]) }
        }
        let fromUser = histories.mapValues { user, _, value in power(value / userSums[user], configuration.alpha) }
        return ScaledProducts.strongest(
            rows: fromUser.transposed(), features: fromItem,
            rowFactors: userCounts.map { $0 > 0 ? pow(Double($0), -configuration.beta) : 0 },
            columnFactors: Array(repeating: 1, count: userCounts.count),
            neighbourCount: configuration.neighbourCount, shrinkage: 0, threadCount: threadCount
        ).transposed()
    }

    private static func power(_ base: Double, _ exponent: Double) -> Float { Float(pow(base, exponent)) }
}

extension SparseMatrix {
    /// Without the values that are not above 0.
    fileprivate func keepingPositive() -> SparseMatrix {
        guard values.contains(where: { !($0 > 0) }) else { return self }
        var (offsets, columns, kept): ([Int], [Int32], [Float]) = ([0], [], [])
        for row in 0..<rowCount {
            for entry in range(ofRow: row) where values[entry] > 0 {
                columns.append(columnIndexes[entry])
                kept.append(values[entry])
            }
            offsets.append(columns.count)
        }
        return SparseMatrix(
            rowCount: rowCount, columnCount: columnCount, rowOffsets: offsets, columnIndexes: columns, values: kept)
    }

    fileprivate func mapValues(_ transform: (_ row: Int, _ column: Int, _ value: Double) -> Float) -> SparseMatrix {
        var mapped: [Float] = []
        mapped.reserveCapacity(storedCount)
        for row in 0..<rowCount {
            for entry in range(ofRow: row) {
                mapped.append(transform(row, Int(columnIndexes[entry]), Double(values[entry])))
            }
        }
        return SparseMatrix(
            rowCount: rowCount, columnCount: columnCount, rowOffsets: rowOffsets, columnIndexes: columnIndexes,
            values: mapped)
    }
}
