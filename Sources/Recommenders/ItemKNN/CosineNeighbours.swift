package import LinearAlgebra

/// Neighbours by cosine, damped where few features are shared.
package enum CosineNeighbours {
    /// The `[itemCount x itemCount]` matrix of the at most `neighbourCount` strongest positive similarities of each
    /// item (ties: the lower index), itself excepted.
    ///
    /// - Parameters:
    ///   - rows: M, `[itemCount x featureCount]`.
    ///   - features: the transpose of `rows`; callers have it at hand.
    ///     Where it lacks some items, these are no one's neighbours, but have neighbours.
    ///   - shrinkage: similarities are multiplied by `n / (n + shrinkage)`, n the number of features shared.
    ///   - itemFactors: similarities are multiplied by those of both items; nil: by 1.
    package static func strongest(
        rows: SparseMatrix, features: SparseMatrix, neighbourCount: Int, shrinkage: Double,
        itemFactors: [Double]? = nil, threadCount: Int
    ) -> SparseMatrix {
        precondition(itemFactors == nil || itemFactors?.count == rows.rowCount)
        var factors = rows.rowLengths.map { $0 > 0 ? 1 / $0 : 0 }
        if let itemFactors {
            for item in factors.indices { factors[item] *= itemFactors[item] }
        }
        if shrinkage == 0, BoundedProducts.isUsable(rows, features, factors) {
            let products = BoundedProducts(
                rows: rows, features: features, factors: factors, neighbourCount: neighbourCount)
            return products.strongest(threadCount: threadCount)
        }
        return ScaledProducts.strongest(
            rows: rows, features: features, rowFactors: factors, columnFactors: factors,
            neighbourCount: neighbourCount, shrinkage: shrinkage, threadCount: threadCount)
    }
}

extension SparseMatrix {
    /// The Euclidean length of every row.
    var rowLengths: [Double] {
        (0..<rowCount).map { row in
            range(ofRow: row).reduce(0.0) { $0 + Double(values[$1]) * Double(values[$1]) }.squareRoot()
        }
    }
}
