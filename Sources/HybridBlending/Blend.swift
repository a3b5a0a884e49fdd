/// The blend of two personal components over one request's candidates.
///
///     content'       = reliability · content / rms(content over the candidates)
///     collaborative' = collaborative / rms(collaborative over the candidates)
///     score          = wContent · content' + wCollaborative · collaborative'
///
/// `reliability`, in 0...1, is what the build measured, inside the training data, of how well content predicts beside the
/// collaborative component. Genres of films say little, descriptions of gifts say much, and the same weight 0.4 must do
/// right by both.
///
/// Missing evidence: a component that knows nothing of an *item* (no text; no interaction in training) gives NaN, and the
/// weight of the missing component goes to the present one, so a brand-new item competes with
/// `(wContent + wCollaborative) · content'`. So it is for all candidates where a component knows nothing of what the
/// request brings. A component that knows the item and finds no link to this user gives 0.
/// A candidate that both components miss scores 0.
package struct Blend: Sendable {
    package let weights: BlendWeights
    package let contentReliability: Float
    package let contentScale: ScoreScale
    package let collaborativeScale: ScoreScale

    /// Measures both components over the candidates. O(candidates).
    package init(
        weights: BlendWeights, contentReliability: Float, content: Span<Float>, collaborative: Span<Float>
    ) {
        precondition(content.count == collaborative.count && (0...1).contains(contentReliability))
        self.weights = weights
        self.contentReliability = contentReliability
        contentScale = ScoreScale(of: content)
        collaborativeScale = ScoreScale(of: collaborative)
    }

    /// What each component adds to one candidate's score; the score is their sum.
    package struct Contributions: Sendable, Equatable {
        package var content: Float
        package var collaborative: Float

        @inlinable
        package init(content: Float, collaborative: Float) {
            self.content = content
            self.collaborative = collaborative
        }

        package var score: Float { content + collaborative }

        /// No personal evidence.
        package static let none = Contributions(content: 0, collaborative: 0)
    }

    /// - Parameters: the components' raw scores of one candidate, NaN where the component has no evidence of the item.
    ///   Linear in both: contributions of parts of a score add up to those of the score.
    @inlinable
    package func contributions(content: Float, collaborative: Float) -> Contributions {
        Contributions(
            content: content.isNaN
                ? 0
                : weight(weights.content, takingOver: weights.collaborative, ifMissing: collaborative)
                    * contentReliability * content * contentScale.factor,
            collaborative: collaborative.isNaN
                ? 0
                : weight(weights.collaborative, takingOver: weights.content, ifMissing: content)
                    * collaborative * collaborativeScale.factor)
    }

    /// A component that is switched off takes nothing over.
    @inlinable
    func weight(_ own: Float, takingOver other: Float, ifMissing score: Float) -> Float {
        own > 0 && score.isNaN ? own + other : own
    }
}
