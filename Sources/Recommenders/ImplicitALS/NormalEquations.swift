import LinearAlgebra

// In training, F is turned for the while of a half-step so that alpha0 F'F is diagonal, D say (Q'F'F Q for its eigenvectors Q),
// and what is found is turned back with it. With the row's confidences in C, its factors F_S and what it wants in p, the system is
//
//     (D + r I + F_S' C F_S) w = F_S' C p
//
// and where the row has fewer confidences k than factors, the same solution comes from a system of order k (Woodbury 1950),
// with E = C^1/2 F_S (D + r I)^-1/2 [k x d]:
//
//     (I + E E') y = C^1/2 p        w = (D + r I)^-1/2 E' y
//
// Most people have few items and most items few people: k^2 d / 2 + k^3 / 6 for each of them instead of k d^2 / 2 + d^3 / 6.

/// What all systems of one half of an epoch have in common.
struct SharedTerms {
    /// alpha0 F'F, `[d x d]`, upper triangle, for the fixed factors F.
    let gram: DenseMatrix
    /// alpha0 times the number of rows of F that anybody has: the unobserved part of a row's weight.
    let unobservedTotal: Double
    let regularization: Double
    let exponent: Double
    /// Whether `gram` is zero off the diagonal.
    let isDiagonal: Bool

    /// - Parameters:
    ///   - fixed: turned, so that their Gram matrix is diagonal.
    ///   - diagonal: of that matrix.
    init(fixed: DenseMatrix, diagonal: [Float], configuration: ImplicitALS.Configuration) {
        var gram = DenseMatrix(zeros: fixed.columnCount, fixed.columnCount)
        for index in 0..<gram.rowCount {
            // Rounding may leave a value of 0 below it.
            gram[index, index] = max(diagonal[index], 0) * Float(configuration.unobservedWeight)
        }
        self.init(gram: gram, isDiagonal: true, fixed: fixed, configuration: configuration)
    }

    init(fixed: DenseMatrix, configuration: ImplicitALS.Configuration) {
        var gram = fixed.upperTriangleOfGram()
        let weight = Float(configuration.unobservedWeight)
        for position in gram.values.indices { gram.values[position] *= weight }
        self.init(gram: gram, isDiagonal: false, fixed: fixed, configuration: configuration)
    }

    private init(
        gram: DenseMatrix, isDiagonal: Bool, fixed: DenseMatrix, configuration: ImplicitALS.Configuration
    ) {
        self.gram = gram
        self.isDiagonal = isDiagonal
        let knownCount = unsafe fixed.withView { view in
            unsafe (0..<view.rowCount).count { unsafe !view.isZeroRow($0) }
        }
        unobservedTotal = configuration.unobservedWeight * Double(knownCount)
        regularization = configuration.regularization
        exponent = configuration.regularizationExponent
    }
}

extension SharedTerms {
    init(_ terms: ImplicitALS.FoldInTerms) {
        gram = terms.gram
        isDiagonal = false
        unobservedTotal = Double(terms.unobservedTotal)
        regularization = Double(terms.regularization)
        exponent = Double(terms.regularizationExponent)
    }
}

extension DenseMatrix {
    /// This matrix `[m x n]` transposed times itself, `[n x n]`, of which only the upper triangle is meaningful.
    func upperTriangleOfGram() -> DenseMatrix {
        var gram = DenseMatrix(zeros: columnCount, columnCount)
        unsafe withView { view in
            unsafe gram.values.withUnsafeMutableBufferPointer { output in
                guard let output = output.baseAddress else { return }
                unsafe BLAS.gramUpper(view.values, rows: view.rowCount, columns: view.columnCount, into: output)
            }
        }
        return gram
    }
}

/// One thread's system of order d, and the rows of fixed factors that are being added to it.
/// A class because it owns memory. Owned by `ImplicitALS.train`.
@safe final class NormalEquations {
    /// Rows that are added at a time: enough to keep the matrix product busy, and 200 KB at d = 192, so that they stay in
    /// the second-level cache.
    static let batchSize = 256

    /// Confidences are about 1 and factors too: below this a division by the diagonal costs more digits than Float has left.
    private static let smallestDiagonal: Float = 1e-4

    /// Whether a system since the last reset was not positive definite.
    var hasFailed = false
    private let order: Int
    private let system: UnsafeMutablePointer<Float>
    private let batch: UnsafeMutablePointer<Float>
    /// Of order d: (D + r I)^-1/2, and the solution of a system of fewer unknowns.
    private let scales: UnsafeMutablePointer<Float>
    private let solution: UnsafeMutablePointer<Float>

    init(order: Int) {
        self.order = order
        unsafe system = .allocate(capacity: order * order)
        unsafe system.initialize(repeating: 0, count: order * order)
        unsafe batch = .allocate(capacity: order * Self.batchSize)
        unsafe batch.initialize(repeating: 0, count: order * Self.batchSize)
        unsafe scales = .allocate(capacity: order)
        unsafe solution = .allocate(capacity: order)
    }

    deinit {
        unsafe system.deallocate()
        unsafe batch.deallocate()
        unsafe scales.deallocate()
        unsafe solution.deallocate()
    }

    static func byteCount(order: Int) -> Int { order * (order + batchSize) * MemoryLayout<Float>.stride }

    /// Writes the `order` factors of row `row`: zeros where it has no confidences. After a failure they are undefined.
    func solve(
        _ row: Int, of confidences: SparseMatrixView, given fixed: DenseMatrixView, _ terms: SharedTerms,
        into factors: UnsafeMutablePointer<Float>
    ) {
        unsafe factors.update(repeating: 0, count: order)
        let entries = unsafe confidences.range(ofRow: row)
        guard !entries.isEmpty else { return }
        if terms.isDiagonal, entries.count <= min(order * 4 / 5, Self.batchSize),
            unsafe solveFew(entries, of: confidences, given: fixed, terms, into: factors)
        {
            return
        }
        unsafe terms.gram.values.withUnsafeBufferPointer { gram in
            guard let gram = gram.baseAddress else { return }
            unsafe system.update(from: gram, count: order * order)
        }
        var total = terms.unobservedTotal
        for start in stride(from: entries.lowerBound, to: entries.upperBound, by: Self.batchSize) {
            let range = start..<min(start + Self.batchSize, entries.upperBound)
            total += unsafe add(range, of: confidences, given: fixed, rightSide: factors)
        }
        let penalty = Float(terms.regularization * ImplicitALS.power(total, terms.exponent))
        for index in 0..<order { unsafe system[index * (order + 1)] += penalty }
        if unsafe !SymmetricSolve.solve(system, order: order, into: factors) { hasFailed = true }
    }

    /// Replaces at most `batchSize` rows of factors by their products with Q, or with its transpose.
    func turn(_ rows: UnsafeMutablePointer<Float>, count: Int, by vectors: DenseMatrixView, transposed: Bool) {
        unsafe batch.update(from: rows, count: count * order)
        unsafe BLAS.multiply(
            .init(batch, stride: order), .init(vectors.values, stride: order, transposed: transposed), into: rows,
            stride: order, rows: count, columns: order, inner: order)
    }

    /// Solves the system whose order is the number of confidences. Returns false, with `factors` as they were, where the diagonal
    /// is too small to divide by.
    private func solveFew(
        _ entries: Range<Int>, of confidences: SparseMatrixView, given fixed: DenseMatrixView, _ terms: SharedTerms,
        into factors: UnsafeMutablePointer<Float>
    ) -> Bool {
        let count = entries.count
        var total = terms.unobservedTotal
        for entry in entries { total += unsafe Double(confidences.values[entry].magnitude) }
        let penalty = Float(terms.regularization * ImplicitALS.power(total, terms.exponent))
        for index in 0..<order {
            let diagonal = terms.gram[index, index] + penalty
            guard diagonal >= Self.smallestDiagonal else { return false }
            unsafe scales[index] = 1 / diagonal.squareRoot()
        }
        for (slot, entry) in entries.enumerated() {
            let confidence = unsafe confidences.values[entry]
            let source = unsafe fixed.row(Int(confidences.columnIndexes[entry]))
            let target = unsafe batch + slot * order
            let root = confidence.magnitude.squareRoot()
            for index in 0..<order { unsafe target[index] = root * source[index] * scales[index] }
            unsafe solution[slot] = confidence > 0 ? root : 0
        }
        unsafe BLAS.productUpper(batch, rows: count, columns: order, into: system)
        for index in 0..<count { unsafe system[index * (count + 1)] += 1 }
        guard unsafe SymmetricSolve.solve(system, order: count, into: solution) else { return false }
        unsafe BLAS.multiply(
            batch, rowCount: count, columnCount: order, transposed: true, by: solution, into: factors)
        for index in 0..<order { unsafe factors[index] *= scales[index] }
        return true
    }

    /// Adds some confidences to both sides of the system; returns their sum.
    private func add(
        _ entries: Range<Int>, of confidences: SparseMatrixView, given fixed: DenseMatrixView,
        rightSide: UnsafeMutablePointer<Float>
    ) -> Double {
        var total = 0.0
        for (slot, entry) in entries.enumerated() {
            let confidence = unsafe confidences.values[entry]
            let source = unsafe fixed.row(Int(confidences.columnIndexes[entry]))
            let target = unsafe batch + slot * order
            let root = confidence.magnitude.squareRoot()
            for index in 0..<order { unsafe target[index] = root * source[index] }
            if confidence > 0 { unsafe BLAS.addScaled(source, scale: confidence, to: rightSide, count: order) }
            total += Double(confidence.magnitude)
        }
        unsafe BLAS.gramUpper(batch, rows: entries.count, columns: order, into: system, keep: 1)
        return total
    }
}
