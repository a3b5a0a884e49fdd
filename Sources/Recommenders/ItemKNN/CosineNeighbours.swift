package import LinearAlgebra

// The strongest cosine neighbours of every row of a sparse matrix M [items x features].
//
// Row i's products with all other rows are summed at once: for each feature f of i, for each item j that has f,
// sums[j] += m_if m_jf. Only items that share a feature are touched, and only they are visited and cleared.
// Work: the sum of the squared feature lengths; memory: for each thread one slot per item, beside the result.

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
        let itemCount = rows.rowCount
        precondition(features.columnCount == itemCount && features.rowCount == rows.columnCount)
        precondition(neighbourCount >= 0 && shrinkage >= 0)
        precondition(itemFactors == nil || itemFactors?.count == itemCount)
        var inverseLengths = inverseRowLengths(of: rows)
        if let itemFactors {
            for item in 0..<itemCount { inverseLengths[item] *= itemFactors[item] }
        }
        let workers = (0..<max(threadCount, 1)).map { _ in
            CosineWorker(itemCount: itemCount, neighbourCount: neighbourCount)
        }
        return unsafe rows.withView { rows in
            unsafe features.withView { features in
                unsafe inverseLengths.withUnsafeBufferPointer { inverseLengths in
                    unsafe SparseMatrix.assembling(
                        rowCount: itemCount, columnCount: itemCount, rowCapacity: neighbourCount,
                        threadCount: threadCount
                    ) { item, output, worker in
                        unsafe workers[worker].sum(item, rows: rows, features: features)
                        return unsafe workers[worker].select(
                            item, inverseLengths: inverseLengths, shrinkage: shrinkage, into: output)
                    }
                }
            }
        }
    }

    /// 1 / |row|, or 0 for a row of zeros.
    private static func inverseRowLengths(of matrix: SparseMatrix) -> [Double] {
        (0..<matrix.rowCount).map { row in
            var square = 0.0
            for entry in matrix.range(ofRow: row) {
                square += Double(matrix.values[entry]) * Double(matrix.values[entry])
            }
            return square > 0 ? 1 / square.squareRoot() : 0
        }
    }
}

/// One thread's accumulators; a class because it owns memory. Owned by `CosineNeighbours.strongest`.
@safe private final class CosineWorker {
    /// Per item: the sum of products, and the number of features shared.
    private let sums: UnsafeMutablePointer<SIMD2<Double>>
    private let touched: UnsafeMutablePointer<Int32>
    private var touchedCount = 0
    private var selector: TopKSelector

    init(itemCount: Int, neighbourCount: Int) {
        unsafe sums = .allocate(capacity: itemCount)
        unsafe sums.initialize(repeating: .zero, count: itemCount)
        unsafe touched = .allocate(capacity: itemCount)
        selector = TopKSelector(capacity: min(neighbourCount, itemCount))
    }

    deinit {
        unsafe sums.deallocate()
        unsafe touched.deallocate()
    }

    func sum(_ item: Int, rows: SparseMatrixView, features: SparseMatrixView) {
        var count = 0
        for entry in unsafe rows.range(ofRow: item) {
            let weight = unsafe Double(rows.values[entry])
            for other in unsafe features.range(ofRow: Int(rows.columnIndexes[entry])) {
                let index = unsafe features.columnIndexes[other]
                let slot = unsafe sums + Int(index)
                if unsafe slot.pointee.y == 0 {
                    unsafe touched[count] = index
                    count += 1
                }
                unsafe slot.pointee += SIMD2(weight * Double(features.values[other]), 1)
            }
        }
        touchedCount = count
    }

    /// Writes the strongest neighbours and leaves the accumulators cleared.
    func select(
        _ item: Int, inverseLengths: UnsafeBufferPointer<Double>, shrinkage: Double, into output: SparseMatrix.RowOutput
    ) -> Int {
        unsafe selector.reset(k: output.capacity, floor: 0)
        let own = unsafe inverseLengths[item]
        for position in 0..<touchedCount {
            let other = unsafe touched[position]
            let (product, shared) = unsafe (sums[Int(other)].x, sums[Int(other)].y)
            unsafe sums[Int(other)] = .zero
            guard Int(other) != item else { continue }
            let cosine = unsafe product * own * inverseLengths[Int(other)]
            selector.offer(other, score: Float(cosine * shared / (shared + shrinkage)))
        }
        return unsafe selector.drain(into: output)
    }
}
