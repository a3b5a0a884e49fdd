/// How far visits came: a view, then a cart, then a purchase, in this order of time.
package struct Funnel: Sendable, Equatable {
    /// The group's name; nil: all visits.
    package let group: String?
    package let visitCount: Int
    package let viewCount: Int
    package let cartCount: Int
    package let purchaseCount: Int
    /// Those with a purchase, whatever came before it.
    package let anyPurchaseCount: Int
}

extension TrendCounter {
    /// Of all, and then of each group in the order of names; empty where only orders are known.
    package var funnels: [Funnel] {
        guard events.hasVisits else { return [] }
        let groups = events.groupNames.indices.sorted { events.groupNames[$0] < events.groupNames[$1] }
        return [funnel(nil)] + groups.map { funnel(Int32($0)) }
    }

    private func funnel(_ group: Int32?) -> Funnel {
        var reached = [0, 0, 0, 0]
        var purchases = 0
        for (visit, event) in visits.firstEvents.enumerated() where event >= 0 && isOf(group, event) {
            for stage in 0...Int(visits.stages[visit]) { reached[stage] += 1 }
            if visits.hasPurchase[visit] { purchases += 1 }
        }
        return Funnel(
            group: group.map { events.groupNames[Int($0)] }, visitCount: reached[0], viewCount: reached[1],
            cartCount: reached[2], purchaseCount: reached[3], anyPurchaseCount: purchases)
    }
}
