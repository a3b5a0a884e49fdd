package import LinearAlgebra

// EASE for catalogues whose dense matrix does not fit: every target item j gets its own ridge regression on the items that
// go with it most.
//
//     X~ = X, every row and every column divided by the square root of its Euclidean length      [users x items]
//     G  = X~'X~, of every row the `productCount` greatest positive values, and the diagonal     [items x items], sparse
//     S_j = the `neighbourCount` items i of greatest G_ij
//     b_j = (G[S_j, S_j] + l2 I)^-1 G[S_j, j]        B_ij = b_ij sqrt(|x_j| / |x_i|) for i in S_j, else 0
//
// With S_j = all other items, and X as it is, b_j is column j of EASE exactly. What is gained over EASE beside memory: the
// weighting, which keeps long histories and popular items from deciding everything, and that an item's evidence comes from
// those items only that share people with it.

/// EASE (Steck 2019, "Embarrassingly shallow autoencoders for sparse data") on a fixed sparse support, that is SLIM with
/// chosen neighbours (Ning, Karypis 2011, "SLIM: sparse linear methods for top-n recommender systems", section 4.3,
/// "fsSLIM") in its closed form: with squared regularisation only.
package enum SparseEASE {
    package struct Configuration: Sendable, Equatable {
        /// The automatic l2 in means of G's diagonal (decision 0013).
        package static let automaticL2Factor: Double = 7

        /// The regularisation, in the units of the weighted G; nil: `l2Factor` times the mean of its diagonal.
        package var l2: Double?
        package var l2Factor: Double
        /// The size of every regression: sources of each target. The time grows with its cube.
        package var neighbourCount: Int
        /// Products of each item that are kept to make the regressions from; never fewer than `neighbourCount`.
        package var productCount: Int
        /// As for `ItemKNN`: the work of the products grows with its square.
        package var maximumHistoryLength: Int

        package init(
            l2: Double? = nil, l2Factor: Double = automaticL2Factor, neighbourCount: Int = 400,
            productCount: Int = 1000, maximumHistoryLength: Int = 3_000
        ) {
            precondition(neighbourCount >= 1 && productCount >= 1)
            self.l2 = l2
            self.l2Factor = l2Factor
            self.neighbourCount = neighbourCount
            self.productCount = max(productCount, neighbourCount)
            self.maximumHistoryLength = maximumHistoryLength
        }
    }

    /// An upper bound of the peak memory of `train` beside the interactions. It follows the interactions: an item has no
    /// more neighbours than its people have items.
    package static func estimatedBytes(
        _ interactions: SparseMatrix, configuration: Configuration = .init(), threadCount: Int = 1
    ) -> Int {
        var reach = [Int](repeating: 0, count: interactions.columnCount)
        for user in 0..<interactions.rowCount {
            let range = interactions.range(ofRow: user)
            let others = min(range.count, configuration.maximumHistoryLength) - 1
            for entry in range { reach[Int(interactions.columnIndexes[entry])] += others }
        }
        let itemCount = interactions.columnCount
        let entryBytes = MemoryLayout<Float>.stride + MemoryLayout<Int32>.stride
        func bytes(atMost count: Int) -> Int {
            reach.reduce(0) { $0 + min($1, count, itemCount) } * entryBytes
        }
        let products = bytes(atMost: configuration.productCount)
        let lists = bytes(atMost: configuration.neighbourCount)
        let copies = 3 * interactions.storedCount * entryBytes
        let workspace = ProductWorkspace.bytes(
            itemCount: itemCount, neighbourCount: configuration.neighbourCount)
        // The products are there twice while they are moved together; later they lie beside the lists, then these twice.
        return copies + max(2 * products, products + lists, 2 * lists) + threadCount * workspace
    }

    private enum ProductWorkspace {
        /// The sums and the list of touched items of the products; the system and the positions of the regressions.
        static func bytes(itemCount: Int, neighbourCount: Int) -> Int {
            let side = min(neighbourCount, itemCount)
            return itemCount * (MemoryLayout<SIMD2<Double>>.stride + 2 * MemoryLayout<Int32>.stride)
                + side * side * MemoryLayout<Float>.stride
        }
    }

    /// From interactions `[userCount x itemCount]` the matrix B `[itemCount x itemCount]`: row = an item someone has,
    /// column = the item to recommend. Negative weights count in the products; only positive products make neighbours.
    /// Time: the sum of the squared history lengths, plus k^3 / 3 + k * `productCount` for each item with k neighbours.
    package static func train(
        _ interactions: SparseMatrix, configuration: Configuration = .init(), threadCount: Int
    ) throws(LinearAlgebraError) -> SparseMatrix {
        let itemCount = interactions.columnCount
        let histories = interactions.limitingRows(to: configuration.maximumHistoryLength)
        let itemLengths = histories.transposed().rowLengths
        guard itemLengths.allSatisfy(\.isFinite) else {
            throw LinearAlgebraError(
                .notFinite, operation: "train sparse EASE", expected: "finite interaction weights",
                found: "NaN or infinity", remedy: "Check the event weights and the values of the interactions.")
        }
        let weighted = histories.dividedByRoots(rowLengths: histories.rowLengths, columnLengths: itemLengths)
        let targets = weighted.transposed()
        let squares = targets.rowLengths.map { $0 * $0 }
        let ones = [Double](repeating: 1, count: itemCount)
        let products = ScaledProducts.strongest(
            rows: targets, features: weighted, rowFactors: ones, columnFactors: ones,
            neighbourCount: configuration.productCount, shrinkage: 0, threadCount: threadCount)
        let regressions = NeighbourRegressions(
            products: products, squares: squares,
            l2: configuration.l2 ?? configuration.l2Factor * meanOfWarm(squares),
            neighbourCount: configuration.neighbourCount)
        return regressions.solve(
            scales: itemLengths.map { $0.squareRoot() }, threadCount: threadCount
        ).transposed()
    }

    private static func meanOfWarm(_ squares: [Double]) -> Double {
        let warm = squares.filter { $0 > 0 }
        return warm.isEmpty ? 0 : warm.reduce(0, +) / Double(warm.count)
    }
}

extension SparseMatrix {
    /// Every value divided by the square roots of its row's and its column's length.
    fileprivate func dividedByRoots(rowLengths: [Double], columnLengths: [Double]) -> SparseMatrix {
        var divided: [Float] = []
        divided.reserveCapacity(storedCount)
        for row in 0..<rowCount {
            for entry in range(ofRow: row) {
                let length = (rowLengths[row] * columnLengths[Int(columnIndexes[entry])]).squareRoot()
                divided.append(Float(Double(values[entry]) / length))
            }
        }
        return SparseMatrix(
            rowCount: rowCount, columnCount: columnCount, rowOffsets: rowOffsets, columnIndexes: columnIndexes,
            values: divided)
    }
}
