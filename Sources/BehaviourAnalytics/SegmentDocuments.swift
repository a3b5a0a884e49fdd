internal import AnalyticsArtefacts

/// Segments of users, measured by what is known of their members.
struct SegmentDocuments {
    let segments: UserAnalysis.Segments
    let users: UsersDocument

    private static let method =
        "By quintiles of recency, frequency and value of purchases (RFM), into ten segments by rule; users without a purchase are "
        + "one more."

    private static let advice: [String: String] = [
        "champions": "Ask them for reviews, show them what is new first; no discounts are needed.",
        "loyal": "Offer them more of what they buy, and a programme for those who stay.",
        "potential_loyalists": "Recommend what goes with their first purchases while they remember them.",
        "new_customers": "See that their first order goes well, and write once with what fits it.",
        "promising": "Give them a reason for a second purchase.",
        "need_attention": "Write to them now: an offer with an end date, for what they looked at.",
        "about_to_sleep": "Remind them of what they liked before they forget the shop.",
        "at_risk": "Win them back with what they used to buy; ask what went wrong.",
        "cannot_lose": "Speak to them in person: they were worth most and stay away.",
        "hibernating": "Cheap reminders only; spend the effort on others.",
        UserAnalysis.prospectName:
            "Ease the first purchase: free delivery, clear returns, what others like them bought.",
    ]

    var document: SegmentsDocument {
        var members = Array(repeating: [Int](), count: segments.names.count)
        for (user, segment) in segments.places.enumerated() { members[segment].append(user) }
        let money = users.revenue.reduce(0) { $0 + ($1 ?? 0) }
        let purchases = users.purchases.reduce(0, +)
        return SegmentsDocument(
            method: Self.method,
            segments: segments.names.indices.filter { !members[$0].isEmpty }.map { place in
                segment(place, members[place], money: money, purchases: purchases)
            })
    }

    private func segment(_ place: Int, _ members: [Int], money: Double, purchases: Int) -> SegmentsDocument.Segment {
        let bought = members.reduce(0) { $0 + users.purchases[$1] }
        let revenue = users.revenue.isEmpty ? nil : members.reduce(0) { $0 + (users.revenue[$1] ?? 0) }
        let share: Double
        if let revenue, money > 0 {
            share = revenue / money
        } else {
            share = Double(bought) / Double(max(1, purchases))
        }
        func mean(_ column: [Double?]) -> Double? {
            let values = column.isEmpty ? [] : members.compactMap { column[$0] }
            return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
        let day = 86_400_000.0
        return SegmentsDocument.Segment(
            name: segments.names[place], title: segments.titles[place], users: members.count,
            share: Rounded.share(Double(members.count) / Double(max(1, users.ids.count))),
            revenueShare: Rounded.share(share), revenue: revenue.map(Rounded.value), purchases: bought,
            recencyDays: Self.median(members.map { Double(users.moment - users.lastTimes[$0]) / day }),
            purchasesEach: Self.median(members.map { Double(users.purchases[$0]) }),
            revenueEach: users.revenue.isEmpty ? nil : Self.median(members.map { users.revenue[$0] ?? 0 }),
            purchaseProbability: mean(users.model("purchase")?.predictions ?? []).map(Rounded.share),
            churnProbability: mean(users.model("churn")?.predictions ?? []).map(Rounded.share),
            value: mean(users.value).map(Rounded.value), advice: Self.advice[segments.names[place]] ?? "")
    }

    private static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return Rounded.value(
            sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2)
    }
}
