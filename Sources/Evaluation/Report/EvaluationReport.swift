/// What one evaluation run found: systems side by side on the same test users.
package struct EvaluationReport: Sendable {
    /// One system's figures with their intervals, one a cut-off; an interval is nil without test users.
    package struct Row: Sendable {
        package let evaluation: SystemEvaluation
        /// Wall time of all rankings, measured by the caller; nil where it did not measure.
        package let seconds: Double?
        package let hitRate: [ConfidenceInterval?]
        package let ndcg: [ConfidenceInterval?]
    }

    /// The reference system less the best other one, user by user.
    package struct Comparison: Sendable {
        package let cutOff: Int
        package let other: String
        package let hitRate: ConfidenceInterval
        package let ndcg: ConfidenceInterval
    }

    package let split: SplitStrategy
    package let facts: SplitFacts
    package let cutOffs: CutOffs
    package let catalogueItemCount: Int
    package let rows: [Row]
    package let reference: String
    /// One element a cut-off; empty where the reference or another system is missing.
    package let comparisons: [Comparison]
    package let bootstrap: BootstrapSettings
    package let notes: [String]
    package let warnings: [String]

    /// All systems were run on `task` at the same cut-offs. The other system of a comparison is the one with the greatest
    /// NDCG at that cut-off, the first of equals. It is chosen on the test users themselves, which favours it: the
    /// difference is rather too small than too great. `notes` and `warnings` follow those of the split.
    package init(
        of split: DataSplit, task: RankingTask, systems: [(evaluation: SystemEvaluation, seconds: Double?)],
        cutOffs: CutOffs, reference: String, bootstrap: BootstrapSettings = BootstrapSettings(), notes: [String] = [],
        warnings: [String] = []
    ) {
        precondition(systems.allSatisfy { $0.evaluation.cutOffs == cutOffs }, "all systems have the same cut-offs")
        self.split = split.strategy
        facts = split.facts
        self.cutOffs = cutOffs
        catalogueItemCount = task.catalogueItemCount
        self.reference = reference
        self.bootstrap = bootstrap
        self.notes = split.facts.notes + notes
        self.warnings = split.facts.warnings + warnings
        rows = systems.map { system in
            Row(
                evaluation: system.evaluation, seconds: system.seconds,
                hitRate: system.evaluation.hitByUser.map { ConfidenceInterval(ofMeanOf: $0, settings: bootstrap) },
                ndcg: system.evaluation.ndcgByUser.map { ConfidenceInterval(ofMeanOf: $0, settings: bootstrap) })
        }
        let evaluations = systems.map(\.evaluation)
        comparisons = cutOffs.values.indices.compactMap {
            Self.compare(reference, in: evaluations, atCutOff: $0, settings: bootstrap)
        }
    }

    private static func compare(
        _ reference: String, in systems: [SystemEvaluation], atCutOff index: Int, settings: BootstrapSettings
    ) -> Comparison? {
        guard let first = systems.first(where: { $0.name == reference }) else { return nil }
        var best: SystemEvaluation?
        for other in systems where other.name != reference {
            let value = other.all.mean(of: .ndcg, atCutOff: index) ?? 0
            if value > best?.all.mean(of: .ndcg, atCutOff: index) ?? -1 { best = other }
        }
        guard let best,
            let hitRate = ConfidenceInterval(
                ofMeanDifferenceOf: first.hitByUser[index], and: best.hitByUser[index], settings: settings),
            let ndcg = ConfidenceInterval(
                ofMeanDifferenceOf: first.ndcgByUser[index], and: best.ndcgByUser[index], settings: settings)
        else { return nil }
        return Comparison(cutOff: first.cutOffs.values[index], other: best.name, hitRate: hitRate, ndcg: ndcg)
    }
}
