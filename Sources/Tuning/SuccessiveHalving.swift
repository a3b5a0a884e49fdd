// Design note. Training on a part of the users costs a part of the time and ranks settings almost as training on all of
// them does. Every trial is first run on a small share of the users; the best third goes on to three times as many, and so
// on, until the last ones are run on all (Jamieson, Talwalkar 2016, "Non-stochastic best arm identification and
// hyperparameter optimization"; the factor 3 is Hyperband's, Li et al. 2018).

/// The stages of a search and who reaches the next one.
package struct SuccessiveHalving: Sendable, Equatable {
    package static let factor = 3
    /// Fewer interactions than this say little about settings, and train in a second.
    package static let leastInteractionCount = 150_000

    /// Share of the users that each stage trains on, ascending; the last one is 1.
    package let shares: [Double]

    package init(interactionCount: Int) {
        var divisor = 1
        while interactionCount / (divisor * Self.factor) >= Self.leastInteractionCount { divisor *= Self.factor }
        var shares: [Double] = []
        while divisor >= 1 {
            shares.append(1 / Double(divisor))
            divisor /= Self.factor
        }
        self.shares = shares
    }

    /// What a trial scored in a stage; nil where it failed.
    package struct Score: Sendable, Equatable {
        package let trial: Int
        package let value: Double?

        package init(trial: Int, value: Double?) {
            self.trial = trial
            self.value = value
        }
    }

    /// The trials that go on: the best third of those that did not fail, at least one, ties by ascending trial; and always
    /// trial 0, the defaults, so that the end of the search can say what it gained. Ascending.
    package static func survivors(of scores: [Score]) -> [Int] {
        let ranked = ranking(of: scores)
        var kept = ranked.prefix((ranked.count + factor - 1) / factor)
        if !kept.contains(0), ranked.contains(0) { kept.append(0) }
        return kept.sorted()
    }

    /// The trials that did not fail, best first, ties by ascending trial.
    package static func ranking(of scores: [Score]) -> [Int] {
        scores.compactMap { score in score.value.map { (trial: score.trial, value: $0) } }
            .sorted { $0.value == $1.value ? $0.trial < $1.trial : $0.value > $1.value }
            .map(\.trial)
    }
}
