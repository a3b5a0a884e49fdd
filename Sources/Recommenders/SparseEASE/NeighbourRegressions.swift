import LinearAlgebra

// One ridge regression for each item: its products with its strongest neighbours, explained by the neighbours' products
// with each other.
//
//     neighbours of target j      s_0 < s_1 < ... < s_k-1
//     system [k x k]              G[s_a, s_b], upper triangle; l2 + G[s_a, s_a] on the diagonal
//     right side [k]              G[s_a, j]
//
// The system is gathered from the sparse rows of the neighbours: `positions` says for every item of the catalogue where
// among the neighbours it stands. G is symmetric but was cut by rows, so a value counts if either row kept it.

/// The regressions of all items on rows of a cut Gram matrix.
struct NeighbourRegressions {
    /// `[itemCount x itemCount]`, without the diagonal.
    let products: SparseMatrix
    /// The diagonal of G.
    let squares: [Double]
    let l2: Double
    let neighbourCount: Int

    /// B transposed, `[itemCount x itemCount]`: row = target, its sources with their weights times the target's scale,
    /// divided by the source's.
    func solve(scales: [Double], threadCount: Int) -> SparseMatrix {
        let itemCount = products.rowCount
        let workers = (0..<max(threadCount, 1)).map { _ in
            RegressionWorker(itemCount: itemCount, neighbourCount: neighbourCount)
        }
        return unsafe products.withView { products in
            unsafe SparseMatrix.assembling(
                rowCount: itemCount, columnCount: itemCount, rowCapacity: neighbourCount, threadCount: threadCount
            ) { item, output, worker in
                let count = unsafe workers[worker].chooseNeighbours(item, products: products, into: output)
                guard unsafe workers[worker].solve(count, products, squares, l2: l2, output) else { return 0 }
                for position in 0..<count {
                    let source = unsafe Int(output.columns[position])
                    let weight = unsafe Double(output.values[position]) * scales[item] / scales[source]
                    unsafe output.values[position] = Float(weight)
                }
                return count
            }
        }
    }
}

/// One thread's system; a class because it owns memory. Owned by `NeighbourRegressions.solve`.
@safe private final class RegressionWorker {
    /// Cutting G can cost it its definiteness. l2 is doubled until the system can be solved: 40 times is 10^12.
    private static let doublingLimit = 40

    private let system: UnsafeMutablePointer<Float>
    private let rightSide: UnsafeMutablePointer<Float>
    /// Per item: its place among the neighbours, or -1.
    private let positions: UnsafeMutablePointer<Int32>
    private var selector: TopKSelector

    init(itemCount: Int, neighbourCount: Int) {
        let side = min(neighbourCount, itemCount)
        unsafe system = .allocate(capacity: side * side)
        unsafe rightSide = .allocate(capacity: side)
        unsafe positions = .allocate(capacity: itemCount)
        unsafe positions.initialize(repeating: -1, count: itemCount)
        selector = TopKSelector(capacity: side)
    }

    deinit {
        unsafe system.deallocate()
        unsafe rightSide.deallocate()
        unsafe positions.deallocate()
    }

    /// Writes the strongest of the item's row, columns ascending, with their products.
    func chooseNeighbours(
        _ item: Int, products: SparseMatrixView, into output: SparseMatrix.RowOutput
    ) -> Int {
        unsafe selector.reset(k: output.capacity, floor: 0)
        for entry in unsafe products.range(ofRow: item) {
            unsafe selector.offer(products.columnIndexes[entry], score: products.values[entry])
        }
        return unsafe selector.drain(into: output)
    }

    /// Replaces the products in `output` by the solution. Returns false where there is none.
    func solve(
        _ count: Int, _ products: SparseMatrixView, _ squares: [Double], l2: Double, _ output: SparseMatrix.RowOutput
    ) -> Bool {
        var l2 = l2
        for _ in 0...Self.doublingLimit {
            unsafe gather(count, products, squares, l2: l2, output)
            unsafe rightSide.update(from: output.values, count: count)
            if unsafe SymmetricSolve.solve(system, order: count, into: rightSide) {
                unsafe output.values.update(from: rightSide, count: count)
                return true
            }
            l2 *= 2
        }
        return false
    }

    /// The upper triangle of the system, and leaves `positions` cleared.
    private func gather(
        _ count: Int, _ products: SparseMatrixView, _ squares: [Double], l2: Double, _ output: SparseMatrix.RowOutput
    ) {
        unsafe system.update(repeating: 0, count: count * count)
        for position in 0..<count { unsafe positions[Int(output.columns[position])] = Int32(position) }
        for row in 0..<count {
            let item = unsafe Int(output.columns[row])
            unsafe system[row * count + row] = Float(squares[item] + l2)
            for entry in unsafe products.range(ofRow: item) {
                let column = unsafe Int(positions[Int(products.columnIndexes[entry])])
                guard column >= 0 else { continue }
                unsafe system[min(row, column) * count + max(row, column)] = products.values[entry]
            }
        }
        for position in 0..<count { unsafe positions[Int(output.columns[position])] = -1 }
    }
}
