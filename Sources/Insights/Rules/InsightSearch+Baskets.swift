internal import AnalyticsArtefacts

extension InsightSearch {
    /// Baskets that an item needs, and a pair.
    private static let leastBaskets = 5
    /// Larger ones are restocking, and pair everything with everything.
    private static let greatestBasket = 50
    private static let leastLift = 3.0

    /// Goods that are bought in one visit more often than chance has it.
    func boughtTogether() -> RuleOutcome {
        var outcome = RuleOutcome(name: "boughtTogether")
        let baskets = tallies.baskets.filter { (2...Self.greatestBasket).contains($0.count) }
        guard !baskets.isEmpty else {
            outcome.skipped = "no visit that bought several things"
            return outcome
        }
        var singles = [Int](repeating: 0, count: log.products.count)
        for basket in tallies.baskets where basket.count <= Self.greatestBasket {
            for item in basket { singles[Int(item)] += 1 }
        }
        let total = tallies.baskets.count { $0.count <= Self.greatestBasket }
        var pairs: [UInt64: Int] = [:]
        for basket in baskets {
            let frequent = basket.filter { singles[Int($0)] >= Self.leastBaskets }
            for (place, first) in frequent.enumerated() {
                for second in frequent[(place + 1)...] { pairs[UInt64(first) << 32 | UInt64(second), default: 0] += 1 }
            }
        }
        let frequent = singles.count { $0 >= Self.leastBaskets }
        let asked = max(1, frequent * (frequent - 1) / 2)
        let keys = pairs.filter { $0.value >= Self.leastBaskets }.keys.sorted()
        outcome.candidates = keys.map { key in
            let (first, second, count) = (Int(key >> 32), Int(key & 0xffff_ffff), pairs[key] ?? 0)
            let usual = Double(singles[first]) * Double(singles[second]) / Double(total)
            // All pairs of such items were asked about, those that never met too.
            let probability = TailProbability.upper(count, of: total, share: min(1, usual / Double(total)))
            return Candidate(
                probability: min(1, probability * Double(asked) / Double(max(1, keys.count))),
                make: { boughtTogether(first, second, count, usual, singles, $0) },
                isLarge: Double(count) >= Self.leastLift * usual)
        }
        return outcome
    }

    private func boughtTogether(
        _ first: Int, _ second: Int, _ count: Int, _ usual: Double, _ singles: [Int], _ confidence: Double
    ) -> Insight {
        let (a, b) = (log.products[first], log.products[second])
        let (rarer, other) = singles[first] <= singles[second] ? (first, second) : (second, first)
        let share = Double(count) / Double(singles[rarer])
        // One in ten of those who now buy only the other is shown to be had for the rarer, at most.
        let reached = 0.1 * Double(singles[other] - count) * share / weeks
        return Insight(
            id: "boughtTogether:\(a.id)+\(b.id)", rule: "boughtTogether",
            title: "\(quoted(a.title)) and \(quoted(b.title)) are bought together",
            evidence:
                "\(number(count)) orders have both, where \(ReadableCount.text(usual)) would be expected by chance; "
                + "\(percent(share)) of the orders with the rarer one have the other.",
            advice: "Show each on the other's page and in the cart, or sell them as a set.", subjectKind: "item",
            subjects: [a.id, b.id], affected: singles[other] - count, affectedUnit: "orders", confidence: confidence,
            worth: finite(reached * worthOfPurchase(rarer)), worthUnit: worthUnit,
            figures: [
                .init("orders", Double(count)), .init("expected", usual),
                .init("lift", Double(count) / max(usual, 1e-9)), .init("share", share),
            ])
    }
}
