extension EvaluationReport {
    /// The report for programs; every metric's key ends in `@k`, the order of keys is fixed.
    package var value: ReportValue {
        .object([
            ("split", .string(split.spelling)),
            ("repeats", .string(repeats.rawValue)),
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
            ("category", categoryName.map { .string($0) } ?? .null),
            ("setup", .object(setup.map { ($0.name, .string($0.value)) })),
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
            metrics += CatalogueMetric.allCases.map {
                ("\($0.key)@\(k)", ReportValue(evaluation.catalogue[index].value(of: $0)))
            }
            intervals.append(("hitRate@\(k)", row.hitRate[index]?.value ?? .null))
            intervals.append(("ndcg@\(k)", row.ndcg[index]?.value ?? .null))
        }
        let curve = evaluation.curveCutOffs.values.enumerated().flatMap { index, k in
            RankingMetric.allCases.map {
                (key: "\($0.key)@\(k)", value: ReportValue(evaluation.curve.mean(of: $0, atCutOff: index)))
            }
        }
        return .object([
            ("name", .string(evaluation.name)),
            ("users", .integer(evaluation.all.userCount)),
            ("metrics", .object(metrics)),
            ("intervals", .object(intervals)),
            ("userGroups", .object(evaluation.groupings.map { ($0.grouping.name, groupingValue($0)) })),
            ("wantedParts", .object(wantedPartMembers(evaluation))),
            ("itemGroups", .array(ItemGroup.allCases.map { itemGroupValue($0, evaluation) })),
            ("curve", .object(curve)),
            ("latency", row.latency?.value ?? .null),
        ])
    }

    private func groupingValue(_ grouped: GroupedMetrics) -> ReportValue {
        .array(
            zip(grouped.grouping.groups, grouped.groups).map { group, figures in
                let metrics = cutOffs.values.enumerated().flatMap { groupMembers(figures, $0, k: $1) }
                return .object([
                    ("name", .string(group.name)), ("rule", .string(group.rule)),
                    ("users", .integer(figures.userCount)), ("metrics", .object(metrics)),
                ])
            })
    }

    private func wantedPartMembers(_ evaluation: SystemEvaluation) -> [(key: String, value: ReportValue)] {
        zip(WantedPart.allCases, evaluation.wantedParts).map { part, figures in
            let metrics = cutOffs.values.enumerated().flatMap { groupMembers(figures, $0, k: $1) }
            return (part.name, .object([("users", .integer(figures.userCount)), ("metrics", .object(metrics))]))
        }
    }

    private func itemGroupValue(_ group: ItemGroup, _ evaluation: SystemEvaluation) -> ReportValue {
        let figures = evaluation.itemGroups[group.rawValue]
        let metrics = cutOffs.values.enumerated().flatMap { index, k in
            [
                (key: "recall@\(k)", value: ReportValue(figures.recall(atCutOff: index))),
                (key: "shownShare@\(k)", value: ReportValue(figures.shownShare(atCutOff: index))),
            ]
        }
        return .object([
            ("name", .string(group.name)), ("testPairs", .integer(figures.pairCount)), ("metrics", .object(metrics)),
        ])
    }

    private func groupMembers(_ group: GroupMetrics, _ index: Int, k: Int) -> [(key: String, value: ReportValue)] {
        var members: [(key: String, value: ReportValue)] = RankingMetric.allCases.map {
            ("\($0.key)@\(k)", ReportValue(group.mean(of: $0, atCutOff: index)))
        }
        members.append(("userCoverage@\(k)", ReportValue(group.userCoverage)))
        return members
    }

    private func comparisonValues(_ comparison: Comparison) -> [ReportValue] {
        [("hitRate", comparison.hitRate), ("ndcg", comparison.ndcg)].map { key, difference in
            .object([
                ("reference", .string(reference)), ("other", .string(comparison.other)),
                ("metric", .string("\(key)@\(comparison.cutOff)")), ("difference", difference.interval.value),
                ("excludesZero", .boolean(difference.interval.excludesZero)),
                ("pValue", .number(difference.test.pValue)), ("adjustedPValue", .number(difference.adjustedPValue)),
                ("test", .string(difference.test.method.rawValue)),
            ])
        }
    }
}

extension LatencySummary {
    /// Everything here differs from machine to machine and from run to run.
    fileprivate var value: ReportValue {
        .object([
            ("dependsOnMachine", .boolean(true)), ("requests", .integer(requestCount)), ("meanMicros", .number(mean)),
            ("p50Micros", .number(p50)), ("p90Micros", .number(p90)), ("p99Micros", .number(p99)),
            ("totalSeconds", .number(totalSeconds)),
        ])
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
            ("repeatedTestInteractions", repeatedTestRowCount.map { .integer($0) } ?? .null),
            ("repeatsDroppedFromTraining", .integer(repeatsDroppedFromTraining)),
            ("testOlderThanTraining", testRowsOlderThanTraining.map { .integer($0) } ?? .null),
            ("thresholdTimeMilliseconds", thresholdTime.map { .integer(Int($0)) } ?? .null),
            ("trainingShare", ReportValue(trainingShareFound)),
        ])
    }
}
