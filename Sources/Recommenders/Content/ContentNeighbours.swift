package import LinearAlgebra

// Exact nearest neighbours of unit vectors E [n x d] by cosine: blocks of E E' by sgemm, a top-k selector for each row.
//
//     rows (512)   |  512 x 1024 |  512 x 1024 |  ...      one block of scores at a time and thread: 2 MB
//
// Work n^2 d multiply-adds. Memory beside E and the result: per thread one block of scores and 512 selectors.

/// The most similar items by what they are.
package enum ContentNeighbours {
    /// Neighbours kept of each item: 100 lose nothing against all of them on the text data sets tried.
    package static let defaultNeighbourCount = 100
    /// Rows and columns of a block of scores: sgemm is at its speed, and a block stays within the second-level cache.
    package static let rowBlock = 512
    package static let columnBlock = 1024

    /// From unit vectors (rows of zeros: no vector) the `[n x n]` matrix of the at most `neighbourCount` highest positive
    /// cosines of each row (ties: the lower index), itself excepted. A row of zeros has no neighbours and is none.
    package static func train(
        _ vectors: DenseMatrix, neighbourCount: Int = defaultNeighbourCount, threadCount: Int
    ) -> SparseMatrix {
        train(vectors, among: vectors, neighbourCount: neighbourCount, threadCount: threadCount)
    }

    /// The same with the neighbours of `vectors` looked for in `others`, of the same shape, where what is to be nobody's
    /// neighbour is a row of zeros.
    package static func train(
        _ vectors: DenseMatrix, among others: DenseMatrix, neighbourCount: Int, threadCount: Int
    ) -> SparseMatrix {
        precondition(vectors.rowCount == others.rowCount && vectors.columnCount == others.columnCount)
        let count = vectors.rowCount
        let capacity = min(neighbourCount, count)
        precondition(neighbourCount >= 0)
        // A block's rows are selected by one thread, then handed to the assembly row by row.
        let blockCount = (count + rowBlock - 1) / rowBlock
        var parts = [SparseMatrix?](repeating: nil, count: blockCount)
        let workers = (0..<max(threadCount, 1)).map { _ in ContentWorker(capacity: capacity) }
        unsafe parts.withUnsafeMutableBufferPointer { parts in
            unsafe vectors.withView { vectors in
                unsafe others.withView { others in
                    Parallel.forEachRange(of: count, blockSize: rowBlock, threadCount: threadCount) { rows, worker in
                        unsafe parts[rows.lowerBound / rowBlock] = workers[worker].neighbours(
                            of: rows, in: vectors, among: others)
                    }
                }
            }
        }
        return SparseMatrix(stacking: parts.compactMap { $0 }, columnCount: count)
    }

    /// The same from sparse rows such as TF-IDF `[n x termCount]`, without a detour through dense vectors. Work: the sum
    /// of the squared document frequencies.
    package static func train(
        _ rows: SparseMatrix, neighbourCount: Int = defaultNeighbourCount, threadCount: Int
    ) -> SparseMatrix {
        CosineNeighbours.strongest(
            rows: rows, features: rows.transposed(), neighbourCount: neighbourCount, shrinkage: 0,
            threadCount: threadCount)
    }
}

/// One thread's block of scores and selectors. Owned by `ContentNeighbours.train`.
@safe private final class ContentWorker {
    private let scores: UnsafeMutablePointer<Float>
    private var selectors: [TopKSelector]
    private let capacity: Int

    init(capacity: Int) {
        unsafe scores = .allocate(capacity: ContentNeighbours.rowBlock * ContentNeighbours.columnBlock)
        selectors = Array(repeating: TopKSelector(capacity: capacity), count: ContentNeighbours.rowBlock)
        self.capacity = capacity
    }

    deinit { unsafe scores.deallocate() }

    func neighbours(
        of rows: Range<Int>, in vectors: DenseMatrixView, among others: DenseMatrixView
    ) -> SparseMatrix {
        for position in 0..<rows.count { selectors[position].reset(k: capacity, floor: 0) }
        let (count, dimension) = unsafe (vectors.rowCount, vectors.columnCount)
        for first in stride(from: 0, to: count, by: ContentNeighbours.columnBlock) {
            let columns = first..<min(first + ContentNeighbours.columnBlock, count)
            unsafe BLAS.multiply(
                .init(vectors.row(rows.lowerBound), stride: dimension),
                .init(others.row(first), stride: dimension, transposed: true),
                into: scores, stride: columns.count, rows: rows.count, columns: columns.count, inner: dimension)
            for (position, row) in rows.enumerated() {
                let start = unsafe scores + position * columns.count
                if columns.contains(row) { unsafe start[row - first] = -.infinity }
                unsafe selectors[position].offer(start, count: columns.count, firstIndex: Int32(first))
            }
        }
        return unsafe SparseMatrix.assembling(
            rowCount: rows.count, columnCount: count, rowCapacity: capacity, threadCount: 1
        ) { position, output, _ in unsafe selectors[position].drain(into: output) }
    }
}
