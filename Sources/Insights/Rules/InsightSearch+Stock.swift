internal import AnalyticsArtefacts
internal import CommandLineInterface
internal import Segmentation
internal import Trends

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Rules about what the shop has: items that could not be bought for a time, and those that nobody meets.
extension InsightSearch {
    private static let leastPurchases = 20
    private static let leastOutDays = 3
    private static let quietDays: Int32 = 60

    /// An item's days: visits are looked at as views and purchases of that day.
    private struct ItemDays {
        var views: [Int32: Int] = [:]
        var purchases: [Int32: Int] = [:]
    }

    private struct Outage {
        let from: Int32
        let to: Int32
        let expected: Double
        let views: Int
        /// Times between purchases that the longest was looked for among.
        let runs: Int
    }

    /// Items that were looked at as ever and for days not bought at all, though they sell.
    func stockOut() -> RuleOutcome {
        var outcome = RuleOutcome(name: "stockOut")
        let selling = log.products.indices.filter { tallies.items[$0].purchaseEvents >= Self.leastPurchases }
        guard !selling.isEmpty else {
            outcome.skipped = "no item with \(Self.leastPurchases) purchases"
            return outcome
        }
        let days = itemDays(selling)
        let dispersion = dispersion(days)
        outcome.candidates = zip(selling, days).compactMap { item, days in
            guard let out = Self.outage(days, from: firstDay, to: lastDay) else { return nil }
            let probability = min(1, Double(out.runs) * exp(-out.expected / dispersion))
            return Candidate(
                probability: probability, make: { stockOut(item, out, $0) },
                isLarge: out.to - out.from + 1 >= Self.leastOutDays)
        }
        return outcome
    }

    private func itemDays(_ selling: [Int]) -> [ItemDays] {
        var places = [Int32](repeating: -1, count: log.products.count)
        for (place, item) in selling.enumerated() { places[item] = Int32(place) }
        var days = Array(repeating: ItemDays(), count: selling.count)
        for event in 0..<log.count where log.items[event] >= 0 {
            let place = Int(places[Int(log.items[event])])
            guard place >= 0 else { continue }
            switch log.kinds[event] {
            case .view: days[place].views[log.days[event], default: 0] += 1
            case .purchase: days[place].purchases[log.days[event], default: 0] += 1
            default: break
            }
        }
        return days
    }

    /// Of purchases a day around what its views let expect: how much more they vary than a Poisson's.
    private func dispersion(_ all: [ItemDays]) -> Double {
        var (squares, expected) = (0.0, 0.0)
        for days in all {
            let views = days.views.values.reduce(0, +)
            guard views > 0 else { continue }
            let rate = Double(days.purchases.values.reduce(0, +)) / Double(views)
            // In the order of days: sums would differ with the order of hashes.
            for day in days.views.keys.sorted() {
                let usual = rate * Double(days.views[day] ?? 0)
                let difference = Double(days.purchases[day] ?? 0) - usual
                squares += difference * difference
                expected += usual
            }
        }
        return expected > 0 ? max(1, squares / expected) : 1
    }

    /// The time between two days with purchases, or before the first or after the last, in which most was to be expected. The rate is
    /// that of all other days.
    private static func outage(_ days: ItemDays, from first: Int32, to last: Int32) -> Outage? {
        let bought = days.purchases.keys.sorted()
        guard let earliest = days.views.keys.min() else { return nil }
        let total = days.views.values.reduce(0, +)
        let purchases = days.purchases.values.reduce(0, +)
        // Before its first view it was not there.
        let bounds = [max(first, earliest) - 1] + bought + [last + 1]
        var best: Outage?
        for (before, after) in zip(bounds, bounds.dropFirst()) where after - before > 1 {
            let views = (before + 1..<after).reduce(0) { $0 + (days.views[$1] ?? 0) }
            guard views < total else { continue }
            let expected = Double(purchases) / Double(total - views) * Double(views)
            guard expected > best?.expected ?? 0 else { continue }
            best = Outage(
                from: before + 1, to: after - 1, expected: expected, views: views, runs: bounds.count - 1)
        }
        return best
    }

    private func stockOut(_ item: Int, _ out: Outage, _ confidence: Double) -> Insight {
        let product = log.products[item]
        let (from, to) = (TrendPeriod.day.name(of: Int(out.from)), TrendPeriod.day.name(of: Int(out.to)))
        let isOut = out.to == lastDay
        let lost = out.expected * worthOfPurchase(item)
        return Insight(
            id: "stockOut:\(product.id):\(from)", rule: "stockOut",
            title: isOut
                ? "\(quoted(product.title)) is looked at and not bought since \(from)"
                : "\(quoted(product.title)) was not to be bought from \(from) to \(to)",
            evidence: "\(number(out.views)) views from \(from) to \(to) and no purchase, where "
                + "\(ReadableCount.text(out.expected)) were to be expected.",
            advice: isOut
                ? "See whether it is in stock and can be put into the cart. Until it is, say when, and recommend others."
                : "Order earlier, or recommend others while it is sold out: views that cannot buy cost sales.",
            subjectKind: "item", subjects: [product.id], affected: out.views, affectedUnit: "views",
            confidence: confidence,
            // What is over is worth mending as often as it comes: once in the time of the log.
            worth: finite(isOut ? lost * 7 / Double(out.to - out.from + 1) : lost / weeks), worthUnit: worthUnit,
            figures: [
                .init("expectedPurchases", out.expected), .init("views", Double(out.views)),
                .init("days", Double(out.to - out.from + 1)),
            ])
    }

    /// Items of the catalogue that nobody met for two months.
    func deadCatalogue() -> RuleOutcome {
        var outcome = RuleOutcome(name: "deadCatalogue")
        guard log.products.contains(where: \.isInCatalogue) else {
            outcome.skipped = "no catalogue: give --items"
            return outcome
        }
        guard lastDay - firstDay + 1 >= Self.quietDays else {
            outcome.skipped = "less than \(Self.quietDays) days of events"
            return outcome
        }
        let old = log.products.indices.filter { item in
            let product = log.products[item]
            return product.isInCatalogue && product.launchDay.map { $0 <= lastDay - Self.quietDays } ?? true
        }
        let dead = old.filter { tallies.items[$0].lastDay <= lastDay - Self.quietDays }
        guard !dead.isEmpty else {
            outcome.candidates = [Candidate(probability: 1, make: { deadCatalogue(dead, old, $0) }, isLarge: false)]
            return outcome
        }
        // Counted, not estimated.
        outcome.candidates = [Candidate(probability: 0, make: { deadCatalogue(dead, old, $0) }, isLarge: true)]
        return outcome
    }

    private func deadCatalogue(_ dead: [Int], _ old: [Int], _ confidence: Double) -> Insight {
        var counts: [Int32: Int] = [:]
        for item in dead where log.products[item].category >= 0 { counts[log.products[item].category, default: 0] += 1 }
        let most = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3).map {
            "\(quoted(log.categories[Int($0.key)])) (\(number($0.value)))"
        }
        let share = Double(dead.count) / Double(old.count)
        return Insight(
            id: "deadCatalogue:shop", rule: "deadCatalogue",
            title: "\(number(dead.count)) items of the catalogue are met by nobody",
            evidence:
                "\(number(dead.count)) of \(number(old.count)) items (\(percent(share))) that were there two months ago had "
                + "no event in the last \(Self.quietDays) days"
                + (most.isEmpty ? "." : ", most of them in \(most.joined(separator: ", "))."),
            advice:
                "See whether they can be found: category pages, search, recommendations of new and rare items. What nobody "
                + "wants makes room.",
            subjectKind: "shop", subjects: dead.prefix(100).map { log.products[$0].id }, affected: dead.count,
            affectedUnit: "items", confidence: confidence, worth: 0, worthUnit: worthUnit,
            figures: [.init("items", Double(dead.count)), .init("share", share)])
    }
}

/// Expected counts, which are no whole numbers.
enum ReadableCount {
    static func text(_ value: Double) -> String { ReadableNumber.fixed(value, value < 10 ? 1 : 0) }
}
