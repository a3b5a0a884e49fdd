extension EvaluationReport {
    /// The report for programs; every metric's key ends in `@k`, the order of keys is fixed.
    package var value: ReportValue {
        .object([
            ("split", .string(split.spelling)),
            ("cutOffs", .array(cutOffs.values.map { .integer($0) })),
            ("catalogueItems", .integer(catalogueItemCount)),
            ("counts", facts.value),
            ("systems", .array(rows.map { systemValue($0) })),
            ("comparisons", .array(comparisons.flatMap { comparisonValues($0) })),
            (
                "bootstrap",
                .object([
                    ("resamples", .integer(bootstrap.resampleCount)), ("seed", .string(String(bootstrap.seed))),
                    ("level", .number(0.95)),
                ])
            ),
            ("notes", .array(notes.map { .string($0) })),
            ("warnings", .array(warnings.map { .string($0) })),
        ])
    }

    private func systemValue(_ row: Row) -> ReportValue {
        let evaluation = row.evaluation
        var metrics: [(key: String, value: ReportValue)] = []
        var intervals = metrics
        for (index, k) in cutOffs.values.enumerated() {
            metrics += groupMembers(evaluation.all, index, k: k)
            let catalogue = evaluation.catalogue[index]
            metrics += [
                ("catalogueCoverage@\(k)", .number(catalogue.coverage)),
                ("meanPopularity@\(k)", ReportValue(catalogue.meanPopularity)),
                ("gini@\(k)", ReportValue(catalogue.gini)),
            ]
            intervals.append(("hitRate@\(k)", row.hitRate[index]?.value ?? .null))
            intervals.append(("ndcg@\(k)", row.ndcg[index]?.value ?? .null))
        }
        return .object([
            ("name", .string(evaluation.name)),
            ("seconds", ReportValue(row.seconds)),
            ("users", .integer(evaluation.all.userCount)),
            ("metrics", .object(metrics)),
            ("intervals", .object(intervals)),
            (
                "byEvidence",
                .object([
                    ("withHistory", groupValue(evaluation.withHistory)),
                    ("withoutHistory", groupValue(evaluation.withoutHistory)),
                ])
            ),
        ])
    }

    private func groupValue(_ group: GroupMetrics) -> ReportValue {
        var metrics: [(key: String, value: ReportValue)] = []
        for (index, k) in cutOffs.values.enumerated() { metrics += groupMembers(group, index, k: k) }
        return .object([("users", .integer(group.userCount)), ("metrics", .object(metrics))])
    }

    private func groupMembers(_ group: GroupMetrics, _ index: Int, k: Int) -> [(key: String, value: ReportValue)] {
        var members: [(key: String, value: ReportValue)] = RankingMetric.allCases.map {
            ("\($0.key)@\(k)", ReportValue(group.mean(of: $0, atCutOff: index)))
        }
        members.append(("userCoverage@\(k)", ReportValue(group.userCoverage)))
        return members
    }

    private func comparisonValues(_ comparison: Comparison) -> [ReportValue] {
        [("hitRate", comparison.hitRate), ("ndcg", comparison.ndcg)].map { key, interval in
            .object([
                ("reference", .string(reference)), ("other", .string(comparison.other)),
                ("metric", .string("\(key)@\(comparison.cutOff)")), ("difference", interval.value),
                ("excludesZero", .boolean(interval.excludesZero)),
            ])
        }
    }
}

extension ConfidenceInterval {
    fileprivate var value: ReportValue {
        .object([
            ("mean", .number(mean)), ("standardError", ReportValue(standardError)), ("lower", .number(lower)),
            ("upper", .number(upper)), ("method", .string(method.rawValue)),
        ])
    }
}

extension SplitFacts {
    fileprivate var value: ReportValue {
        .object([
            ("trainingInteractions", .integer(trainingRowCount)),
            ("testInteractions", .integer(testRowCount)),
            ("testPairs", .integer(testPairCount)),
            ("testUsers", .integer(testUserCount)),
            ("newUsers", .integer(newUserCount)),
            ("newItems", .integer(newItemCount)),
            ("newItemPairs", .integer(newItemPairCount)),
            ("repeatsDroppedFromTest", .integer(repeatsDroppedFromTest)),
            ("repeatsDroppedFromTraining", .integer(repeatsDroppedFromTraining)),
            ("testOlderThanTraining", testRowsOlderThanTraining.map { .integer($0) } ?? .null),
            ("thresholdTimeMilliseconds", thresholdTime.map { .integer(Int($0)) } ?? .null),
            ("trainingShare", ReportValue(trainingShareFound)),
        ])
    }
}
