import LinearAlgebra

// The strongest scaled products of every row of a sparse matrix M [items x features] with the columns of a second one,
// N [features x items].
//
//     s_ij = r_i c_j n_ij / (n_ij + shrinkage) * sum over f of m_if n_fj      n_ij = features that both have
//
// Row i's products with all other items are summed at once: for each feature f of i, for each item j that has f,
// sums[j] += m_if n_fj. Only items that share a feature are touched, and only they are visited and cleared.
// Work: the sum of the squared feature lengths; memory: for each thread one slot per item, beside the result.

/// What all item-to-item models that count common features share: cosine, its asymmetric form, random walks.
enum ScaledProducts {
    /// The `[itemCount x itemCount]` matrix of the at most `neighbourCount` strongest positive s_ij of each row i (ties:
    /// the lower index), s_ii excepted.
    static func strongest(
        rows: SparseMatrix, features: SparseMatrix, rowFactors: [Double], columnFactors: [Double],
        neighbourCount: Int, shrinkage: Double, threadCount: Int
    ) -> SparseMatrix {
        let itemCount = rows.rowCount
        precondition(features.columnCount == itemCount && features.rowCount == rows.columnCount)
        precondition(rowFactors.count == itemCount && columnFactors.count == itemCount)
        precondition(neighbourCount >= 0 && shrinkage >= 0)
        let workers = (0..<max(threadCount, 1)).map { _ in
            ProductWorker(itemCount: itemCount, neighbourCount: neighbourCount)
        }
        return unsafe rows.withView { rows in
            unsafe features.withView { features in
                unsafe columnFactors.withUnsafeBufferPointer { columnFactors in
                    unsafe SparseMatrix.assembling(
                        rowCount: itemCount, columnCount: itemCount, rowCapacity: neighbourCount,
                        threadCount: threadCount
                    ) { item, output, worker in
                        unsafe workers[worker].sum(item, rows: rows, features: features)
                        return unsafe workers[worker].select(
                            item, rowFactor: rowFactors[item], columnFactors: columnFactors, shrinkage: shrinkage,
                            into: output)
                    }
                }
            }
        }
    }
}

/// One thread's accumulators; a class because it owns memory. Owned by `ScaledProducts.strongest`.
@safe private final class ProductWorker {
    /// Per item: the sum of products, and the number of features shared.
    private let sums: UnsafeMutablePointer<SIMD2<Double>>
    private let touched: UnsafeMutablePointer<Int32>
    private var touchedCount = 0
    private let candidates: StrongestCandidates

    init(itemCount: Int, neighbourCount: Int) {
        unsafe sums = .allocate(capacity: itemCount)
        unsafe sums.initialize(repeating: .zero, count: itemCount)
        unsafe touched = .allocate(capacity: itemCount + 1)
        candidates = StrongestCandidates(capacity: itemCount, limit: neighbourCount)
    }

    deinit {
        unsafe sums.deallocate()
        unsafe touched.deallocate()
    }

    func sum(_ item: Int, rows: SparseMatrixView, features: SparseMatrixView) {
        let (sums, touched) = unsafe (sums, touched)
        let (columns, values) = unsafe (features.columnIndexes, features.values)
        var count = 0
        for entry in unsafe rows.range(ofRow: item) {
            let weight = unsafe Double(rows.values[entry])
            for other in unsafe features.range(ofRow: Int(rows.columnIndexes[entry])) {
                let index = unsafe columns[other]
                let slot = unsafe sums + Int(index)
                let sum = unsafe slot.pointee
                // Whether an item was met before is a coin toss to the branch predictor, so nothing branches on it.
                unsafe touched[count] = index
                count &+= sum.y == 0 ? 1 : 0
                unsafe slot.pointee = sum + SIMD2(weight * Double(values[other]), 1)
            }
        }
        touchedCount = count
    }

    /// Writes the strongest neighbours and leaves the accumulators cleared.
    func select(
        _ item: Int, rowFactor: Double, columnFactors: UnsafeBufferPointer<Double>, shrinkage: Double,
        into output: SparseMatrix.RowOutput
    ) -> Int {
        let (sums, indexes, scores) = unsafe (sums, candidates.indexes, candidates.scores)
        var count = 0
        for position in 0..<touchedCount {
            let other = unsafe touched[position]
            let sum = unsafe sums[Int(other)]
            unsafe sums[Int(other)] = .zero
            let similarity = unsafe sum.x * rowFactor * columnFactors[Int(other)]
            let score = Float(similarity * sum.y / (sum.y + shrinkage))
            unsafe indexes[count] = other
            unsafe scores[count] = score
            // NaN is not above 0 either.
            count &+= score > 0 && Int(other) != item ? 1 : 0
        }
        return unsafe candidates.drain(count: count, into: output)
    }
}
