/// Which parts of a total explain that it is not what was expected.
package struct Contribution: Sendable, Equatable {
    package let name: String
    package let value: Double
    package let expected: Double
    /// Of the total's difference from what was expected; the shares of all parts add up to 1. Negative for a part that went the other way.
    package let share: Double
    package var difference: Double { value - expected }

    package struct Part: Sendable {
        package let name: String
        /// What is known of it until the moment, and nothing from it on; the last one is the latest. Nil where it is missing.
        package let history: [Double?]
        /// At the moment.
        package let value: Double

        package init(name: String, history: [Double?], value: Double) {
            self.name = name
            self.history = history
            self.value = value
        }
    }

    /// The parts, those that explain most first; equal ones by name. Empty where the total is what was expected.
    ///
    /// What each part was expected to be is the median at the same place of its last periods; what these sum up to differs from
    /// what the total was expected to be, and that difference is shared out by size, so that the differences add up to the total's.
    package static func explaining(
        value: Double, expected: Double, parts: [Part], period: Int?
    ) -> [Contribution] {
        let difference = value - expected
        guard difference != 0, !parts.isEmpty else { return [] }
        let single = parts.map { part -> Double in
            var recent = RecentExpectation(period: period)
            for value in part.history { recent.append(value) }
            return recent.next?.value ?? 0
        }
        let rest = expected - (value - parts.reduce(0) { $0 + $1.value }) - single.reduce(0, +)
        let weights = zip(parts, single).map { max($0.value.magnitude, $1.magnitude) }
        let weight = weights.reduce(0, +)
        return parts.indices.map { number in
            let share = weight > 0 ? weights[number] / weight : 1 / Double(parts.count)
            let expected = single[number] + rest * share
            let own = parts[number].value - expected
            return Contribution(
                name: parts[number].name, value: parts[number].value, expected: expected, share: own / difference)
        }.sorted { ($0.share, $1.name) > ($1.share, $0.name) }
    }
}
