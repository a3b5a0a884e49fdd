internal import AnalyticsArtefacts
internal import Segmentation

/// Rules that compare items with the others of their category.
extension InsightSearch {
    /// Visits that an item needs.
    private static let leastVisits = 30
    private static let leastCarts = 20
    /// Half as many again, or a third less.
    private static let leastRatio = 1.5

    private func pool(_ row: PoolComparison.Row) -> String {
        row.pool.map { "others in \(quoted($0))" } ?? "other items"
    }

    private func figures(_ share: Proportion, _ row: PoolComparison.Row, _ name: String) -> [Insight.Figure] {
        [
            .init(name, share.share, lower: share.lower, upper: share.upper), .init("usual", row.usual),
            .init("visits", Double(row.total)),
        ]
    }

    /// Viewed much and bought little.
    func seldomBought() -> RuleOutcome {
        var outcome = RuleOutcome(name: "seldomBought")
        guard tallies.purchasingVisitCount > 0 else {
            outcome.skipped = "no purchases"
            return outcome
        }
        let rows = PoolComparison(log, leastTotal: Self.leastVisits) { item in
            (tallies.items[item].viewedAndBought, tallies.items[item].viewed)
        }.rows
        outcome.candidates = rows.map { row in
            let share = Proportion(count: row.count, of: row.total)
            return Candidate(
                probability: TailProbability.lower(
                    row.count, of: row.total, share: row.usual, dispersion: row.dispersion),
                make: { seldomBought(row, share, $0) }, isLarge: share.share * Self.leastRatio <= row.usual)
        }
        return outcome
    }

    private func seldomBought(_ row: PoolComparison.Row, _ share: Proportion, _ confidence: Double) -> Insight {
        let product = log.products[row.item]
        let missing = Double(row.total) * max(0, row.usual - share.upper) / weeks
        return Insight(
            id: "seldomBought:\(product.id)", rule: "seldomBought",
            title: "\(quoted(product.title)) is looked at often and seldom bought",
            evidence: "\(number(row.total)) visits looked at it and \(number(row.count)) of them bought it: "
                + "\(percent(share.share)) (95 % interval \(percent(share.lower)) to \(percent(share.upper))), against "
                + "\(percent(row.usual)) of \(pool(row)).",
            advice:
                "Look at its page as a customer does: price, pictures, sizes, reviews, delivery. Compare its price with "
                + "others', and show likely alternatives beside it.",
            subjectKind: "item", subjects: [product.id], affected: row.total - row.count, affectedUnit: "visits",
            confidence: confidence, worth: finite(missing * worthOfPurchase(row.item)), worthUnit: worthUnit,
            figures: figures(share, row, "conversion"))
    }

    /// Visits that begin with an item's page and end there.
    func losesVisitors() -> RuleOutcome {
        let rows = PoolComparison(log, leastTotal: Self.leastVisits) { item in
            (tallies.items[item].bounces, tallies.items[item].entries)
        }.rows
        var outcome = RuleOutcome(name: "losesVisitors")
        outcome.candidates = rows.map { row in
            let share = Proportion(count: row.count, of: row.total)
            // Of shares near 1 those that stay are what differs.
            let isLarge =
                share.share >= Self.leastRatio * row.usual || 1 - share.share <= (1 - row.usual) / Self.leastRatio
            return Candidate(
                probability: TailProbability.upper(
                    row.count, of: row.total, share: row.usual, dispersion: row.dispersion),
                make: { losesVisitors(row, share, $0) }, isLarge: isLarge)
        }
        return outcome
    }

    private func losesVisitors(_ row: PoolComparison.Row, _ share: Proportion, _ confidence: Double) -> Insight {
        let product = log.products[row.item]
        let lost = Double(row.total) * max(0, share.lower - row.usual) / weeks
        let buying = Double(tallies.purchasingVisitCount) / Double(max(1, tallies.visitCount))
        return Insight(
            id: "losesVisitors:\(product.id)", rule: "losesVisitors",
            title: "Visitors who arrive at \(quoted(product.title)) leave again",
            evidence: "\(number(row.total)) visits began with it and \(number(row.count)) of them ended there: "
                + "\(percent(share.share)) (95 % interval \(percent(share.lower)) to \(percent(share.upper))), against "
                + "\(percent(row.usual)) of \(pool(row)).",
            advice:
                "See what link or advertisement leads there and whether the page keeps its promise; show related items "
                + "near the top of the page.",
            subjectKind: "item", subjects: [product.id], affected: row.count, affectedUnit: "visits",
            confidence: confidence, worth: finite(lost * buying * meanOrder), worthUnit: worthUnit,
            figures: figures(share, row, "bounceRate"))
    }

    func abandonedCarts() -> RuleOutcome {
        var outcome = RuleOutcome(name: "abandonedCarts")
        guard tallies.items.contains(where: { $0.carted > 0 }), tallies.purchasingVisitCount > 0 else {
            outcome.skipped = "no carts, or no purchases"
            return outcome
        }
        let rows = PoolComparison(log, leastTotal: Self.leastCarts) { item in
            (tallies.items[item].abandoned, tallies.items[item].carted)
        }.rows
        outcome.candidates = rows.map { row in
            let share = Proportion(count: row.count, of: row.total)
            let isLarge =
                share.share >= Self.leastRatio * row.usual || 1 - share.share <= (1 - row.usual) / Self.leastRatio
            return Candidate(
                probability: TailProbability.upper(
                    row.count, of: row.total, share: row.usual, dispersion: row.dispersion),
                make: { abandonedCarts(row, share, $0) }, isLarge: isLarge)
        }
        return outcome
    }

    private func abandonedCarts(_ row: PoolComparison.Row, _ share: Proportion, _ confidence: Double) -> Insight {
        let product = log.products[row.item]
        let lost = Double(row.total) * max(0, share.lower - row.usual) / weeks
        return Insight(
            id: "abandonedCarts:\(product.id)", rule: "abandonedCarts",
            title: "\(quoted(product.title)) stays in the cart",
            evidence:
                "\(number(row.total)) visits put it into the cart and \(number(row.count)) of them did not buy it: "
                + "\(percent(share.share)) (95 % interval \(percent(share.lower)) to \(percent(share.upper))), against "
                + "\(percent(row.usual)) of \(pool(row)).",
            advice:
                "Look for what comes after the cart: delivery cost or time, variants that are not to be had, a price that "
                + "changes. Remind those who left it there.",
            subjectKind: "item", subjects: [product.id], affected: row.count, affectedUnit: "visits",
            confidence: confidence, worth: finite(lost * worthOfPurchase(row.item)), worthUnit: worthUnit,
            figures: figures(share, row, "abandonment"))
    }
}
