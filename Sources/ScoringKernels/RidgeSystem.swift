internal import CScoringKernels

/// Systems (G + r I + sum of w v v') x = b that share G, for one thread.
package struct RidgeSystem: Sendable {
    package let dimension: Int
    /// `dimension` rounded up to whole lanes.
    private let stride: Int
    /// `[dimension x stride]`
    private var gram: [Float]
    /// `[rows x stride]`
    private var rows: [Float] = []
    private var weights: [Float] = []
    private var right: [Float]
    private var result: [Float]
    private var scratch: [Float]
    /// Of the system that was factorised last, `[dimension x stride]`; empty before the first.
    private var factor: [Float] = []

    package init(dimension: Int) {
        precondition(dimension >= 0)
        self.dimension = dimension
        let lanes = Int(FT_GROUP_ITEMS)
        stride = (dimension + lanes - 1) / lanes * lanes
        gram = Array(repeating: 0, count: dimension * stride)
        right = Array(repeating: 0, count: stride)
        result = right
        scratch = Array(repeating: 0, count: 4 * stride)
    }

    /// - Parameter values: `dimension` of them.
    @unsafe package mutating func setGramRow(_ row: Int, _ values: UnsafePointer<Float>) {
        precondition(row >= 0 && row < dimension)
        for column in 0..<dimension { unsafe gram[row * stride + column] = values[column] }
    }

    package mutating func removeRows() {
        rows.removeAll(keepingCapacity: true)
        weights.removeAll(keepingCapacity: true)
    }

    /// - Parameters:
    ///   - values: v, `dimension` of them.
    ///   - weight: w, not negative.
    @unsafe package mutating func append(_ values: UnsafePointer<Float>, weight: Float) {
        for column in 0..<dimension { unsafe rows.append(values[column]) }
        for _ in dimension..<stride { rows.append(0) }
        weights.append(weight)
    }

    /// For many right sides of one system: `solveFactorised` goes by it until rows change.
    /// - Returns: False where the system is not positive definite.
    package mutating func factorise(penalty: Float) -> Bool {
        if factor.isEmpty { factor = Array(repeating: 0, count: dimension * stride) }
        return unsafe ft_factorise_ridge(gram, dimension, rows, weights, weights.count, penalty, &factor) != 0
    }

    /// - Parameters: b and x, `dimension` numbers each.
    package mutating func solveFactorised(right wanted: [Float], into solution: inout [Float]) {
        precondition(wanted.count == dimension && solution.count == dimension && factor.count == dimension * stride)
        for column in 0..<dimension { right[column] = wanted[column] }
        for column in dimension..<stride { right[column] = 0 }
        unsafe ft_solve_factored(factor, dimension, &right)
        for column in 0..<dimension { solution[column] = right[column] }
    }

    /// The products of all rows with the latest solution of `solveFactorised`, in the order in which rows were appended.
    package func rowProducts(into products: inout [Float]) {
        if products.count != weights.count { products = Array(repeating: 0, count: weights.count) }
        unsafe ft_row_products(rows, weights.count, stride, right, &products)
    }

    /// - Parameters: r, b, and x for the result, `dimension` numbers each.
    /// - Returns: False where the system is not positive definite.
    package mutating func solve(penalty: Float, right wanted: [Float], into solution: inout [Float]) -> Bool {
        precondition(wanted.count == dimension && solution.count == dimension)
        for column in 0..<dimension { right[column] = wanted[column] }
        let isSolved = unsafe ft_solve_ridge(
            gram, dimension, rows, weights, weights.count, penalty, right, &result, &scratch)
        for column in 0..<dimension { solution[column] = result[column] }
        return isSolved != 0
    }
}
