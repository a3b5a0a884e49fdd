package import LinearAlgebra

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Item-to-item collaborative filtering by cosine over weighted interactions (Sarwar, Karypis, Konstan, Riedl 2001,
/// "Item-based collaborative filtering recommendation algorithms"), with similarities shrunk towards 0 where few users
/// support them (Bell, Koren 2007, "Scalable collaborative filtering with jointly derived neighborhood interpolation
/// weights", section 3.1).
///
///     s_ij = n_ij / (n_ij + shrinkage) * x_i . x_j / (|x_i| |x_j|)     n_ij = users who have both
///
/// `Weighting` changes what stands in x, or the exponents of the lengths.
package enum ItemKNN {
    package struct Configuration: Sendable, Equatable {
        /// Support at which a similarity counts half. 10 is the middle of the range that worked on MovieLens.
        package var shrinkage: Double
        /// Neighbours kept of each target. Beyond 200 quality hardly moves and the index grows.
        package var neighbourCount: Int
        /// Interactions of one user that count: the strongest. The work grows with the square of this, and histories
        /// beyond 3,000 items (the longest of MovieLens 1M has 2,314) are resellers and robots more often than people.
        package var maximumHistoryLength: Int
        package var weighting: Weighting

        package init(
            shrinkage: Double = 10, neighbourCount: Int = 200, maximumHistoryLength: Int = 3_000,
            weighting: Weighting = .cosine
        ) {
            self.shrinkage = shrinkage
            self.neighbourCount = neighbourCount
            self.maximumHistoryLength = maximumHistoryLength
            self.weighting = weighting
        }
    }

    /// From interactions `[userCount x itemCount]` the `[itemCount x itemCount]` matrix of positive similarities, row =
    /// the item someone has, column = the item to recommend, which keeps its strongest rows. Zero weights are no
    /// interaction; negative ones count (who dislikes both makes two items alike).
    /// Time: the sum of the squared history lengths. Memory: the result twice, three copies of the interactions, and 20
    /// bytes per item and thread.
    package static func train(
        _ interactions: SparseMatrix, configuration: Configuration = .init(), threadCount: Int
    ) -> SparseMatrix {
        let histories = configuration.weighting.weighted(
            interactions.limitingRows(to: configuration.maximumHistoryLength))
        let targets = histories.transposed()
        let lengths = targets.rowLengths
        let (targetExponent, sourceExponent) = configuration.weighting.lengthExponents
        return ScaledProducts.strongest(
            rows: targets, features: histories,
            rowFactors: lengths.map { $0 > 0 ? power($0, -targetExponent) : 0 },
            columnFactors: lengths.map { $0 > 0 ? power($0, -sourceExponent) : 0 },
            neighbourCount: configuration.neighbourCount, shrinkage: configuration.shrinkage, threadCount: threadCount
        ).transposed()
    }

    /// The exponent -1 by division, which is exact where the C library's power need not be.
    private static func power(_ base: Double, _ exponent: Double) -> Double {
        exponent == -1 ? 1 / base : pow(base, exponent)
    }
}
