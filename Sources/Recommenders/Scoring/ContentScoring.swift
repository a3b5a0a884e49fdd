package import LinearAlgebra

/// Scores items by the cosine of their vectors with a profile: the weighted sum of the vectors of a history, scaled to
/// unit length.
///
/// A workspace that one thread owns, made once for the vectors' dimension; a request allocates nothing.
@safe package struct ContentScoring: ~Copyable {
    package let dimension: Int
    /// Whether the last profile has a direction. Without one there is no evidence, and all scores are 0.
    package private(set) var hasProfile = false
    private let sums: UnsafeMutablePointer<Double>
    private let profile: UnsafeMutablePointer<Float>

    /// Below this length of the sum, its direction is rounding: weights and vectors that cancel out.
    private static let shortestProfile = 1e-6

    package init(dimension: Int) {
        precondition(dimension >= 0)
        self.dimension = dimension
        unsafe sums = .allocate(capacity: dimension)
        unsafe sums.initialize(repeating: 0, count: dimension)
        unsafe profile = .allocate(capacity: dimension)
        unsafe profile.initialize(repeating: 0, count: dimension)
    }

    deinit {
        unsafe sums.deallocate()
        unsafe profile.deallocate()
    }

    /// Makes the profile of `history`. Rows of zeros add nothing; negative weights push away.
    package mutating func setProfile(_ history: [WeightedRow], vectors: DenseMatrixView) {
        precondition(unsafe vectors.columnCount == dimension)
        let (sums, profile) = unsafe (sums, profile)
        var totalWeight = 0.0
        unsafe sums.update(repeating: 0, count: dimension)
        for entry in history {
            precondition(unsafe entry.row >= 0 && Int(entry.row) < vectors.rowCount)
            let row = unsafe vectors.row(Int(entry.row))
            let weight = Double(entry.weight)
            totalWeight += weight.magnitude
            for index in 0..<dimension { unsafe sums[index] += weight * Double(row[index]) }
        }
        var square = 0.0
        for index in 0..<dimension { unsafe square += sums[index] * sums[index] }
        let length = square.squareRoot()
        hasProfile = length.isFinite && length > Self.shortestProfile * totalWeight
        let factor = hasProfile ? 1 / length : 0
        for index in 0..<dimension { unsafe profile[index] = hasProfile ? Float(sums[index] * factor) : 0 }
    }

    /// The cosine of row `row` with the profile; 0 for a row of zeros (`DenseMatrixView.isZeroRow` tells which).
    package func score(ofRow row: Int, vectors: DenseMatrixView) -> Float {
        precondition(unsafe vectors.columnCount == dimension && row >= 0 && row < vectors.rowCount)
        return unsafe BLAS.dot(vectors.row(row), profile, count: dimension)
    }

    /// The cosines of all rows with the profile, into `scores`, which holds `vectors.rowCount` values.
    package func scoreAllRows(of vectors: DenseMatrixView, into scores: inout [Float]) {
        precondition(unsafe vectors.columnCount == dimension && scores.count == vectors.rowCount)
        let profile = unsafe profile
        unsafe scores.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            guard dimension > 0 else {
                unsafe start.update(repeating: 0, count: buffer.count)
                return
            }
            unsafe BLAS.multiply(
                vectors.values, rowCount: buffer.count, columnCount: dimension, by: profile, into: start)
        }
    }
}
