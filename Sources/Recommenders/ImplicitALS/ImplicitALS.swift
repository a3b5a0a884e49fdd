package import LinearAlgebra
import SeededRandom

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

// Two factor matrices whose product W H' is 1 where somebody has an item and 0 elsewhere, as far as rank d allows.
//
//     minimise  sum over stored (u, i) of c_ui (p_ui - w_u.h_i)^2  +  alpha0 * sum over all (u, i) of (w_u.h_i)^2
//               + sum over u of r_u |w_u|^2 + sum over i of r_i |h_i|^2
//
//     c_ui = |x_ui| / mean |x|     p_ui = 1 if x_ui > 0 else 0     W [userCount x d], H [itemCount x d]
//     r_u = lambda (sum over i of c_ui + alpha0 itemCount)^nu,  r_i likewise
//
// With H given, every w_u is the solution of a system of order d,
//
//     (alpha0 H'H + sum over i of c_ui h_i h_i' + r_u I) w_u = sum over i of c_ui p_ui h_i
//
// and the rows are independent: threads take blocks of rows. H'H is summed by one thread, a row by one thread, so the
// result does not depend on the thread count. Users come first, then items, `epochCount` times.

/// Matrix factorisation for implicit feedback by alternating least squares (Hu, Koren, Volinsky 2008, "Collaborative
/// filtering for implicit feedback datasets"), with the regularisation, the weight of what is unobserved and the start
/// that Rendle, Krichene, Zhang, Koren 2022, "Revisiting the performance of iALS on item recommendation benchmarks",
/// showed to decide its quality.
package enum ImplicitALS {
    package struct Configuration: Sendable, Equatable {
        /// d.
        package var dimension: Int
        /// lambda.
        package var regularization: Double
        /// nu: 1 scales with the frequency in full, 0 not at all.
        package var regularizationExponent: Double
        /// alpha0.
        package var unobservedWeight: Double
        package var epochCount: Int
        /// The starting values' standard deviation is this divided by sqrt(d).
        package var initialDeviation: Double
        package var seed: UInt64

        /// The defaults are what Rendle et al. found for MovieLens 1M.
        package init(
            dimension: Int = 192, regularization: Double = 0.007, regularizationExponent: Double = 1,
            unobservedWeight: Double = 0.3, epochCount: Int = 12, initialDeviation: Double = 0.1, seed: UInt64 = 42
        ) {
            precondition(dimension >= 1 && epochCount >= 1 && regularization >= 0 && unobservedWeight >= 0)
            self.dimension = dimension
            self.regularization = regularization
            self.regularizationExponent = regularizationExponent
            self.unobservedWeight = unobservedWeight
            self.epochCount = epochCount
            self.initialDeviation = initialDeviation
            self.seed = seed
        }
    }

    /// The trained factors. Rows of users and items without interactions are zero.
    package struct Factors: Sendable, Equatable {
        /// `[userCount x dimension]`
        package var users: DenseMatrix
        /// `[itemCount x dimension]`
        package var items: DenseMatrix
    }

    /// Peak memory of `train` beside the interactions: both factors, the confidences by user and by item, and each
    /// thread's system with the rows that are being added to it.
    package static func estimatedBytes(
        userCount: Int, itemCount: Int, storedCount: Int, configuration: Configuration = .init(), threadCount: Int = 1
    ) -> Int {
        let factors = (userCount + itemCount) * configuration.dimension * MemoryLayout<Float>.stride
        let offsets = (userCount + itemCount + 2) * MemoryLayout<Int>.stride
        let stored = 2 * storedCount * (MemoryLayout<Float>.stride + MemoryLayout<Int32>.stride)
        let workers = max(threadCount, 1) * NormalEquations.byteCount(order: configuration.dimension)
        let gram = configuration.dimension * configuration.dimension * MemoryLayout<Float>.stride
        return factors + offsets + stored + workers + gram
    }

    /// From interactions `[userCount x itemCount]` both factors. Negative weights say that somebody does not want
    /// an item, as surely as they are large; stored zeros are no interaction.
    /// Time per epoch: d^2 / 2 multiply-adds for each stored value and d^3 / 6 for each user and item; of those with k values,
    /// fewer than d, k^2 d / 2 and k^3 / 6.
    package static func train(
        _ interactions: SparseMatrix, configuration: Configuration = .init(), threadCount: Int
    ) throws(LinearAlgebraError) -> Factors {
        let byUser = try confidences(of: interactions)
        let byItem = byUser.transposed()
        let dimension = configuration.dimension
        var factors = Factors(
            users: DenseMatrix(zeros: byUser.rowCount, dimension), items: startingFactors(byItem, configuration))
        let workers = (0..<max(threadCount, 1)).map { _ in NormalEquations(order: dimension) }
        for _ in 0..<configuration.epochCount {
            try halfStep(byUser, given: &factors.items, into: &factors.users, configuration, workers)
            try halfStep(byItem, given: &factors.users, into: &factors.items, configuration, workers)
        }
        return factors
    }

    /// The fixed factors are turned for the while, and are the same afterwards but for rounding.
    private static func halfStep(
        _ confidences: SparseMatrix, given fixed: inout DenseMatrix, into free: inout DenseMatrix,
        _ configuration: Configuration, _ workers: [NormalEquations]
    ) throws(LinearAlgebraError) {
        let eigen = try SymmetricEigen(fixed.upperTriangleOfGram())
        turn(&fixed, by: eigen.vectors, transposed: false, workers)
        let terms = SharedTerms(fixed: fixed, diagonal: eigen.values, configuration: configuration)
        try solve(confidences, given: fixed, into: &free, terms, workers)
        turn(&fixed, by: eigen.vectors, transposed: true, workers)
        turn(&free, by: eigen.vectors, transposed: true, workers)
    }

    private static func turn(
        _ factors: inout DenseMatrix, by vectors: DenseMatrix, transposed: Bool, _ workers: [NormalEquations]
    ) {
        let (count, dimension) = (factors.rowCount, factors.columnCount)
        unsafe vectors.withView { vectors in
            unsafe factors.values.withUnsafeMutableBufferPointer { rows in
                guard let rows = rows.baseAddress else { return }
                Parallel.forEachRange(of: count, blockSize: NormalEquations.batchSize, threadCount: workers.count) {
                    range, worker in
                    unsafe workers[worker].turn(
                        rows + range.lowerBound * dimension, count: range.count, by: vectors, transposed: transposed)
                }
            }
        }
    }

    /// Signed confidences: the interactions without stored zeros, scaled so that the mean magnitude is 1.
    static func confidences(of interactions: SparseMatrix) throws(LinearAlgebraError) -> SparseMatrix {
        let stored = interactions.limitingRows(to: interactions.columnCount)
        let scale = confidenceScale(of: stored)
        guard scale.isFinite else {
            throw LinearAlgebraError(
                .notFinite, operation: "train implicit ALS", expected: "finite interaction weights",
                found: "NaN or infinity", remedy: "Check the event weights and the values of the interactions.")
        }
        return SparseMatrix(
            rowCount: stored.rowCount, columnCount: stored.columnCount, rowOffsets: stored.rowOffsets,
            columnIndexes: stored.columnIndexes, values: stored.values.map { Float(Double($0) * scale) })
    }

    /// 1 / mean magnitude of what is stored and not zero; 1 where nothing is, NaN where something is not finite.
    static func confidenceScale(of interactions: SparseMatrix) -> Double {
        var total = 0.0
        var count = 0
        for value in interactions.values where value != 0 {
            total += Double(value.magnitude)
            count += 1
        }
        guard total.isFinite else { return .nan }
        return total > 0 ? Double(count) / total : 1
    }

    private static func startingFactors(_ byItem: SparseMatrix, _ configuration: Configuration) -> DenseMatrix {
        let dimension = configuration.dimension
        var factors = DenseMatrix(zeros: byItem.rowCount, dimension)
        var generator = SplitMix64(seed: configuration.seed)
        let deviation = configuration.initialDeviation / Double(dimension).squareRoot()
        for item in 0..<byItem.rowCount where !byItem.range(ofRow: item).isEmpty {
            for column in 0..<dimension { factors[item, column] = Float(generator.nextNormal() * deviation) }
        }
        return factors
    }

    /// Rows that one thread takes at a time: few, because popular rows cost a hundred times more than others.
    private static let rowBlockSize = 8

    static func solve(
        _ confidences: SparseMatrix, given fixed: DenseMatrix, into free: inout DenseMatrix, _ terms: SharedTerms,
        _ workers: [NormalEquations]
    ) throws(LinearAlgebraError) {
        let dimension = fixed.columnCount
        for worker in workers { worker.hasFailed = false }
        unsafe confidences.withView { confidences in
            unsafe fixed.withView { fixed in
                unsafe free.values.withUnsafeMutableBufferPointer { free in
                    guard let free = free.baseAddress else { return }
                    unsafe Parallel.forEachRange(
                        of: confidences.rowCount, blockSize: rowBlockSize, threadCount: workers.count
                    ) { rows, worker in
                        for row in rows {
                            unsafe workers[worker].solve(
                                row, of: confidences, given: fixed, terms, into: free + row * dimension)
                        }
                    }
                }
            }
        }
        guard !workers.contains(where: \.hasFailed) else {
            throw notPositiveDefinite
        }
    }

    static let notPositiveDefinite = LinearAlgebraError(
        .notPositiveDefinite, operation: "solve the normal equations of implicit ALS",
        expected: "positive definite systems of finite values", found: "one that is not",
        remedy: "Raise the regularisation.")

    /// `base^exponent`; the two common exponents exactly.
    static func power(_ base: Double, _ exponent: Double) -> Double {
        exponent == 1 ? base : exponent == 0 ? 1 : pow(base, exponent)
    }
}
