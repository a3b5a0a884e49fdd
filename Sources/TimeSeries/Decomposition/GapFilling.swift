/// A series without gaps, for methods that need one; what they say of a filled place is nothing.
package enum GapFilling {
    /// A missing value is the line between its neighbours, and with a period between the nearest of the same phase; where there is only
    /// one of them, that one; zeros where there is no value at all.
    package static func filled(_ series: [Double?], period: Int?) -> [Double] {
        series.indices.map { place in
            if let value = series[place] { return value }
            return between(series, place, step: period ?? 1) ?? between(series, place, step: 1) ?? 0
        }
    }

    private static func between(_ series: [Double?], _ place: Int, step: Int) -> Double? {
        func nearest(_ step: Int) -> (distance: Double, value: Double)? {
            var other = place + step
            while series.indices.contains(other) {
                if let value = series[other] { return (Double((other - place).magnitude), value) }
                other += step
            }
            return nil
        }
        switch (nearest(-step), nearest(step)) {
        case (let before?, let after?):
            return before.value
                + (after.value - before.value) * before.distance / (before.distance + after.distance)
        case (let one?, nil), (nil, let one?): return one.value
        case (nil, nil): return nil
        }
    }
}
