package import AnalyticsArtefacts
internal import CommandLineInterface

// Design note. Each rule asks one question of many items, queries or groups, and gets for each a p-value by a test that allows for
// counts that vary more than by chance; the p-values of a rule are adjusted together (Benjamini, Hochberg), so that of what a rule tells
// at most one in twenty is expected to be chance. What differs little is not told however certain it is. Each finding has what
// mending it may be worth a week, and findings are ranked by that.

/// Looks for what a shop could mend.
package struct InsightSearch {
    typealias Insight = InsightsDocument.Insight

    /// Of what is told, at most this share is expected to be chance.
    static let falseDiscoveryRate = 0.05
    /// Of one rule: more are no list that anybody works through.
    static let greatestCountOfRule = 50

    let log: ShopBehaviour
    let tallies: VisitTallies
    let weeks: Double
    let firstDay: Int32
    let lastDay: Int32
    /// Whether worth is in money.
    let hasMoney: Bool

    /// Nil of no events.
    package init?(_ log: ShopBehaviour) {
        guard let first = log.days.min(), let last = log.days.max() else { return nil }
        self.log = log
        tallies = VisitTallies(log)
        (firstDay, lastDay) = (first, last)
        weeks = Double(Int(last) - Int(first) + 1) / 7
        hasMoney = tallies.revenue > 0 || log.products.contains { $0.price > 0 }
    }

    /// What a rule found before it is told.
    struct Candidate {
        let probability: Double
        let make: (_ confidence: Double) -> Insight
        /// Whether it differs enough to matter.
        let isLarge: Bool
    }

    struct RuleOutcome {
        let name: String
        var candidates: [Candidate] = []
        var skipped: String?
    }

    /// - Parameter progress: called with the rules done and those to do.
    package func document(progress: (Int, Int) -> Void = { _, _ in }) -> InsightsDocument {
        let rules: [() -> RuleOutcome] = [
            seldomBought, losesVisitors, abandonedCarts, searchWithoutClicks, boughtTogether, conversionFell, stockOut,
            deadCatalogue,
        ]
        var insights: [Insight] = []
        var reports: [InsightsDocument.Rule] = []
        for (place, rule) in rules.enumerated() {
            let outcome = rule()
            let found = Self.found(outcome.candidates)
            reports.append(
                .init(
                    name: outcome.name, tested: outcome.candidates.count, found: found.count, skipped: outcome.skipped))
            insights += found.prefix(Self.greatestCountOfRule)
            progress(place + 1, rules.count)
        }
        return InsightsDocument(insights: Self.ranked(insights), rules: reports)
    }

    private static func found(_ candidates: [Candidate]) -> [Insight] {
        let adjusted = FalseDiscovery.adjusted(candidates.map(\.probability))
        // A loop: the optimiser of Swift 6.3 fails on the same as one expression.
        var insights: [Insight] = []
        for (place, candidate) in candidates.enumerated() {
            let rate = adjusted[place]
            if rate <= falseDiscoveryRate, candidate.isLarge { insights.append(candidate.make(1 - rate)) }
        }
        return ranked(insights)
    }

    private static func ranked(_ insights: [Insight]) -> [Insight] {
        insights.sorted { $0.worth == $1.worth ? $0.id < $1.id : $0.worth > $1.worth }
    }

    var worthUnit: String { hasMoney ? "revenue" : "orders" }

    /// What one purchase of the item comes to: its own mean, else its price, else the shop's mean; 1 without money.
    func worthOfPurchase(_ item: Int) -> Double {
        guard hasMoney else { return 1 }
        let counts = tallies.items[item]
        if counts.revenue > 0 { return counts.revenue / Double(counts.purchaseEvents) }
        let price = log.products[item].price
        if price > 0 { return price }
        return meanPurchase
    }

    /// Of a purchase event of the shop.
    var meanPurchase: Double {
        guard hasMoney else { return 1 }
        let count = tallies.items.reduce(0) { $0 + $1.purchaseEvents }
        if tallies.revenue > 0, count > 0 { return tallies.revenue / Double(count) }
        let prices = log.products.map(\.price).filter { $0 > 0 }
        return prices.isEmpty ? 0 : prices.reduce(0, +) / Double(prices.count)
    }

    /// Of a visit with a purchase.
    var meanOrder: Double {
        guard hasMoney else { return 1 }
        guard tallies.purchasingVisitCount > 0 else { return 0 }
        let count = Double(tallies.items.reduce(0) { $0 + $1.purchaseEvents })
        return meanPurchase * count / Double(tallies.purchasingVisitCount)
    }

    func finite(_ value: Double) -> Double { value.isFinite ? value : 0 }

    func percent(_ share: Double) -> String { ReadableNumber.fixed(100 * share, share < 0.1 ? 1 : 0) + " %" }

    func number(_ count: Int) -> String { ReadableNumber.count(count) }

    /// In quotation marks, shortened to what a title bears.
    func quoted(_ text: String) -> String { "“\(text.count > 80 ? text.prefix(79) + "…" : text[...])”" }
}
