package import LinearAlgebra

// A user's factors from a history, at request time. The system is that of `NormalEquations`, with the same terms, and so
// is the solution but for the order of its sums:
//
//     A = G + sum over the history of c v v' + r I     b = sum over what is liked of c v     A x = b
//
//     G = alpha0 H'H [d x d]     c = |weight| * scale     v [d] = the item's row of H     r as in ImplicitALS.swift
//
// A = U'U, U upper triangular. Rows of A and U are sums of runs of d values, four at a time, eight lanes at a time: no
// OpenBLAS, which a server's loops never call. Four items of the history are added to A before the next four, so that A
// (147 KB at d = 192) streams through the second-level cache once per four items.
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

    package static func foldInTerms(
        _ factors: Factors, of interactions: SparseMatrix, configuration: Configuration
    ) -> FoldInTerms {
        let terms = SharedTerms(fixed: factors.items, configuration: configuration)
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

/// One thread's workspace for the systems of users; it allocates nothing after `init`. In order: `begin` with every row of
/// the Gram matrix, `add` for every item, `solve`; then `score` and `prepareShares` as often as is liked.
@safe package struct FoldIn: ~Copyable {
    private typealias Lanes = SIMD8<Float>
    private static let laneCount = 8
    private static let batchSize = 4

    /// Candidates that are worth blending, by score alone. The unit of the blend is the root mean square over the candidates:
    /// over a whole catalogue it would be that of the items which nobody would be shown.
    package static let candidateCount = 1000

    package let dimension: Int
    /// `dimension` rounded up to whole lanes: the distance of rows.
    private let stride: Int
    /// `[d x stride]`: A, then U; below the diagonal there is nothing of meaning.
    private let system: UnsafeMutablePointer<Float>
    /// `[4 x stride]`: items that are not yet in A. Their scales are confidences.
    private let batch: UnsafeMutablePointer<Float>
    private var scales = SIMD4<Float>(repeating: 0)
    private var batchCount = 0
    /// b, then x.
    private let solution: UnsafeMutablePointer<Float>
    /// A^-1 v of the item that is being explained.
    private let explained: UnsafeMutablePointer<Float>
    private var total: Float = 0

    package init(dimension: Int) {
        precondition(dimension >= 0)
        self.dimension = dimension
        stride = (dimension + Self.laneCount - 1) / Self.laneCount * Self.laneCount
        unsafe system = Self.zeros(dimension * stride)
        unsafe batch = Self.zeros(Self.batchSize * stride)
        unsafe solution = Self.zeros(stride)
        unsafe explained = Self.zeros(stride)
    }

    deinit {
        unsafe system.deallocate()
        unsafe batch.deallocate()
        unsafe solution.deallocate()
        unsafe explained.deallocate()
    }

    private static func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
        let memory = UnsafeMutablePointer<Float>.allocate(capacity: count)
        unsafe memory.initialize(repeating: 0, count: count)
        return unsafe memory
    }

    /// Starts a system; every row of the Gram matrix must then be set.
    package mutating func begin() {
        batchCount = 0
        total = 0
        unsafe solution.update(repeating: 0, count: stride)
    }

    /// - Parameter values: `dimension` of them.
    @unsafe package mutating func setGramRow(_ row: Int, _ values: UnsafePointer<Float>) {
        precondition(row >= 0 && row < dimension)
        unsafe (system + row * stride).update(from: values, count: dimension)
    }

    /// Adds an item of the history.
    /// - Parameters:
    ///   - factors: `dimension` of them.
    ///   - confidence: signed: negative for a dislike.
    @unsafe package mutating func add(_ factors: UnsafePointer<Float>, confidence: Float) {
        let magnitude = confidence.magnitude
        total += magnitude
        let slot = unsafe batch + batchCount * stride
        unsafe slot.update(from: factors, count: dimension)
        if confidence > 0 {
            for index in 0..<dimension { unsafe solution[index] += confidence * slot[index] }
        }
        scales[batchCount] = magnitude
        batchCount += 1
        if batchCount == Self.batchSize { flush() }
    }

    private mutating func flush() {
        for slot in batchCount..<Self.batchSize { scales[slot] = 0 }
        for row in 0..<dimension {
            let factors = unsafe SIMD4<Float>(
                batch[row], batch[stride + row], batch[2 * stride + row], batch[3 * stride + row])
            unsafe addCombination(of: UnsafePointer(batch), scales * factors, to: system + row * stride, from: row)
        }
        batchCount = 0
    }

    /// `target[from...] += sum of scales[k] * rows[k][from...]` over four rows. It starts at the lane's start: what lies
    /// below the diagonal has no meaning.
    @inline(__always)
    private func addCombination(
        of rows: UnsafePointer<Float>, _ scales: SIMD4<Float>, to target: UnsafeMutablePointer<Float>, from: Int
    ) {
        let input = unsafe UnsafeRawPointer(rows)
        let output = UnsafeMutableRawPointer(target)
        let rowBytes = stride * MemoryLayout<Float>.stride
        let end = rowBytes
        var offset = (from & ~(Self.laneCount - 1)) * MemoryLayout<Float>.stride
        while offset < end {
            var sum = unsafe output.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
            unsafe sum += scales.x * input.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
            unsafe sum += scales.y * input.loadUnaligned(fromByteOffset: rowBytes &+ offset, as: Lanes.self)
            unsafe sum += scales.z * input.loadUnaligned(fromByteOffset: 2 &* rowBytes &+ offset, as: Lanes.self)
            unsafe sum += scales.w * input.loadUnaligned(fromByteOffset: 3 &* rowBytes &+ offset, as: Lanes.self)
            unsafe output.storeBytes(of: sum, toByteOffset: offset, as: Lanes.self)
            offset &+= Self.laneCount * MemoryLayout<Float>.stride
        }
    }

    /// Solves for the user's factors.
    /// - Returns: False where the system is not positive definite, which damaged factors alone can cause; or where nothing
    ///   was added that speaks for anything.
    package mutating func solve(_ terms: ImplicitALS.Penalty) -> Bool {
        if batchCount > 0 { flush() }
        guard (0..<dimension).contains(where: { unsafe solution[$0] != 0 }) else { return false }
        let penalty = terms.value(total: total)
        for row in 0..<dimension { unsafe system[row * stride + row] += penalty }
        guard factorise() else { return false }
        unsafe substitute(in: solution)
        return (0..<dimension).allSatisfy { unsafe solution[$0].isFinite }
    }

    /// A = U'U in place, row by row: row i is that of A less what the rows above have of it.
    private func factorise() -> Bool {
        for row in 0..<dimension {
            let target = unsafe system + row * stride
            var above = 0
            while above + Self.batchSize <= row {
                let rows = unsafe system + above * stride
                let factors = unsafe SIMD4<Float>(
                    rows[row], rows[stride + row], rows[2 * stride + row], rows[3 * stride + row])
                unsafe addCombination(of: UnsafePointer(rows), -factors, to: target, from: row)
                above += Self.batchSize
            }
            while above < row {
                let values = unsafe system + above * stride
                let factor = unsafe values[row]
                for column in row..<dimension { unsafe target[column] -= factor * values[column] }
                above += 1
            }
            let pivot = unsafe target[row]
            guard pivot > 0, pivot.isFinite else { return false }
            let inverse = 1 / pivot.squareRoot()
            for column in row..<dimension { unsafe target[column] *= inverse }
        }
        return true
    }

    /// Solves U'U x = b in place.
    private func substitute(in values: UnsafeMutablePointer<Float>) {
        for row in 0..<dimension {
            let upper = unsafe system + row * stride
            let value = unsafe values[row] / upper[row]
            unsafe values[row] = value
            for column in row + 1..<max(dimension, row + 1) { unsafe values[column] -= value * upper[column] }
        }
        for row in (0..<dimension).reversed() {
            let upper = unsafe system + row * stride
            var sum = unsafe values[row]
            for column in row + 1..<max(dimension, row + 1) { unsafe sum -= upper[column] * values[column] }
            unsafe values[row] = sum / upper[row]
        }
    }

    /// The score of an item by its `dimension` factors.
    @unsafe package func score(_ factors: UnsafePointer<Float>) -> Float {
        unsafe product(factors, UnsafePointer(solution))
    }

    /// Starts the explanation of an item.
    @unsafe package mutating func prepareShares(of factors: UnsafePointer<Float>) {
        unsafe explained.update(from: factors, count: dimension)
        unsafe substitute(in: explained)
    }

    /// What an item of the history adds to the score of the item of `prepareShares`.
    @unsafe package func share(_ factors: UnsafePointer<Float>, confidence: Float) -> Float {
        confidence > 0 ? unsafe confidence * product(factors, UnsafePointer(explained)) : 0
    }

    @inline(__always)
    private func product(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>) -> Float {
        let (a, b) = unsafe (UnsafeRawPointer(left), UnsafeRawPointer(right))
        var sums = (Lanes(repeating: 0), Lanes(repeating: 0))
        let whole = dimension & ~(2 * Self.laneCount - 1)
        var index = 0
        while index < whole {
            let offset = index * MemoryLayout<Float>.stride
            unsafe sums.0 +=
                a.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
                * b.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
            unsafe sums.1 +=
                a.loadUnaligned(fromByteOffset: offset + 32, as: Lanes.self)
                * b.loadUnaligned(fromByteOffset: offset + 32, as: Lanes.self)
            index += 2 * Self.laneCount
        }
        var sum = (sums.0 + sums.1).sum()
        while index < dimension {
            unsafe sum += left[index] * right[index]
            index += 1
        }
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
