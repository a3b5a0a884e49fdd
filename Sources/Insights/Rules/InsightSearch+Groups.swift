internal import AnalyticsArtefacts
internal import Segmentation

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The search has a log of its own.
private func logarithm(_ value: Double) -> Double { log(value) }

extension InsightSearch {
    private static let recentWeeks = 4
    private static let earlierWeeks = 8
    private static let leastEarlierWeeks = 4
    private static let leastVisits = 200
    /// A fifth less.
    private static let leastFall = 0.2

    /// Visits and those with a purchase, by week back from the last day.
    private struct Weeks {
        var visits = [Int](repeating: 0, count: InsightSearch.recentWeeks + InsightSearch.earlierWeeks)
        var purchases = [Int](repeating: 0, count: InsightSearch.recentWeeks + InsightSearch.earlierWeeks)

        var recent: Proportion { proportion(0..<InsightSearch.recentWeeks) }
        var earlier: Proportion { proportion(InsightSearch.recentWeeks..<visits.count) }

        private func proportion(_ range: Range<Int>) -> Proportion {
            Proportion(count: purchases[range].reduce(0, +), of: visits[range].reduce(0, +))
        }

        mutating func add(_ week: Int, _ isPurchase: Bool) {
            visits[week] += 1
            purchases[week] += isPurchase ? 1 : 0
        }

        func less(_ other: Weeks) -> Weeks {
            var rest = self
            for week in visits.indices {
                rest.visits[week] -= other.visits[week]
                rest.purchases[week] -= other.purchases[week]
            }
            return rest
        }

        /// How far each earlier week is from them all, squared, in variances.
        var squares: [Double] {
            let share = earlier.share
            return (InsightSearch.recentWeeks..<visits.count).compactMap { week in
                let expected = share * Double(visits[week])
                let variance = expected * (1 - share)
                let difference = Double(purchases[week]) - expected
                return variance >= 1 ? difference * difference / variance : nil
            }
        }

        /// The change of the log-odds and its variance.
        var change: (value: Double, variance: Double) {
            func odds(_ share: Proportion) -> (Double, Double) {
                let (yes, no) = (Double(share.count) + 0.5, Double(share.total - share.count) + 0.5)
                return (logarithm(yes / no), 1 / yes + 1 / no)
            }
            let (now, then) = (odds(recent), odds(earlier))
            return (now.0 - then.0, now.1 + then.1)
        }
    }

    /// Groups that buy less of late than before, and more so than the others.
    func conversionFell() -> RuleOutcome {
        var outcome = RuleOutcome(name: "conversionFell")
        let span = Int(lastDay) - Int(firstDay) + 1
        guard span >= 7 * (Self.recentWeeks + Self.leastEarlierWeeks) else {
            outcome.skipped = "less than \(Self.recentWeeks + Self.leastEarlierWeeks) weeks of events"
            return outcome
        }
        let all = weekly { _ in true }
        var squares: [Double] = []
        var rows: [(grouping: ShopBehaviour.Grouping, name: String, weeks: Weeks)] = []
        for grouping in log.groupings {
            for place in grouping.names.indices {
                let weeks = weekly { grouping.places[$0] == Int32(place) }
                guard weeks.recent.total >= Self.leastVisits, weeks.earlier.total >= Self.leastVisits else { continue }
                squares += weeks.squares
                rows.append((grouping, grouping.names[place], weeks))
            }
        }
        let dispersion = Dispersion.of(squares.isEmpty ? all.squares : squares)
        if all.recent.total >= Self.leastVisits, all.earlier.total >= Self.leastVisits {
            let (change, variance) = all.change
            outcome.candidates.append(
                Candidate(
                    probability: TailProbability.normal(above: -change / (variance * dispersion).squareRoot()),
                    make: { conversionFell(nil, "", all, all, $0) }, isLarge: Self.isLarge(all)))
        }
        for row in rows {
            let rest = all.less(row.weeks)
            let (own, others) = (row.weeks.change, rest.change)
            let alone = -own.value / (own.variance * dispersion).squareRoot()
            // Where the whole shop fell, a group is told only if it fell more.
            let against = -(own.value - others.value) / ((own.variance + others.variance) * dispersion).squareRoot()
            let isAlone = rest.recent.total < Self.leastVisits || rest.earlier.total < Self.leastVisits
            outcome.candidates.append(
                Candidate(
                    probability: TailProbability.normal(above: isAlone ? alone : min(alone, against)),
                    make: { conversionFell(row.grouping.dimension, row.name, row.weeks, rest, $0) },
                    isLarge: Self.isLarge(row.weeks)))
        }
        return outcome
    }

    private static func isLarge(_ weeks: Weeks) -> Bool { weeks.recent.share <= (1 - leastFall) * weeks.earlier.share }

    private func weekly(where isOf: (Int) -> Bool) -> Weeks {
        var weeks = Weeks()
        for (visit, event) in tallies.firstEvents.enumerated() where event >= 0 && isOf(Int(event)) {
            let week = Int(lastDay - log.days[Int(event)]) / 7
            if week < Self.recentWeeks + Self.earlierWeeks { weeks.add(week, tallies.hasPurchase[visit]) }
        }
        return weeks
    }

    private func conversionFell(
        _ dimension: String?, _ name: String, _ weeks: Weeks, _ rest: Weeks, _ confidence: Double
    ) -> Insight {
        let (now, then) = (weeks.recent, weeks.earlier)
        let lost = Double(now.total) * max(0, then.share - now.upper) / Double(Self.recentWeeks)
        let who = dimension.map { "\($0) \(quoted(name))" } ?? "the whole shop"
        var evidence =
            "In the last \(Self.recentWeeks) weeks \(percent(now.share)) of \(number(now.total)) visits bought (95 % interval "
            + "\(percent(now.lower)) to \(percent(now.upper))), against \(percent(then.share)) of \(number(then.total)) before."
        if dimension != nil {
            evidence += " All others went from \(percent(rest.earlier.share)) to \(percent(rest.recent.share))."
        }
        return Insight(
            id: "conversionFell:\(dimension ?? "shop")=\(name)", rule: "conversionFell",
            title: dimension == nil ? "Visits buy less often" : "Visits of \(who) buy less often",
            evidence: evidence,
            advice:
                "Ask what changed there \(Self.recentWeeks) weeks ago: a release, a payment or delivery option, prices, a "
                + "campaign that brings others. Walk through a purchase as they would.",
            subjectKind: dimension == nil ? "shop" : "group", subjects: dimension.map { [$0, name] } ?? [],
            affected: now.total, affectedUnit: "visits", confidence: confidence, worth: finite(lost * meanOrder),
            worthUnit: worthUnit,
            figures: [
                .init("conversion", now.share, lower: now.lower, upper: now.upper),
                .init("before", then.share, lower: then.lower, upper: then.upper),
            ])
    }
}
