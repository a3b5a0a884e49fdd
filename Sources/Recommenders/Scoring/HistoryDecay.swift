/// How much less an older step of a history counts.
///
///     weight(step) = floor + (1 - floor) · rate^step        step 0 is the most recent moment
///
/// A step is a distinct moment, not an item: the articles of one basket share a step. Decay per item ruins baskets
/// (NDCG@10 .069 instead of .0995 on a gift shop's invoices). The floor keeps long-term taste. How much of it is worth
/// keeping differs between shops, so a build chooses among `candidates`: decisions 0004 and 0014.
package struct HistoryDecay: Sendable, Equatable {
    /// The best or near it on validation splits of films, gifts and cosmetics.
    package static let standard = HistoryDecay(floor: 0.15, rate: 0.7)
    /// What a build tries beside the standard: taste that fades altogether, at three speeds, and two slower decays.
    package static let candidates = [
        HistoryDecay(floor: 0, rate: 0.7), HistoryDecay(floor: 0.01, rate: 0.5), HistoryDecay(floor: 0, rate: 0.85),
        HistoryDecay(floor: 0.2, rate: 0.8),
        HistoryDecay(floor: 0.4, rate: 0.9),
    ]
    /// Steps with a weight of their own; older ones weigh what the last of them does. 0.7^63 is below 1e-9.
    private static let stepLimit = 64

    package let floor: Float
    package let rate: Float
    private let weights: [Float]

    /// - Parameters: both in 0...1.
    package init(floor: Float, rate: Float) {
        precondition((0...1).contains(floor) && (0...1).contains(rate))
        self.floor = floor
        self.rate = rate
        var power: Float = 1
        weights = (0..<Self.stepLimit).map { _ in
            defer { power *= rate }
            return floor + (1 - floor) * power
        }
    }

    /// Reads what `text` wrote; nil where it is anything else.
    package init?(_ text: String) {
        let numbers = text.split(separator: " ", omittingEmptySubsequences: false).map { Float($0) }
        guard numbers.count == 2, let floor = numbers[0], let rate = numbers[1], (0...1).contains(floor),
            (0...1).contains(rate)
        else { return nil }
        self.init(floor: floor, rate: rate)
    }

    /// Floor and rate, parted by a blank.
    package var text: String { "\(floor) \(rate)" }

    package func weight(step: Int) -> Float { weights[min(step, Self.stepLimit - 1)] }
}
