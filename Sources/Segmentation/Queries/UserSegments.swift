/// Which segment each user belongs to, by the votes of what the user searched for.
package struct UserSegments: Sendable, Equatable {
    package struct Vote: Sendable, Equatable {
        package let user: Int32
        package let segment: Int32
        /// Above 0: what a search counts.
        package let weight: Double
        /// Milliseconds since 1970-01-01T00:00:00Z.
        package let time: Int64

        package init(user: Int32, segment: Int32, weight: Double, time: Int64) {
            self.user = user
            self.segment = segment
            self.weight = weight
            self.time = time
        }
    }

    package struct Membership: Sendable, Equatable {
        package let user: Int32
        package let segment: Int32
        /// Of the user's votes, by weight.
        package let share: Double
        /// The time of the newest vote.
        package let updated: Int64
    }

    /// Ascending by user.
    package let memberships: [Membership]

    /// A search that led to a click tells more than one that led to none: twice as much is the usual reading of a click as a
    /// sign of satisfaction.
    package static let clickedWeight = 2.0

    /// The segment with most weight wins; among equals that of the newer vote, then the lesser one.
    package init(_ votes: [Vote], segmentCount: Int) {
        let ordered = votes.enumerated().sorted { ($0.element.user, $0.offset) < ($1.element.user, $1.offset) }
        var memberships: [Membership] = []
        var start = 0
        while start < ordered.count {
            let user = ordered[start].element.user
            var end = start
            var weights = [Double](repeating: 0, count: segmentCount)
            var newest = [Int64](repeating: .min, count: segmentCount)
            while end < ordered.count && ordered[end].element.user == user {
                let vote = ordered[end].element
                precondition(vote.weight > 0, "a vote without weight is none")
                weights[Int(vote.segment)] += vote.weight
                newest[Int(vote.segment)] = max(newest[Int(vote.segment)], vote.time)
                end += 1
            }
            let best = (0..<segmentCount).reduce(0) { best, segment in
                (weights[segment], newest[segment]) > (weights[best], newest[best]) ? segment : best
            }
            memberships.append(
                Membership(
                    user: user, segment: Int32(best), share: weights[best] / weights.reduce(0, +),
                    updated: newest.max() ?? 0))
            start = end
        }
        self.memberships = memberships
    }
}
