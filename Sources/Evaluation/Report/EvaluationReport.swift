/// What one evaluation run found: systems side by side on the same test users.
package struct EvaluationReport: Sendable {
    /// One system's figures with their intervals, one a cut-off; an interval is nil without test users.
    package struct Row: Sendable {
        package let evaluation: SystemEvaluation
        /// Measured by the caller; nil where it did not measure, so that two reports can be equal.
        package let latency: LatencySummary?
        package let hitRate: [ConfidenceInterval?]
        package let ndcg: [ConfidenceInterval?]
    }

    /// A mean difference between two systems on the same users.
    package struct Difference: Sendable {
        package let interval: ConfidenceInterval
        package let test: RandomisationTest
        /// The test's p-value by Holm's method over all systems that the reference is compared with at this cut-off.
        package fileprivate(set) var adjustedPValue: Double
    }

    /// The reference system less another one, user by user.
    package struct Comparison: Sendable {
        package let cutOff: Int
        package let other: String
        package fileprivate(set) var hitRate: Difference
        package fileprivate(set) var ndcg: Difference
    }

    /// A fact about how the systems came to be: a setting, a count.
    package struct SetupFact: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package let split: SplitStrategy
    package let repeats: RepeatPolicy
    package let facts: SplitFacts
    package let cutOffs: CutOffs
    package let catalogueItemCount: Int
    package let rows: [Row]
    package let reference: String
    /// By ascending cut-off, then in the order of the systems; empty where the reference or another system is missing.
    package let comparisons: [Comparison]
    package let bootstrap: BootstrapSettings
    /// The property that semantic accuracy is told by; nil without.
    package let categoryName: String?
    package let setup: [SetupFact]
    package let notes: [String]
    package let warnings: [String]

    /// All systems were run on `task` at the same cut-offs, with the same groupings and descriptions of items. `notes` and
    /// `warnings` follow those of the split.
    package init(
        of split: DataSplit, task: RankingTask,
        systems: [(evaluation: SystemEvaluation, latency: LatencySummary?)], cutOffs: CutOffs, reference: String,
        bootstrap: BootstrapSettings = BootstrapSettings(), categoryName: String? = nil, setup: [SetupFact] = [],
        notes: [String] = [], warnings: [String] = []
    ) {
        precondition(systems.allSatisfy { $0.evaluation.cutOffs == cutOffs }, "all systems have the same cut-offs")
        self.split = split.strategy
        repeats = split.repeats
        facts = split.facts
        self.cutOffs = cutOffs
        catalogueItemCount = task.catalogueItemCount
        self.reference = reference
        self.bootstrap = bootstrap
        self.categoryName = categoryName
        self.setup = setup
        self.notes = split.facts.notes + notes
        self.warnings = split.facts.warnings + warnings
        rows = systems.map { system in
            Row(
                evaluation: system.evaluation, latency: system.latency,
                hitRate: system.evaluation.hitByUser.map { ConfidenceInterval(ofMeanOf: $0, settings: bootstrap) },
                ndcg: system.evaluation.ndcgByUser.map { ConfidenceInterval(ofMeanOf: $0, settings: bootstrap) })
        }
        let evaluations = systems.map(\.evaluation)
        comparisons = cutOffs.values.indices.flatMap {
            Self.compare(reference, in: evaluations, atCutOff: $0, settings: bootstrap)
        }
    }

    private static func compare(
        _ reference: String, in systems: [SystemEvaluation], atCutOff index: Int, settings: BootstrapSettings
    ) -> [Comparison] {
        guard let first = systems.first(where: { $0.name == reference }) else { return [] }
        var found: [Comparison] = []
        for other in systems where other.name != reference {
            guard
                let hitRate = Difference(first.hitByUser[index], other.hitByUser[index], settings),
                let ndcg = Difference(first.ndcgByUser[index], other.ndcgByUser[index], settings)
            else { return [] }
            found.append(
                Comparison(cutOff: first.cutOffs.values[index], other: other.name, hitRate: hitRate, ndcg: ndcg))
        }
        let hitRates = RandomisationTest.holmAdjusted(found.map(\.hitRate.test.pValue))
        let ndcgs = RandomisationTest.holmAdjusted(found.map(\.ndcg.test.pValue))
        for position in found.indices {
            found[position].hitRate.adjustedPValue = hitRates[position]
            found[position].ndcg.adjustedPValue = ndcgs[position]
        }
        return found
    }
}

extension EvaluationReport.Difference {
    /// Nil without users.
    fileprivate init?(_ values: [Double], _ others: [Double], _ settings: BootstrapSettings) {
        guard let interval = ConfidenceInterval(ofMeanDifferenceOf: values, and: others, settings: settings) else {
            return nil
        }
        self.interval = interval
        test = RandomisationTest(of: zip(values, others).map { $0 - $1 }, seed: settings.seed)
        adjustedPValue = test.pValue
    }
}
