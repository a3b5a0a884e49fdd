#if canImport(Glibc)
    // Links the mathematics library, which holds the square root that an unoptimised build calls.
    import Glibc
#endif

/// The unit in which one component's scores are measured within one request: the root mean square of the scores it gave
/// to the request's candidates.
///
/// EASE weights, cosines and counts have different sizes and, worse, different shapes: a cosine list is flat, a collaborative
/// list has a few high peaks. Dividing by the maximum lets the flat list drown the peaked one; dividing by the root mean
/// square keeps a peak a peak. Zero stays zero and signs stay signs, so "no evidence" never turns into a penalty.
/// Decision 0004 has the figures.
package struct ScoreScale: Sendable, Equatable {
    /// The largest factor. Evidence of both signs may cancel to next to nothing, whose inverse has no bound; this one leaves
    /// 10^20 below the largest `Float` for what a single item of the history adds (`Recommender.evidence`), and still tells
    /// scores of 10^-18 apart.
    static let greatestFactor = 1e18

    /// 1 / root mean square, at most `greatestFactor`; 0 where the component gave no candidate a score other than 0.
    package let factor: Float

    /// - Parameters: the sum of the squares of the component's scores over the candidates that it knows, and how many these are.
    package init(squares: Double, count: Int) {
        let inverse = squares > 0 && count > 0 ? (Double(count) / squares).squareRoot() : 0
        factor = Float(min(inverse, Self.greatestFactor))
    }

    /// NaN marks a candidate for which the component has no evidence; it is left out of the mean.
    package init(of scores: Span<Float>) {
        var sumOfSquares = 0.0
        var count = 0
        for index in scores.indices where !scores[index].isNaN {
            sumOfSquares += Double(scores[index]) * Double(scores[index])
            count += 1
        }
        self.init(squares: sumOfSquares, count: count)
    }
}
