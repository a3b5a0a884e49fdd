/// The score of an item that needs no personal evidence, in 0...1.
///
///     fallback(i) = 0.70 · recent(i)/max + 0.25 · popular(i)/max + 0.05 · trending(i)/max
///
/// Recent popularity leads, because what sells now is the best guess for a stranger; overall popularity orders what nobody
/// touched lately; trending breaks the ties between equals in favour of what rises. Every part is divided by its maximum
/// over the catalogue, so the scale does not depend on the request.
package enum FallbackScore {
    package static let recentShare = 0.70
    package static let popularShare = 0.25
    package static let trendingShare = 0.05

    /// One score per item. The three arrays have one value per item, each finite and not negative.
    package static func scores(recent: Span<Float>, popular: Span<Float>, trending: Span<Float>) -> [Float] {
        precondition(recent.count == popular.count && popular.count == trending.count)
        let recentUnit = recentShare / Double(maximum(recent))
        let popularUnit = popularShare / Double(maximum(popular))
        let trendingUnit = trendingShare / Double(maximum(trending))
        return recent.indices.map { item in
            Float(
                Double(recent[item]) * recentUnit + Double(popular[item]) * popularUnit
                    + Double(trending[item]) * trendingUnit)
        }
    }

    /// The largest value, or 1 where none is above 0: then every value is 0 and so is the quotient.
    private static func maximum(_ values: Span<Float>) -> Float {
        var largest: Float = 0
        for index in values.indices { largest = max(largest, values[index]) }
        return largest > 0 ? largest : 1
    }
}
