import LinearAlgebra

/// What all systems of one half of an epoch have in common.
struct SharedTerms {
    /// alpha0 F'F, `[d x d]`, upper triangle, for the fixed factors F.
    let gram: DenseMatrix
    /// alpha0 times the number of rows of F that anybody has: the unobserved part of a row's weight.
    let unobservedTotal: Double
    let regularization: Double
    let exponent: Double

    init(fixed: DenseMatrix, configuration: ImplicitALS.Configuration) {
        var gram = fixed.upperTriangleOfGram()
        let weight = Float(configuration.unobservedWeight)
        for position in gram.values.indices { gram.values[position] *= weight }
        self.gram = gram
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
    private static let batchSize = 256

    /// Whether a system since the last reset was not positive definite.
    var hasFailed = false
    private let order: Int
    private let system: UnsafeMutablePointer<Float>
    private let batch: UnsafeMutablePointer<Float>

    init(order: Int) {
        self.order = order
        unsafe system = .allocate(capacity: order * order)
        unsafe system.initialize(repeating: 0, count: order * order)
        unsafe batch = .allocate(capacity: order * Self.batchSize)
        unsafe batch.initialize(repeating: 0, count: order * Self.batchSize)
    }

    deinit {
        unsafe system.deallocate()
        unsafe batch.deallocate()
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
