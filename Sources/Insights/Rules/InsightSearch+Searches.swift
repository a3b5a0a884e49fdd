internal import AnalyticsArtefacts
internal import Segmentation

extension InsightSearch {
    private static let leastSearches = 20
    private static let leastRatio = 1.5

    /// Queries after which nobody clicks.
    func searchWithoutClicks() -> RuleOutcome {
        var outcome = RuleOutcome(name: "searchWithoutClicks")
        let searches = tallies.queries.reduce(0) { $0 + $1.searches }
        let unclicked = tallies.queries.reduce(0) { $0 + $1.unclicked }
        guard searches > 0 else {
            outcome.skipped = "no searches with their words"
            return outcome
        }
        let asked = tallies.queries.indices.filter { tallies.queries[$0].searches >= Self.leastSearches }
        let rows = asked.map { query -> (query: Int, counts: VisitTallies.QueryCounts, usual: Double) in
            let counts = tallies.queries[query]
            // Half a case more and less keeps shares of none and all possible.
            let usual = (Double(unclicked - counts.unclicked) + 0.5) / (Double(searches - counts.searches) + 1)
            return (query, counts, usual)
        }
        let dispersion = Dispersion.of(
            rows.compactMap { row in
                let expected = row.usual * Double(row.counts.searches)
                let variance = expected * (1 - row.usual)
                let difference = Double(row.counts.unclicked) - expected
                return variance >= 1 ? difference * difference / variance : nil
            })
        outcome.candidates = rows.map { row in
            let share = Proportion(count: row.counts.unclicked, of: row.counts.searches)
            let isLarge =
                share.share >= Self.leastRatio * row.usual || 1 - share.share <= (1 - row.usual) / Self.leastRatio
            return Candidate(
                probability: TailProbability.upper(
                    row.counts.unclicked, of: row.counts.searches, share: row.usual, dispersion: dispersion),
                make: { searchWithoutClicks(row.query, share, row.usual, $0) }, isLarge: isLarge)
        }
        return outcome
    }

    private func searchWithoutClicks(_ query: Int, _ share: Proportion, _ usual: Double, _ confidence: Double)
        -> Insight
    {
        let text = log.queryTexts[query]
        let lost = Double(share.total) * max(0, share.lower - usual) / weeks
        let buying = Double(tallies.purchasingVisitCount) / Double(max(1, tallies.visitCount))
        return Insight(
            id: "searchWithoutClicks:\(text)", rule: "searchWithoutClicks",
            title: "Searches for \(quoted(text)) lead nowhere",
            evidence: "\(number(share.total)) searches, and after \(number(share.count)) of them nothing was clicked: "
                + "\(percent(share.share)) (95 % interval \(percent(share.lower)) to \(percent(share.upper))), against "
                + "\(percent(usual)) of all other searches.",
            advice:
                "Try the search. Where it has no results, add a synonym or the goods; where it has wrong ones, mend their "
                + "order.",
            subjectKind: "query", subjects: [text], affected: share.count, affectedUnit: "searches",
            confidence: confidence, worth: finite(lost * buying * meanOrder), worthUnit: worthUnit,
            figures: [
                .init("unclicked", share.share, lower: share.lower, upper: share.upper), .init("usual", usual),
                .init("searches", Double(share.total)),
            ])
    }
}
