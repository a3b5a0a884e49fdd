/// Locally weighted regression at equally spaced points, as STL uses it (Cleveland 1979; Cleveland, Cleveland, McRae, Terpenning 1990,
/// section 2: tricube weights over the nearest `span` points, lines, times the weights of robustness).
struct Loess {
    let span: Int
    /// By point; nil: all 1.
    let robustness: [Double]?

    /// The smooth values at all points. O(n · span).
    func smoothed(_ values: [Double]) -> [Double] {
        let count = values.count
        guard count >= 2 else { return values }
        var left = 0
        let half = (span + 1) / 2
        return values.indices.map { place in
            if span < count, place + 1 > half, left + span < count { left += 1 }
            let right = span < count ? left + span - 1 : count - 1
            return value(at: place, of: values, left: left, right: right) ?? values[place]
        }
    }

    /// The line's value at a place, which may lie beside the points, from the points `left...right`; nil where all their weights are 0.
    func value(at place: Int, of values: [Double], left: Int, right: Int) -> Double? {
        let position = Double(place)
        var reach = Double(max(place - left, right - place))
        if span > values.count { reach += Double((span - values.count) / 2) }
        var weights = [Double](repeating: 0, count: right - left + 1)
        var total = 0.0
        for point in left...right {
            let distance = (Double(point) - position).magnitude
            // The paper's constants: beyond 0.999 of the reach nothing counts, below 0.001 everything in full.
            guard distance <= 0.999 * reach else { continue }
            let share = distance / reach
            let cube = 1 - share * share * share
            var weight = distance <= 0.001 * reach ? 1 : cube * cube * cube
            if let robustness { weight *= robustness[point] }
            weights[point - left] = weight
            total += weight
        }
        guard total > 0 else { return nil }
        for point in weights.indices { weights[point] /= total }
        if reach > 0 { tilt(&weights, left: left, position: position, pointCount: values.count) }
        return weights.indices.reduce(0.0) { $0 + weights[$1] * values[left + $1] }
    }

    /// From the weights of a mean to those of a line's value at `position`.
    private func tilt(_ weights: inout [Double], left: Int, position: Double, pointCount: Int) {
        var centre = 0.0
        for point in weights.indices { centre += weights[point] * Double(left + point) }
        var square = 0.0
        for point in weights.indices {
            let distance = Double(left + point) - centre
            square += weights[point] * distance * distance
        }
        // Points that lie together say nothing of a slope.
        guard square.squareRoot() > 0.001 * Double(pointCount - 1) else { return }
        let slope = (position - centre) / square
        for point in weights.indices { weights[point] *= slope * (Double(left + point) - centre) + 1 }
    }
}
