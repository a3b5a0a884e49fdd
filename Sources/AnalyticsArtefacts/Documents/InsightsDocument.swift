/// What the shop could mend, by rules with evidence; what is worth most comes first.
package struct InsightsDocument: ArtefactDocument {
    package static let name = ArtefactName.insights

    package struct Insight: Codable, Sendable, Equatable {
        package struct Figure: Codable, Sendable, Equatable {
            package let name: String
            package let value: Double
            /// Of 95 %, where the figure is an estimate.
            package let lower: Double?
            package let upper: Double?

            package init(_ name: String, _ value: Double, lower: Double? = nil, upper: Double? = nil) {
                (self.name, self.value, self.lower, self.upper) = (name, value, lower, upper)
            }
        }

        /// `RULE:SUBJECT`, the same in every analysis that finds it again.
        package let id: String
        /// `seldomBought`, `losesVisitors`, `abandonedCarts`, `searchWithoutClicks`, `boughtTogether`, `conversionFell`, `stockOut`,
        /// `deadCatalogue` ...
        package let rule: String
        package let title: String
        /// The evidence in sentences, with the numbers.
        package let evidence: String
        /// What to try.
        package let advice: String
        /// `item`, `category`, `query`, `group`, `shop`; and which: ids, of a pair two.
        package let subjectKind: String
        package let subjects: [String]
        /// How many are affected, of what: `visits`, `users`, `items`, `searches`.
        package let affected: Int
        package let affectedUnit: String
        /// 1 less the adjusted p-value (Benjamini and Hochberg, over all that the rule looked at); 1 of what was merely counted.
        package let confidence: Double
        /// What it may be worth a week, in `worthUnit`: `revenue`, or `orders` where there is no money.
        package let worth: Double
        package let worthUnit: String
        package let figures: [Figure]

        package init(
            id: String, rule: String, title: String, evidence: String, advice: String, subjectKind: String,
            subjects: [String], affected: Int, affectedUnit: String, confidence: Double, worth: Double,
            worthUnit: String, figures: [Figure]
        ) {
            (self.id, self.rule, self.title, self.evidence) = (id, rule, title, evidence)
            (self.advice, self.subjectKind, self.subjects) = (advice, subjectKind, subjects)
            (self.affected, self.affectedUnit, self.confidence) = (affected, affectedUnit, confidence)
            (self.worth, self.worthUnit, self.figures) = (worth, worthUnit, figures)
        }
    }

    /// What a rule looked at, and what it found.
    package struct Rule: Codable, Sendable, Equatable {
        package let name: String
        package let tested: Int
        package let found: Int
        /// Why it could not look; nil where it could.
        package let skipped: String?

        package init(name: String, tested: Int, found: Int, skipped: String?) {
            (self.name, self.tested, self.found, self.skipped) = (name, tested, found, skipped)
        }
    }

    package let insights: [Insight]
    package let rules: [Rule]

    package init(insights: [Insight], rules: [Rule]) { (self.insights, self.rules) = (insights, rules) }

    package var fault: String? {
        var check = DocumentCheck()
        check.count(insights.count, of: "insights")
        check.count(rules.count, of: "rules")
        check.holds(Set(insights.map(\.id)).count == insights.count, "two insights of one id")
        for rule in rules {
            check.name(rule.name, "a rule")
            check.text(rule.skipped ?? "", "a rule")
        }
        for one in insights {
            let what = "the insight \(one.id.prefix(80))"
            // A pair's ids stand in it.
            check.holds(one.id.utf8.count <= 3 * DocumentLimits.nameBytes, "an id that is too long in \(what)")
            for name in [one.rule, one.subjectKind, one.affectedUnit, one.worthUnit] + one.subjects {
                check.name(name, what)
            }
            for text in [one.title, one.evidence, one.advice] { check.text(text, what) }
            check.count(one.subjects.count, of: "subjects")
            check.holds(one.affected >= 0, "a count below 0 in \(what)")
            check.share(one.confidence, what)
            check.number(one.worth, what)
            check.count(one.figures.count, of: "figures")
            for figure in one.figures {
                check.name(figure.name, what)
                check.numbers([figure.value, figure.lower, figure.upper], what)
            }
        }
        return check.fault
    }
}
