internal import LinearAlgebra

// Design note. A handful of positive parameters, taken by their logarithms; the mean negative log-likelihood is smooth, but its
// derivatives are tedious, so a simplex (Nelder, Mead 1965) comes near the minimum, and Newton's steps with differences for
// derivatives reach it. The second differences there give the standard errors.

/// The parameters under which what was observed is most likely.
struct LikelihoodMaximum {
    /// Natural logarithms of the parameters.
    let logarithms: [Double]
    /// Of the logarithms; nil where the likelihood is flat in some direction.
    let standardErrors: [Double]?
    /// The mean negative log-likelihood.
    let loss: Double

    /// Beyond e^-14 and e^14 a parameter says that the model has no use for it.
    static let greatestLogarithm = 14.0

    /// - Parameters:
    ///   - observationCount: what the mean is over.
    ///   - loss: the mean negative log-likelihood of logarithms; infinite where there is none.
    init(start: [Double], observationCount: Double, _ loss: ([Double]) -> Double) {
        func bounded(_ point: [Double]) -> Double {
            guard point.allSatisfy({ $0.magnitude <= Self.greatestLogarithm }) else { return .infinity }
            let value = loss(point)
            return value.isFinite ? value : .infinity
        }
        var point = Self.simplex(start, size: 0.7, bounded)
        // A simplex that has collapsed too early finds its way again from a new one.
        point = Self.simplex(point, size: 0.2, bounded)
        var value = bounded(point)
        var curvature: [Double]?
        for _ in 0..<20 {
            let (gradient, second) = Self.derivatives(point, bounded)
            curvature = second
            guard let step = DoubleSystem.solution(second, order: point.count, gradient) else { break }
            let next = zip(point, step).map { $0 - min(1, max(-1, $1)) }
            let moved = bounded(next)
            guard moved < value || (moved - value).magnitude < 1e-13 * max(1, value.magnitude) else { break }
            (point, value) = (next, moved)
            if step.allSatisfy({ $0.magnitude < 1e-8 }) { break }
        }
        logarithms = point
        self.loss = value
        standardErrors = curvature.flatMap { DoubleSystem.inverse($0, order: point.count) }.map { covariance in
            point.indices.map { (max(0, covariance[$0 * point.count + $0]) / observationCount).squareRoot() }
        }
    }

    private static func simplex(_ start: [Double], size: Double, _ loss: ([Double]) -> Double) -> [Double] {
        var corners =
            [start]
            + start.indices.map { axis in
                var corner = start
                corner[axis] += size
                return corner
            }
        var values = corners.map(loss)
        for _ in 0..<400 * start.count {
            let order = corners.indices.sorted { values[$0] == values[$1] ? $0 < $1 : values[$0] < values[$1] }
            corners = order.map { corners[$0] }
            values = order.map { values[$0] }
            let (best, worst) = (values[0], values[values.count - 1])
            if worst - best < 1e-12 * max(1, best.magnitude) { break }
            let last = corners.count - 1
            let centre = start.indices.map { axis in
                corners[..<last].reduce(0) { $0 + $1[axis] } / Double(last)
            }
            func along(_ share: Double) -> ([Double], Double) {
                let point = start.indices.map { centre[$0] + share * (corners[last][$0] - centre[$0]) }
                return (point, loss(point))
            }
            var next = along(-1)
            if next.1 < best {
                let further = along(-2)
                if further.1 < next.1 { next = further }
            } else if next.1 >= values[last - 1] {
                next = next.1 < worst ? along(-0.5) : along(0.5)
            }
            if next.1 < worst {
                (corners[last], values[last]) = next
            } else {
                for corner in 1...last {
                    corners[corner] = start.indices.map { (corners[0][$0] + corners[corner][$0]) / 2 }
                    values[corner] = loss(corners[corner])
                }
            }
        }
        let least = values.indices.min { (values[$0], $0) < (values[$1], $1) } ?? 0
        return corners[least]
    }

    /// By central differences of fourth root of the precision, where rounding and curvature err alike.
    private static func derivatives(
        _ point: [Double], _ loss: ([Double]) -> Double
    ) -> (gradient: [Double], second: [Double]) {
        let (order, width) = (point.count, 1e-4)
        func at(_ a: Int, _ x: Double, _ b: Int, _ y: Double) -> Double {
            var moved = point
            moved[a] += x
            moved[b] += y
            return loss(moved)
        }
        let here = loss(point)
        var gradient = [Double](repeating: 0, count: order)
        var second = [Double](repeating: 0, count: order * order)
        for a in 0..<order {
            let (up, down) = (at(a, width, a, 0), at(a, -width, a, 0))
            gradient[a] = (up - down) / (2 * width)
            second[a * order + a] = (up - 2 * here + down) / (width * width)
            for b in a + 1..<order {
                let mixed = at(a, width, b, width) - at(a, width, b, -width) - at(a, -width, b, width)
                second[a * order + b] = (mixed + at(a, -width, b, -width)) / (4 * width * width)
            }
        }
        return (gradient, second)
    }
}
