// Conjugate gradients, preconditioned by the diagonal (Hestenes, Stiefel 1952; Shewchuk 1994, section B3):
//
//     r = b - A x        z = r / diag(A)        p = z + (r.z / last r.z) p        x += (r.z / p.Ap) p
//
// until the length of r is `tolerance` times that of b. Vectors are Float, their products are summed in Double.

/// Solves symmetric positive definite systems of up to a given order whose eigenvalues lie close together; a workspace that
/// one thread owns.
@safe package final class ConjugateGradients {
    /// Of the length of the right side: what Float arithmetic reaches with a reserve of some ten.
    private static let tolerance = 2e-6
    /// Systems that need more are factored as quickly.
    private static let stepLimit = 40

    /// 1 / diag(A).
    private let inverse: UnsafeMutablePointer<Float>
    private let residual: UnsafeMutablePointer<Float>
    private let direction: UnsafeMutablePointer<Float>
    private let product: UnsafeMutablePointer<Float>

    package init(capacity: Int) {
        unsafe inverse = .allocate(capacity: capacity)
        unsafe residual = .allocate(capacity: capacity)
        unsafe direction = .allocate(capacity: capacity)
        unsafe product = .allocate(capacity: capacity)
    }

    deinit {
        unsafe inverse.deallocate()
        unsafe residual.deallocate()
        unsafe direction.deallocate()
        unsafe product.deallocate()
    }

    /// Solves `A x = b` for the whole row-major `a` of `order * order` values, which stays as it is.
    ///
    /// - Returns: false where the solution was not reached, or A turned out not to be positive definite; x is then undefined.
    @unsafe package func solve(
        _ a: UnsafePointer<Float>, order: Int, _ b: UnsafePointer<Float>, into x: UnsafeMutablePointer<Float>
    ) -> Bool {
        let (inverse, residual, direction, product) = unsafe (inverse, residual, direction, product)
        unsafe x.update(repeating: 0, count: order)
        unsafe residual.update(from: b, count: order)
        var (square, scaled) = (0.0, 0.0)
        for row in 0..<order {
            let (value, diagonal) = unsafe (residual[row], a[row * order + row])
            guard diagonal > 0 else { return false }
            unsafe inverse[row] = 1 / diagonal
            unsafe direction[row] = value * inverse[row]
            square += Double(value) * Double(value)
            scaled += unsafe Double(value) * Double(direction[row])
        }
        guard square.isFinite else { return false }
        let goal = square * Self.tolerance * Self.tolerance
        for _ in 0..<Self.stepLimit where square > goal {
            unsafe BLAS.multiply(a, rowCount: order, columnCount: order, by: direction, into: product)
            var curvature = 0.0
            for row in 0..<order { curvature += unsafe Double(direction[row]) * Double(product[row]) }
            guard curvature > 0, curvature.isFinite else { return false }
            let step = Float(scaled / curvature)
            let last = scaled
            (square, scaled) = (0, 0)
            for row in 0..<order {
                unsafe x[row] += step * direction[row]
                let value = unsafe residual[row] - step * product[row]
                unsafe residual[row] = value
                square += Double(value) * Double(value)
                scaled += unsafe Double(value) * Double(value * inverse[row])
            }
            let share = Float(scaled / last)
            for row in 0..<order {
                unsafe direction[row] = residual[row] * inverse[row] + share * direction[row]
            }
        }
        guard square <= goal else { return false }
        for row in 0..<order where unsafe !x[row].isFinite { return false }
        return true
    }
}
