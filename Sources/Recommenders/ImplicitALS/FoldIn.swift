package import LinearAlgebra
package import ScoringKernels

// A user's factors from a history, at request time. The system is that of `NormalEquations`, with the same terms, and so
// is the solution but for the order of its sums:
//
//     A = G + sum over the history of c v v' + r I     b = sum over what is liked of c v     A x = b
//
//     G = alpha0 H'H [d x d]     c = |weight| * scale     v [d] = the item's row of H     r as in ImplicitALS.swift
//
// A is never formed: conjugate gradients need its product with a vector only, which is d² + 2 d per item of the history. Some
// ten to twenty steps reach a ten-millionth of the right side, a fifth of what forming and factorising A takes at d = 192. No
// OpenBLAS, which a server's loops never call.
//
// What an item j of the history adds to the score of item i is exact, because x is linear in b: c_j v_j' A^-1 v_i
// (Hu, Koren, Volinsky 2008, section 5).

extension ImplicitALS {
    /// What the system of any user has in common with all others.
    package struct FoldInTerms: Sendable, Equatable {
        /// alpha0 H'H `[d x d]`, both triangles.
        package var gram: DenseMatrix
        /// What turns the magnitude of a weight into a confidence: 1 / mean magnitude in training.
        package var confidenceScale: Float
        package var unobservedTotal: Float
        package var regularization: Float
        package var regularizationExponent: Float

        package init(
            gram: DenseMatrix, confidenceScale: Float, unobservedTotal: Float, regularization: Float,
            regularizationExponent: Float
        ) {
            self.gram = gram
            self.confidenceScale = confidenceScale
            self.unobservedTotal = unobservedTotal
            self.regularization = regularization
            self.regularizationExponent = regularizationExponent
        }
    }

    /// - Parameters:
    ///   - items: `[itemCount x d]`, the items' factors.
    ///   - interactions: `[userCount x itemCount]`, which they were trained on.
    package static func foldInTerms(
        items: DenseMatrix, of interactions: SparseMatrix, configuration: Configuration
    ) -> FoldInTerms {
        let terms = SharedTerms(fixed: items, configuration: configuration)
        var gram = terms.gram
        for row in 0..<gram.rowCount {
            for column in 0..<row { gram[row, column] = gram[column, row] }
        }
        return FoldInTerms(
            gram: gram, confidenceScale: Float(confidenceScale(of: interactions)),
            unobservedTotal: Float(terms.unobservedTotal), regularization: Float(configuration.regularization),
            regularizationExponent: Float(configuration.regularizationExponent))
    }

    /// The factors `[userCount x d]` of many histories `[userCount x itemCount]` at once, weighted as in training: for a
    /// build, where OpenBLAS may be called. A history without an item that has factors has zeros.
    package static func users(
        of histories: SparseMatrix, items: DenseMatrix, _ terms: FoldInTerms, threadCount: Int
    ) throws(LinearAlgebraError) -> DenseMatrix {
        let confidences = SparseMatrix(
            rowCount: histories.rowCount, columnCount: histories.columnCount, rowOffsets: histories.rowOffsets,
            columnIndexes: histories.columnIndexes, values: histories.values.map { $0 * terms.confidenceScale })
        var users = DenseMatrix(zeros: histories.rowCount, items.columnCount)
        try solve(
            confidences, given: items, into: &users, SharedTerms(terms),
            (0..<max(threadCount, 1)).map { _ in NormalEquations(order: items.columnCount) })
        return users
    }
}

/// One thread's workspace for the systems of users. In order: every row of the Gram matrix by `setGramRow`, once; for each user
/// `begin`, `add` for every item, `solve`; then `quantised`, `score` and `prepareShares` as often as is liked.
@safe package struct FoldIn: ~Copyable {
    /// Candidates that are worth blending, by score alone. The unit of the blend is the root mean square over the candidates:
    /// over a whole catalogue it would be that of the items which nobody would be shown.
    package static let candidateCount = 1000

    package let dimension: Int
    private var system: RidgeSystem
    private var right: [Float]
    private var solution: [Float]
    /// A^-1 v of the item that is being explained.
    private var explained: [Float]
    /// Whether the user's system has been factorised, and could be: only who explains needs that.
    private var isFactorised: Bool?
    /// v' A^-1 v of each item of the history, v being the one of the item that is being explained.
    private var products: [Float] = []
    private var total: Float = 0
    private var penalty: Float = 0

    package init(dimension: Int) {
        precondition(dimension >= 0)
        self.dimension = dimension
        system = RidgeSystem(dimension: dimension)
        right = Array(repeating: 0, count: dimension)
        solution = right
        explained = right
    }

    /// - Parameter values: `dimension` of them.
    @unsafe package mutating func setGramRow(_ row: Int, _ values: UnsafePointer<Float>) {
        unsafe system.setGramRow(row, values)
    }

    /// Starts the system of a user.
    package mutating func begin() {
        total = 0
        isFactorised = nil
        system.removeRows()
        for index in right.indices { right[index] = 0 }
    }

    /// Adds an item of the history.
    /// - Parameters:
    ///   - factors: `dimension` of them.
    ///   - confidence: signed: negative for a dislike.
    @unsafe package mutating func add(_ factors: UnsafePointer<Float>, confidence: Float) {
        total += confidence.magnitude
        unsafe system.append(factors, weight: confidence.magnitude)
        guard confidence > 0 else { return }
        for index in right.indices { unsafe right[index] += confidence * factors[index] }
    }

    /// Solves for the user's factors.
    /// - Returns: False where the system is not positive definite, which damaged factors alone can cause; or where nothing
    ///   was added that speaks for anything.
    package mutating func solve(_ terms: ImplicitALS.Penalty) -> Bool {
        guard total.isFinite, right.contains(where: { $0 != 0 }) else { return false }
        penalty = terms.value(total: total)
        return system.solve(penalty: penalty, right: right, into: &solution) && solution.allSatisfy(\.isFinite)
    }

    /// The user's factors in whole numbers, for products with every item.
    package func quantised(into vector: inout QuantizedVector) { vector.take(solution) }

    /// The score of an item by its `dimension` factors.
    @unsafe package func score(_ factors: UnsafePointer<Float>) -> Float { unsafe Self.product(factors, solution) }

    /// Starts the explanation of an item. Many are explained of one history, so its system is factorised, once.
    @unsafe package mutating func prepareShares(of factors: UnsafePointer<Float>) {
        let target = (0..<dimension).map { unsafe factors[$0] }
        let isSolvable = isFactorised ?? system.factorise(penalty: penalty)
        isFactorised = isSolvable
        guard isSolvable, target.contains(where: { $0 != 0 }) else {
            for index in explained.indices { explained[index] = 0 }
            products = []
            return
        }
        system.solveFactorised(right: target, into: &explained)
        system.rowProducts(into: &products)
    }

    /// The same as `share`, of the item of the history that was added as number `row`.
    package func share(ofRow row: Int, confidence: Float) -> Float {
        confidence > 0 && row < products.count ? confidence * products[row] : 0
    }

    /// What an item of the history adds to the score of the item of `prepareShares`.
    @unsafe package func share(_ factors: UnsafePointer<Float>, confidence: Float) -> Float {
        confidence > 0 ? unsafe confidence * Self.product(factors, explained) : 0
    }

    private static func product(_ factors: UnsafePointer<Float>, _ values: [Float]) -> Float {
        var sum: Float = 0
        for index in values.indices { unsafe sum += factors[index] * values[index] }
        return sum
    }
}

extension ImplicitALS {
    /// r of a row, from its total confidence.
    package struct Penalty: Sendable {
        let unobservedTotal: Double
        let regularization: Double
        let exponent: Double

        package init(unobservedTotal: Float, regularization: Float, exponent: Float) {
            self.unobservedTotal = Double(unobservedTotal)
            self.regularization = Double(regularization)
            self.exponent = Double(exponent)
        }

        func value(total: Float) -> Float {
            Float(regularization * ImplicitALS.power(unobservedTotal + Double(total), exponent))
        }
    }
}
