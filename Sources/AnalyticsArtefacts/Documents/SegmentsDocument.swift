/// Segments of the users: who they are and what they come to. Their weeks are series of `TrendsDocument` of the dimension `segment`.
package struct SegmentsDocument: ArtefactDocument {
    package static let name = ArtefactName.segments

    package struct Segment: Codable, Sendable, Equatable {
        package let name: String
        package let title: String
        package let users: Int
        /// Of all users, and of all revenue, or of all purchases where there is no money.
        package let share: Double
        package let revenueShare: Double
        package let revenue: Double?
        package let purchases: Int
        /// Medians of its users.
        package let recencyDays: Double?
        package let purchasesEach: Double?
        package let revenueEach: Double?
        /// Means over its users of what is foretold; nil where it is not.
        package let purchaseProbability: Double?
        package let churnProbability: Double?
        package let value: Double?
        /// What to do about it.
        package let advice: String

        package init(
            name: String, title: String, users: Int, share: Double, revenueShare: Double, revenue: Double?,
            purchases: Int, recencyDays: Double?, purchasesEach: Double?, revenueEach: Double?,
            purchaseProbability: Double?, churnProbability: Double?, value: Double?, advice: String
        ) {
            (self.name, self.title, self.users, self.share) = (name, title, users, share)
            (self.revenueShare, self.revenue, self.purchases) = (revenueShare, revenue, purchases)
            (self.recencyDays, self.purchasesEach, self.revenueEach) = (recencyDays, purchasesEach, revenueEach)
            (self.purchaseProbability, self.churnProbability) = (purchaseProbability, churnProbability)
            (self.value, self.advice) = (value, advice)
        }
    }

    /// How they were made, as a sentence.
    package let method: String
    package let segments: [Segment]

    package init(method: String, segments: [Segment]) { (self.method, self.segments) = (method, segments) }

    package var fault: String? {
        var check = DocumentCheck()
        check.text(method, "the method")
        check.count(segments.count, of: "segments")
        check.holds(Set(segments.map(\.name)).count == segments.count, "two segments of one name")
        for one in segments {
            let what = "the segment \(one.name.prefix(80))"
            check.name(one.name, what)
            check.name(one.title, what)
            check.text(one.advice, what)
            check.holds(one.users >= 0 && one.purchases >= 0, "a count below 0 in \(what)")
            for share in [one.share, one.revenueShare, one.purchaseProbability, one.churnProbability] {
                check.share(share, what)
            }
            check.numbers([one.revenue, one.recencyDays, one.purchasesEach, one.revenueEach, one.value], what)
        }
        return check.fault
    }
}
