import Telemetry

/// One thread's counts of what the methods `recommend.*` answered; read from anywhere.
package final class RecommendationCounters: Sendable {
    private let block = CounterBlock(names: ["answers", "fallbackUsed"])

    package init() {}

    func count(fallbackUsed: Bool) {
        block.add(at: 0)
        if fallbackUsed { block.add(at: 1) }
    }

    package var answers: Int { block.value(at: 0) }
    /// Answers that hold a fallback item at least.
    package var answersWithFallback: Int { block.value(at: 1) }
}
