package import LinearAlgebra

// A user's factors depend on the history through a system of its own, so the model is no matrix of items by items. It is
// one where the system is replaced by that of the mean user:
//
//     A = alpha0 H'H + 1/|U| sum over i of f_i h_i h_i' + mean r_u I      f_i = sum over u of c_ui
//     S = H A^-1 H'                                                       row = item someone has, column = target
//
// U are the users with interactions. A is the mean of all users' systems. S is symmetric; its diagonal, an item's evidence
// for itself, is left out. Slabs of targets are multiplied out and cut, so that S is never there as a whole.

extension ImplicitALS {
    /// Targets that are multiplied out at a time: 2 rows of blocks for two threads of `DenseMatrix.multiplied`.
    private static let slabSize = 1024

    /// The model as item lists: `[itemCount x itemCount]`, every target (column) with its `count` sources of greatest
    /// magnitude. It loses quality against the factors (decision 0008 has the figures).
    /// Time: itemCount^2 d multiply-adds. Memory: the result twice, H twice, and `slabSize * itemCount` values.
    package static func itemLists(
        _ factors: Factors, of interactions: SparseMatrix, configuration: Configuration, keptPerTarget count: Int,
        threadCount: Int
    ) throws(LinearAlgebraError) -> SparseMatrix {
        let items = factors.items
        let itemCount = items.rowCount
        let byUser = try confidences(of: interactions)
        var system = meanSystem(items, byUser, configuration)
        var solved = items
        let isSolved = unsafe system.values.withUnsafeMutableBufferPointer { system in
            unsafe solved.values.withUnsafeMutableBufferPointer { solved in
                guard let system = system.baseAddress, let solved = solved.baseAddress else { return true }
                return unsafe SymmetricSolve.solve(
                    system, order: items.columnCount, into: solved, rightSides: itemCount)
            }
        }
        guard isSolved else { throw notPositiveDefinite }
        var parts: [SparseMatrix] = []
        for first in stride(from: 0, to: itemCount, by: slabSize) {
            let targets = first..<min(first + slabSize, itemCount)
            let width = items.columnCount
            let rows = DenseMatrix(
                rowCount: targets.count, columnCount: width,
                values: Array(items.values[targets.lowerBound * width..<targets.upperBound * width]))
            var slab = rows.multiplied(by: solved, transposingOther: true, threadCount: threadCount)
            for target in targets { slab[target - first, target] = 0 }
            parts.append(slab.keepingLargest(perRow: count, threadCount: threadCount))
        }
        return SparseMatrix(stacking: parts, columnCount: itemCount).transposed()
    }

    private static func meanSystem(
        _ items: DenseMatrix, _ byUser: SparseMatrix, _ configuration: Configuration
    ) -> DenseMatrix {
        let frequencies = InteractionSums.columnMagnitudes(byUser)
        let users = (0..<byUser.rowCount).filter { !byUser.range(ofRow: $0).isEmpty }
        let userCount = Double(max(users.count, 1))
        let unobserved = configuration.unobservedWeight * Double(frequencies.count { $0 > 0 })
        let penalty = users.reduce(0.0) { sum, user in
            let total = byUser.range(ofRow: user).reduce(unobserved) { $0 + Double(byUser.values[$1].magnitude) }
            return sum + configuration.regularization * power(total, configuration.regularizationExponent)
        }
        // Every row counts alpha0 + f_i / |U| times in A.
        var weighted = items
        for item in 0..<items.rowCount {
            let factor = Float((configuration.unobservedWeight + frequencies[item] / userCount).squareRoot())
            for column in 0..<items.columnCount { weighted[item, column] *= factor }
        }
        var system = weighted.upperTriangleOfGram()
        for index in 0..<system.rowCount { system[index, index] += Float(penalty / userCount) }
        // A model without interactions has no system: its factors are zeros, and so is what comes of them.
        if users.isEmpty { for index in 0..<system.rowCount { system[index, index] = 1 } }
        return system
    }
}
