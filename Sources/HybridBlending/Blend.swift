/// The blend of two personal components over one request's candidates.
///
///     content'       = reliability · content / rms(content over the candidates)
///     collaborative' = collaborative / rms(collaborative over the candidates)
///     fallback'      = share · fallback / rms(fallback over the candidates)
///     personal       = wContent · content' + wCollaborative · collaborative'
///     score          = personal + wFallback · fallback'      where personal > 0, else personal
///
/// `reliability`, in 0...1, is what the build measured, inside the training data, of how well content predicts beside the
/// collaborative component. Genres of films say little, descriptions of gifts say much, and the same weight 0.4 must do
/// right by both. `share` is the like of it for the fallback (`FallbackShare`); 0 leaves the list to the personal components.
/// The fallback only reorders what has personal evidence: it recommends nothing here by itself, and mends no dislike.
///
/// Missing evidence: a component that knows nothing of an *item* (no text; no interaction in training) gives NaN, and the
/// weight of the missing component goes to the present one, so a brand-new item competes with
/// `(wContent + wCollaborative) · content'`. So it is for all candidates where a component knows nothing of what the
/// request brings. A component that knows the item and finds no link to this user gives 0.
/// A candidate that both components miss scores 0.
package struct Blend: Sendable {
    /// What a score of content counts, and what it counts of an item that the collaborative component does not know.
    package let contentUnit: Float
    package let contentAloneUnit: Float
    /// The same of the collaborative component.
    package let collaborativeUnit: Float
    package let collaborativeAloneUnit: Float
    /// What a fallback score of 1 adds.
    package let fallbackUnit: Float

    /// - Parameters:
    ///   - contentScale: of the candidates, and so are the others.
    ///   - fallbackShare: 0 or more; `fallbackScale` is not looked at where it is 0.
    package init(
        weights: BlendWeights, contentReliability: Float, contentScale: ScoreScale, collaborativeScale: ScoreScale,
        fallbackShare: Float, fallbackScale: ScoreScale
    ) {
        precondition(fallbackShare >= 0 && (0...1).contains(contentReliability))
        let content = contentReliability * contentScale.factor
        contentUnit = weights.content * content
        contentAloneUnit = Self.weight(weights.content, takingOver: weights.collaborative) * content
        collaborativeUnit = weights.collaborative * collaborativeScale.factor
        collaborativeAloneUnit =
            Self.weight(weights.collaborative, takingOver: weights.content) * collaborativeScale.factor
        fallbackUnit = fallbackShare > 0 ? weights.fallback * fallbackShare * fallbackScale.factor : 0
    }

    /// Measures the components over the candidates. O(candidates).
    /// - Parameters:
    ///   - content: NaN where the component has no evidence of the candidate, and so in `collaborative`.
    ///   - fallbackShare: 0 or more; `fallback` is not looked at where it is 0.
    package init(
        weights: BlendWeights, contentReliability: Float, content: Span<Float>, collaborative: Span<Float>,
        fallbackShare: Float = 0, fallback: Span<Float> = Span()
    ) {
        precondition(fallbackShare == 0 || (fallbackShare > 0 && fallback.count == content.count))
        precondition(content.count == collaborative.count)
        self.init(
            weights: weights, contentReliability: contentReliability, contentScale: ScoreScale(of: content),
            collaborativeScale: ScoreScale(of: collaborative), fallbackShare: fallbackShare,
            fallbackScale: fallbackShare > 0 ? ScoreScale(of: fallback) : ScoreScale(squares: 0, count: 0))
    }

    /// What each component adds to one candidate's score; the score is their sum.
    package struct Contributions: Sendable, Equatable {
        package var content: Float
        package var collaborative: Float
        package var fallback: Float

        @inlinable
        package init(content: Float, collaborative: Float, fallback: Float = 0) {
            self.content = content
            self.collaborative = collaborative
            self.fallback = fallback
        }

        package var score: Float { content + collaborative + fallback }

        /// No personal evidence.
        package static let none = Contributions(content: 0, collaborative: 0)
    }

    /// - Parameters: the components' raw scores of one candidate, NaN where the component has no evidence of the item.
    ///   Linear in the personal ones: contributions of parts of a score add up to those of the score, less the fallback's.
    package func contributions(content: Float, collaborative: Float, fallback: Float = 0) -> Contributions {
        var parts = Contributions(
            content: content.isNaN ? 0 : (collaborative.isNaN ? contentAloneUnit : contentUnit) * content,
            collaborative: collaborative.isNaN
                ? 0 : (content.isNaN ? collaborativeAloneUnit : collaborativeUnit) * collaborative)
        if fallbackUnit > 0 && parts.score > 0 { parts.fallback = fallbackUnit * fallback }
        return parts
    }

    /// A component that is switched off takes nothing over.
    private static func weight(_ own: Float, takingOver other: Float) -> Float { own > 0 ? own + other : own }
}
