import LinearAlgebra

// One ridge regression for each item: its products with its strongest neighbours, explained by the neighbours' products
// with each other.
//
//     neighbours of target j      s_0 < s_1 < ... < s_k-1
//     system [k x k]              G[s_a, s_b], upper triangle; l2 + G[s_a, s_a] on the diagonal
//     right side [k]              G[s_a, j]
//
// G is symmetric but was cut by rows, so a value counts if either row kept it. The system is gathered from the rows of the
// neighbours: a bit for every item of the catalogue says whether it is one. That is most of the work, so what both rows kept
// stays only with the item that fewer rows name: the long rows of popular items, which are in most systems, become short.
//
// The regularisation is several times the mean of the diagonal, so that the systems are well conditioned: conjugate gradients
// (Hestenes, Stiefel 1952), scaled by the diagonal, need some ten products with the matrix, k^2 each, where a Cholesky factor
// costs k^3 / 3. Where they do not arrive, the factor is made.

/// The regressions of all items on rows of a cut Gram matrix.
struct NeighbourRegressions {
    /// `[itemCount x itemCount]`, columns ascending, values above 0, without the diagonal.
    var products: SparseMatrix
    /// The diagonal of G.
    let squares: [Double]
    let l2: Double
    let neighbourCount: Int

    /// B transposed, `[itemCount x itemCount]`: row = target, its sources with their weights times the target's scale,
    /// divided by the source's.
    consuming func solve(scales: [Double], threadCount: Int) -> SparseMatrix {
        let lists = products.keepingStrongest(neighbourCount, threadCount: threadCount)
        products = products.withoutRepeats(threadCount: threadCount)
        let itemCount = products.rowCount
        let workers = (0..<max(threadCount, 1)).map { _ in
            RegressionWorker(itemCount: itemCount, neighbourCount: neighbourCount)
        }
        let (offsets, columns) = (lists.rowOffsets, lists.columnIndexes)
        // The memory of the products becomes that of the weights.
        var weights = (consume lists).values
        unsafe products.withView { products in
            unsafe columns.withUnsafeBufferPointer { columns in
                unsafe weights.withUnsafeMutableBufferPointer { values in
                    guard let columns = columns.baseAddress, let values = values.baseAddress else { return }
                    Parallel.forEachRange(of: itemCount, blockSize: 32, threadCount: threadCount) { rows, worker in
                        for item in rows {
                            let (start, count) = (offsets[item], offsets[item + 1] - offsets[item])
                            let list = unsafe RegressionWorker.List(
                                columns: columns + start, values: values + start, count: count)
                            unsafe workers[worker].solve(list, products, squares, l2: l2)
                            for position in 0..<count {
                                let source = unsafe Int(list.columns[position])
                                let weight = unsafe Double(list.values[position]) * scales[item] / scales[source]
                                unsafe list.values[position] = Float(weight)
                            }
                        }
                    }
                }
            }
        }
        let solved = SparseMatrix(
            rowCount: itemCount, columnCount: itemCount, rowOffsets: offsets, columnIndexes: columns, values: weights)
        // A system without a solution has left zeros.
        return weights.contains(0) ? solved.limitingRows(to: itemCount) : solved
    }
}

extension SparseMatrix {
    /// Of two values that mirror each other, only that in the row of the item that fewer rows name (of equal ones: the lower).
    fileprivate func withoutRepeats(threadCount: Int) -> SparseMatrix {
        var namings = [Int32](repeating: 0, count: columnCount)
        for column in columnIndexes { namings[Int(column)] += 1 }
        var counts = [Int](repeating: 0, count: rowCount + 1)
        var isKept = [Bool](repeating: true, count: storedCount)
        unsafe withView { view in
            unsafe isKept.withUnsafeMutableBufferPointer { isKept in
                unsafe counts.withUnsafeMutableBufferPointer { counts in
                    Parallel.forEachRange(of: rowCount, blockSize: 64, threadCount: threadCount) { rows, _ in
                        for row in rows {
                            var count = 0
                            for entry in unsafe view.range(ofRow: row) {
                                let column = unsafe Int(view.columnIndexes[entry])
                                let isOwn = (namings[row], row) < (namings[column], column)
                                let stays = unsafe isOwn || !view.has(row: column, column: Int32(row))
                                unsafe isKept[entry] = stays
                                count += stays ? 1 : 0
                            }
                            unsafe counts[row + 1] = count
                        }
                    }
                }
            }
        }
        for row in 0..<rowCount { counts[row + 1] += counts[row] }
        var (columns, kept): ([Int32], [Float]) = ([], [])
        columns.reserveCapacity(counts[rowCount])
        kept.reserveCapacity(counts[rowCount])
        for entry in columnIndexes.indices where isKept[entry] {
            columns.append(columnIndexes[entry])
            kept.append(values[entry])
        }
        return SparseMatrix(
            rowCount: rowCount, columnCount: columnCount, rowOffsets: counts, columnIndexes: columns, values: kept)
    }
}

extension SparseMatrixView {
    /// Whether a value is stored; columns ascend.
    fileprivate func has(row: Int, column: Int32) -> Bool {
        let range = unsafe range(ofRow: row)
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if unsafe columnIndexes[middle] < column { low = middle + 1 } else { high = middle }
        }
        return unsafe low < range.upperBound && columnIndexes[low] == column
    }
}

/// One thread's system; a class because it owns memory. Owned by `NeighbourRegressions.solve`.
@safe private final class RegressionWorker {
    /// Cutting G can cost it its definiteness. l2 is doubled until the system can be solved: 40 times is 10^12.
    private static let doublingLimit = 40
    /// Smaller systems are factored as quickly.
    private static let gradientOrder = 64

    private let system: UnsafeMutablePointer<Float>
    private let rightSide: UnsafeMutablePointer<Float>
    /// An item and its neighbours: the items and their products with it, which become the solution.
    @unsafe struct List {
        let columns: UnsafePointer<Int32>
        let values: UnsafeMutablePointer<Float>
        let count: Int
    }

    /// A bit per item: whether it is a neighbour. 6 KB for 50,000 items, where their places are 200 KB.
    private let marks: UnsafeMutablePointer<UInt32>
    /// Of a neighbour, its place among them.
    private let places: UnsafeMutablePointer<Int32>
    /// Of the row that is gathered, where its products with neighbours are.
    private let found: UnsafeMutablePointer<Int>
    private let gradients: ConjugateGradients

    init(itemCount: Int, neighbourCount: Int) {
        let side = min(neighbourCount, itemCount)
        unsafe system = .allocate(capacity: side * side)
        unsafe rightSide = .allocate(capacity: side)
        unsafe marks = .allocate(capacity: itemCount / 32 + 1)
        unsafe marks.initialize(repeating: 0, count: itemCount / 32 + 1)
        unsafe places = .allocate(capacity: itemCount)
        unsafe places.initialize(repeating: 0, count: itemCount)
        unsafe found = .allocate(capacity: side + 1)
        gradients = ConjugateGradients(capacity: side)
    }

    deinit {
        unsafe system.deallocate()
        unsafe rightSide.deallocate()
        unsafe marks.deallocate()
        unsafe places.deallocate()
        unsafe found.deallocate()
    }

    /// Replaces the products in the list by the solution, or by zeros where there is none.
    func solve(_ list: List, _ products: SparseMatrixView, _ squares: [Double], l2: Double) {
        let count = unsafe list.count
        var l2 = l2
        for _ in 0...Self.doublingLimit {
            unsafe gather(list, products, squares, l2: l2)
            var isSolved = false
            if count >= Self.gradientOrder {
                isSolved = unsafe gradients.solve(system, order: count, list.values, into: rightSide)
            }
            if !isSolved {
                unsafe rightSide.update(from: list.values, count: count)
                isSolved = unsafe SymmetricSolve.solve(system, order: count, into: rightSide)
            }
            if isSolved {
                unsafe list.values.update(from: rightSide, count: count)
                return
            }
            l2 *= 2
        }
        unsafe list.values.update(repeating: 0, count: count)
    }

    /// The whole system, and leaves `marks` cleared.
    private func gather(_ list: List, _ products: SparseMatrixView, _ squares: [Double], l2: Double) {
        let (system, marks, places, found) = unsafe (system, marks, places, found)
        let (columns, values, count) = unsafe (products.columnIndexes, products.values, list.count)
        unsafe system.update(repeating: 0, count: count * count)
        for position in 0..<count {
            let item = unsafe Int(list.columns[position])
            unsafe marks[item >> 5] |= 1 << UInt32(item & 31)
            unsafe places[item] = Int32(position)
        }
        for row in 0..<count {
            let item = unsafe Int(list.columns[row])
            // Nothing branches on whether a product is with a neighbour: it is a coin toss.
            var foundCount = 0
            for entry in unsafe products.range(ofRow: item) {
                let column = unsafe UInt32(bitPattern: columns[entry])
                unsafe found[foundCount] = entry
                foundCount &+= unsafe Int(marks[Int(column >> 5)] >> (column & 31) & 1)
            }
            unsafe system[row * count + row] = Float(squares[item] + l2)
            for position in 0..<foundCount {
                let entry = unsafe found[position]
                let (column, value) = unsafe (Int(places[Int(columns[entry])]), values[entry])
                unsafe system[row * count + column] = value
                unsafe system[column * count + row] = value
            }
        }
        for position in 0..<count { unsafe marks[Int(list.columns[position]) >> 5] = 0 }
    }
}
