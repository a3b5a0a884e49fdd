import CommandLineInterface
import Evaluation
import Reporting

/// The sections about everything but hits: what is shown, how sure a difference is, how fast, on what.
extension EvaluationPage {
    var catalogue: ReportPage.Section {
        let metrics = CatalogueMetric.allCases.filter { metric in
            report.rows.contains { $0.evaluation.catalogue[0].value(of: metric) != nil }
        }
        var charts = [
            bars("Users with a list", greatest: 1, label: Self.percent) { $0.evaluation.all.userCoverage }
        ]
        charts += metrics.map { metric in
            let isShare = metric == .coverage || metric == .semanticAccuracy
            return bars(
                "\(Self.words(metric))", greatest: isShare || metric == .gini ? 1 : nil,
                label: isShare ? Self.percent : metric == .meanPopularity ? Self.popularity : Self.number
            ) { $0.evaluation.catalogue[0].value(of: metric) }
        }
        let rows = report.rows.map { row in
            [row.evaluation.name]
                + report.cutOffs.values.indices.flatMap { index in
                    CatalogueMetric.allCases.map { Self.number(row.evaluation.catalogue[index].value(of: $0)) }
                }
        }
        let heads = report.cutOffs.values.flatMap { k in CatalogueMetric.allCases.map { "\($0.title)@\(k)" } }
        let category = report.categoryName.map { " Semantic accuracy goes by the property '\($0)'." } ?? ""
        return .init(
            title: "Coverage, novelty, diversity",
            note:
                "Of the first \(k) places. Gini: 0 where all items are shown alike, near 1 where a few take all. Novelty: "
                + "the less an item was used in training, the more bits. Diversity: 1 less the mean cosine of two items of "
                + "a list.\(Markup.escaped(category))",
            content: Markup.charts(charts) + Markup.figures(["System"] + heads, rows))
    }

    private static func words(_ metric: CatalogueMetric) -> String {
        switch metric {
        case .coverage: "Share of the catalogue shown"
        case .meanPopularity: "Mean training interactions"
        case .gini: "Gini coefficient"
        case .novelty: "Novelty, bits"
        case .intraListDiversity: "Intra-list diversity"
        case .semanticAccuracy: "Semantic accuracy"
        }
    }

    private static func popularity(_ value: Double?) -> String {
        value.map { ReadableNumber.fixed($0, 1) } ?? "-"
    }

    var differences: ReportPage.Section {
        let ends = Set([report.cutOffs.values[0], report.cutOffs.longest]).sorted()
        let charts = [("NDCG", \EvaluationReport.Comparison.ndcg), ("HitRate", \.hitRate)].flatMap { title, path in
            ends.map { k in
                RowCharts.intervals(
                    "Difference in \(title)@\(k)",
                    report.comparisons.filter { $0.cutOff == k }.map { comparison in
                        let (interval, p) = (
                            comparison[keyPath: path].interval, comparison[keyPath: path].adjustedPValue
                        )
                        return .init(
                            name: comparison.other, mean: interval.mean, lower: interval.lower, upper: interval.upper,
                            label: Self.pValue(p), series: names.firstIndex(of: comparison.other) ?? 0)
                    })
            }
        }
        let rows = report.comparisons.flatMap { comparison in
            [
                differenceCells("NDCG@\(comparison.cutOff), less \(comparison.other)", comparison.ndcg),
                differenceCells("HitRate@\(comparison.cutOff), less \(comparison.other)", comparison.hitRate),
            ]
        }
        return .init(
            title: "Differences on the same users",
            note: "The \(Markup.escaped(report.reference)) less each other system: to the right of zero the "
                + "\(Markup.escaped(report.reference)) is better. 95 % intervals by bootstrap; p by a paired randomisation "
                + "test, raised by Holm's method for the number of systems.",
            content: report.comparisons.isEmpty
                ? "<p>There is no second system to compare with.</p>"
                : Markup.charts(charts)
                    + Markup.figures(["Difference", "Mean", "Lower", "Upper", "p", "p by Holm"], rows))
    }

    private func differenceCells(_ title: String, _ difference: EvaluationReport.Difference) -> [String] {
        let interval = difference.interval
        let signed = [interval.mean, interval.lower, interval.upper].map { value -> String in
            (value >= 0 ? "+" : "") + Self.number(value)
        }
        return [title] + signed + [Self.number(difference.test.pValue), Self.number(difference.adjustedPValue)]
    }

    private static func pValue(_ value: Double) -> String {
        value < 0.001 ? "p < 0.001" : "p = \(ReadableNumber.fixed(value, 3))"
    }

    var latency: ReportPage.Section {
        let isMeasured = report.rows.contains { $0.latency != nil }
        let percentiles: [(String, KeyPath<LatencySummary, Double>)] = [("p50", \.p50), ("p90", \.p90), ("p99", \.p99)]
        let charts = percentiles.map { title, path in
            bars("\(title), microseconds", label: Self.micros) { $0.latency?[keyPath: path] }
        }
        let rows = report.rows.compactMap { row in
            row.latency.map { latency in
                [row.evaluation.name, ReadableNumber.count(latency.requestCount)]
                    + [latency.p50, latency.p90, latency.p99, latency.mean].map(Self.micros)
                    + [ReadableNumber.fixed(latency.totalSeconds, 2)]
            }
        }
        let length = max(report.cutOffs.longest, report.rows.first?.evaluation.curveCutOffs.longest ?? 0)
        return .init(
            title: "Latency",
            note:
                "Of one request for \(length) items after the other, without a network. These figures depend on the machine "
                + "and on what else it does.",
            content: isMeasured
                ? Markup.charts(charts)
                    + Markup.figures(
                        ["System", "Requests", "p50, µs", "p90, µs", "p99, µs", "Mean, µs", "Seconds in all"], rows)
                : "<p>Not measured in this run.</p>")
    }

    private static func micros(_ value: Double?) -> String {
        value.map { $0 < 10 ? ReadableNumber.fixed($0, 1) : ReadableNumber.whole($0) } ?? "-"
    }

    var split: ReportPage.Section {
        let facts = report.facts
        var rows = [
            ("Training interactions", facts.trainingRowCount), ("Test interactions", facts.testRowCount),
            ("Test users", facts.testUserCount), ("Test users new to training", facts.newUserCount),
            ("Pairs to find", facts.testPairCount), ("Items new to training", facts.newItemCount),
            ("Pairs with such an item", facts.newItemPairCount),
            ("Left out of the test: repeats of training", facts.repeatsDroppedFromTest),
            ("Left out of training: repeats of the held-out item", facts.repeatsDroppedFromTraining),
        ].map { (name: $0.0, value: ReadableNumber.count($0.1)) }
        if let older = facts.testRowsOlderThanTraining {
            rows.append(("Test interactions older than the newest of training", ReadableNumber.count(older)))
        }
        return .init(
            title: "The split", note: "What was held out, and what to think of when reading the figures.",
            content: Markup.pairs(rows) + Markup.list(report.notes, style: "notes"))
    }

    var setup: ReportPage.Section {
        .init(
            title: "The index under test",
            note: "Built from the training part alone, with these settings. The bootstrap drew "
                + "\(ReadableNumber.count(report.bootstrap.resampleCount)) times with seed \(report.bootstrap.seed).",
            content: Markup.pairs(report.setup.map { ($0.name, $0.value) }))
    }
}
