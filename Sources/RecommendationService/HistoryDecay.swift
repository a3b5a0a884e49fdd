/// How much less an older step of a history counts.
///
///     weight(step) = floor + (1 - floor) · rate^step        step 0 is the most recent moment
///
/// A step is a distinct moment, not an item: the articles of one basket share a step. Decay per item ruins baskets
/// (NDCG@10 .069 instead of .0995 on a gift shop's invoices). The floor keeps long-term taste. Decision 0004 has the figures.
package struct HistoryDecay: Sendable {
    private static let floor: Float = 0.15
    private static let rate: Float = 0.7
    /// Beyond this step the weight equals the floor to within 1e-4, so the table ends there.
    private static let stepLimit = 26
    private let weights: [Float]

    package init() {
        var power: Float = 1
        weights = (0..<Self.stepLimit).map { _ in
            defer { power *= Self.rate }
            return Self.floor + (1 - Self.floor) * power
        }
    }

    package func weight(step: Int) -> Float {
        step < weights.count ? weights[step] : Self.floor
    }
}
