/// The blend of two personal components over one request's candidates.
///
///     content'       = content / rms(content over the candidates)
///     collaborative' = collaborative / rms(collaborative over the candidates)
///     score          = wContent · content' + wCollaborative · collaborative'
///
/// Missing evidence: a component that knows nothing of an *item* (no text; no interaction in training) gives NaN, and the
/// weight of the missing component goes to the present one, so a brand-new item competes with
/// `(wContent + wCollaborative) · content'`. A component that knows the item and finds no link to this user gives 0.
/// A candidate that both components miss scores 0.
package struct Blend: Sendable {
    package let weights: BlendWeights
    package let contentScale: ScoreScale
    package let collaborativeScale: ScoreScale

    /// Measures both components over the candidates. O(candidates).
    package init(weights: BlendWeights, content: Span<Float>, collaborative: Span<Float>) {
        precondition(content.count == collaborative.count)
        self.weights = weights
        contentScale = ScoreScale(of: content)
        collaborativeScale = ScoreScale(of: collaborative)
    }

    /// What each component adds to one candidate's score; the score is their sum.
    package struct Contributions: Sendable, Equatable {
        package var content: Float
        package var collaborative: Float

        package var score: Float { content + collaborative }
    }

    /// - Parameters: the components' raw scores of one candidate, NaN where the component has no evidence of the item.
    package func contributions(content: Float, collaborative: Float) -> Contributions {
        switch (content.isNaN, collaborative.isNaN) {
        case (false, false):
            return Contributions(
                content: weights.content * content * contentScale.factor,
                collaborative: weights.collaborative * collaborative * collaborativeScale.factor)
        case (false, true):
            let weight = weights.content > 0 ? weights.content + weights.collaborative : 0
            return Contributions(content: weight * content * contentScale.factor, collaborative: 0)
        case (true, false):
            let weight = weights.collaborative > 0 ? weights.content + weights.collaborative : 0
            return Contributions(content: 0, collaborative: weight * collaborative * collaborativeScale.factor)
        case (true, true):
            return Contributions(content: 0, collaborative: 0)
        }
    }
}
