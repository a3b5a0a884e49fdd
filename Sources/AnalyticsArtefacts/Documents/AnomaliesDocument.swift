/// What was unusual in the series, and which users and visits are unlike the others. Newest first.
package struct AnomaliesDocument: ArtefactDocument {
    package static let name = ArtefactName.anomalies

    package struct Anomaly: Codable, Sendable, Equatable {
        /// The same in every analysis that finds it again: `day:revenue:point:2011-12-05`.
        package let id: String
        /// `day` or `week`, and which.
        package let period: String
        package let at: String
        package let indicator: String
        /// `point` or `levelShift`.
        package let kind: String
        /// `above` or `below`.
        package let direction: String
        package let value: Double
        package let expected: Double
        package let lower: Double
        package let upper: Double
        /// Robust standard deviations from what was expected.
        package let deviations: Double
        /// 0 to 1, calibrated: how rarely a usual series has such a value.
        package let score: Double
        /// Those that explain most first.
        package let contributions: [Contribution]

        package init(
            id: String, period: String, at: String, indicator: String, kind: String, direction: String, value: Double,
            expected: Double, lower: Double, upper: Double, deviations: Double, score: Double,
            contributions: [Contribution]
        ) {
            (self.id, self.period, self.at, self.indicator) = (id, period, at, indicator)
            (self.kind, self.direction, self.value, self.expected) = (kind, direction, value, expected)
            (self.lower, self.upper, self.deviations, self.score) = (lower, upper, deviations, score)
            self.contributions = contributions
        }
    }

    package struct Contribution: Codable, Sendable, Equatable {
        package let dimension: String
        package let group: String
        package let value: Double
        package let expected: Double
        /// Of the difference; those of all groups add up to 1.
        package let share: Double

        package init(dimension: String, group: String, value: Double, expected: Double, share: Double) {
            (self.dimension, self.group, self.value) = (dimension, group, value)
            (self.expected, self.share) = (expected, share)
        }
    }

    /// A user or a visit that is unlike the others.
    package struct Visitor: Codable, Sendable, Equatable {
        /// `user:ID` or `visit:ID@MILLISECONDS`.
        package let id: String
        package let user: String
        /// Of a visit, when it began, in milliseconds since 1970; nil of a user.
        package let start: Int64?
        package let events: Int
        /// 0 to 1 of the isolation forest.
        package let score: Double
        /// What is unusual, strongest first: `events_per_active_day 812, of others 3.2`.
        package let reasons: [Reason]

        package init(id: String, user: String, start: Int64?, events: Int, score: Double, reasons: [Reason]) {
            (self.id, self.user, self.start) = (id, user, start)
            (self.events, self.score, self.reasons) = (events, score, reasons)
        }
    }

    package struct Reason: Codable, Sendable, Equatable {
        package let feature: String
        package let value: Double
        /// The median of all.
        package let usual: Double
        /// Of all, those that are no further out.
        package let percentile: Double

        package init(feature: String, value: Double, usual: Double, percentile: Double) {
            (self.feature, self.value, self.usual, self.percentile) = (feature, value, usual, percentile)
        }
    }

    package let anomalies: [Anomaly]
    package let visitors: [Visitor]

    package init(anomalies: [Anomaly], visitors: [Visitor]) {
        (self.anomalies, self.visitors) = (anomalies, visitors)
    }

    package var fault: String? {
        var check = DocumentCheck()
        check.count(anomalies.count, of: "anomalies")
        check.count(visitors.count, of: "visitors")
        check.holds(Set(anomalies.map(\.id)).count == anomalies.count, "two anomalies of one id")
        for one in anomalies {
            let what = "the anomaly \(one.id.prefix(80))"
            for name in [one.id, one.period, one.at, one.indicator, one.kind, one.direction] { check.name(name, what) }
            check.numbers([one.value, one.expected, one.lower, one.upper, one.deviations], what)
            check.share(one.score, what)
            check.count(one.contributions.count, of: "contributions")
            for part in one.contributions {
                check.name(part.group, what)
                check.name(part.dimension, what)
                check.numbers([part.value, part.expected, part.share], what)
            }
        }
        for one in visitors {
            let what = "the visitor \(one.id.prefix(80))"
            // A user's id may be as long as a name, and stands in the visitor's.
            check.holds(one.id.utf8.count <= 2 * DocumentLimits.nameBytes, "an id that is too long in \(what)")
            check.name(one.user, what)
            check.share(one.score, what)
            check.count(one.reasons.count, of: "reasons")
            for reason in one.reasons {
                check.name(reason.feature, what)
                check.numbers([reason.value, reason.usual], what)
                check.share(reason.percentile, what)
            }
        }
        return check.fault
    }
}
