import CommandLineInterface
import Evaluation
import Reporting

/// The sections about what was found: by system, cut-off, user and item.
extension EvaluationPage {
    var summary: ReportPage.Section {
        let tables = report.cutOffs.values.enumerated().map { index, k in
            Markup.table(
                ["System"] + RankingMetric.allCases.map { "\($0.title)@\(k)" },
                report.rows.map { row in
                    [row.evaluation.name]
                        + RankingMetric.allCases.map { Self.number(row.evaluation.all.mean(of: $0, atCutOff: index)) }
                })
        }
        let intervals = [("NDCG@\(k)", \EvaluationReport.Row.ndcg), ("HitRate@\(k)", \.hitRate)].map { title, path in
            RowCharts.intervals(
                title + " with its 95 % interval",
                report.rows.enumerated().compactMap { series, row in
                    row[keyPath: path][0].map {
                        .init(
                            name: row.evaluation.name, mean: $0.mean, lower: $0.lower, upper: $0.upper,
                            label: Self.number($0.mean), series: series)
                    }
                })
        }
        return .init(
            title: "Overview",
            note: "Means over all test users. The intervals say how far a mean may be off for the choice of users.",
            content: (report.warnings.isEmpty ? "" : Markup.list(report.warnings, style: "warnings"))
                + Markup.charts(intervals) + tables.joined())
    }

    var curves: ReportPage.Section {
        let cutOffs = report.rows.first?.evaluation.curveCutOffs.values ?? []
        let charts = RankingMetric.allCases.map { metric in
            PlotCharts.lines(
                "\(metric.title)@k", places: cutOffs.map { "\($0)" },
                series: report.rows.map { row in
                    ChartSeries(
                        name: row.evaluation.name,
                        values: cutOffs.indices.map { row.evaluation.curve.mean(of: metric, atCutOff: $0) })
                })
        }
        let rows = RankingMetric.allCases.flatMap { metric in
            report.rows.map { row in
                ["\(metric.title), \(row.evaluation.name)"]
                    + cutOffs.indices.map { Self.number(row.evaluation.curve.mean(of: metric, atCutOff: $0)) }
            }
        }
        return .init(
            title: "By length of the list",
            note: "How the metrics change with k, the number of places that count.",
            content: Chart.legend(names) + Markup.charts(charts)
                + Markup.figures(["Metric"] + cutOffs.map { "k = \($0)" }, rows))
    }

    var activity: ReportPage.Section {
        let first = report.rows.first?.evaluation.groupings ?? []
        let content = first.indices.map { groupingMarkup($0, first[$0]) }.joined(separator: "\n")
        return .init(
            title: "By group of users", note: "Who is served well, and who is not?",
            content: Chart.legend(names) + content)
    }

    private func groupingMarkup(_ position: Int, _ first: GroupedMetrics) -> String {
        let shown = first.groups.indices.filter { first.groups[$0].userCount > 0 }
        let places = shown.map { first.grouping.groups[$0].name }
        let charts = [RankingMetric.ndcg, .hitRate, .recall].map { metric in
            PlotCharts.columns(
                "\(metric.title)@\(k) by \(first.grouping.name)", places: places,
                series: report.rows.map { row in
                    let groups = row.evaluation.groupings[position].groups
                    return ChartSeries(
                        name: row.evaluation.name, values: shown.map { groups[$0].mean(of: metric, atCutOff: 0) })
                })
        }
        let rules = shown.map { group in
            let (name, rule) = (first.grouping.groups[group].name, first.grouping.groups[group].rule)
            let users = "\(ReadableNumber.count(first.groups[group].userCount)) users"
            return rule.isEmpty ? "\(name): \(users)" : "\(name): \(users) with \(rule)"
        }
        let rows = shown.flatMap { group in
            report.rows.map { row in
                let figures = row.evaluation.groupings[position].groups[group]
                return ["\(first.grouping.groups[group].name), \(row.evaluation.name)"]
                    + RankingMetric.allCases.map { Self.number(figures.mean(of: $0, atCutOff: 0)) }
                    + [Self.percent(figures.userCoverage)]
            }
        }
        return Markup.charts(charts) + "<p class=\"note after\">\(Markup.escaped(rules.joined(separator: "; "))).</p>"
            + Markup.figures(
                ["Group"] + RankingMetric.allCases.map { "\($0.title)@\(k)" } + ["Users with a list"], rows)
    }

    var itemGroups: ReportPage.Section {
        let places = ItemGroup.allCases.map(\.name)
        func series(_ value: (ItemGroupMetrics) -> Double?) -> [ChartSeries] {
            report.rows.map { ChartSeries(name: $0.evaluation.name, values: $0.evaluation.itemGroups.map(value)) }
        }
        let charts = [
            PlotCharts.columns("Recall@\(k) of pairs", places: places, series: series { $0.recall(atCutOff: 0) }),
            PlotCharts.columns(
                "Share of the first \(k) places", places: places, series: series { $0.shownShare(atCutOff: 0) }),
        ]
        let pairs = report.rows.first?.evaluation.itemGroups.map(\.pairCount) ?? []
        let counts = zip(places, pairs).map { "\(ReadableNumber.count($1)) \($0)" }.joined(separator: ", ")
        let rows = report.rows.map { row in
            [row.evaluation.name] + row.evaluation.itemGroups.map { Self.number($0.recall(atCutOff: 0)) }
                + row.evaluation.itemGroups.map { Self.number($0.shownShare(atCutOff: 0)) }
        }
        return .init(
            title: "By group of items",
            note: "Cold items have no training interaction; the head is the fewest items with half of the training "
                + "interactions; the tail is the rest. Pairs of user and item to find: \(counts).",
            content: Chart.legend(names) + Markup.charts(charts)
                + Markup.figures(
                    ["System"] + places.map { "Recall@\(k) \($0)" } + places.map { "Share \($0)" }, rows))
    }

    var coldStart: ReportPage.Section {
        let coldPairs = report.facts.newItemPairCount
        let newUsers = report.facts.newUserCount
        var charts: [String] = []
        func ofNewUsers(_ row: EvaluationReport.Row) -> GroupMetrics? {
            row.evaluation.groupings.first { $0.grouping.name == "activity" }?.groups.first
        }
        if newUsers > 0 {
            charts.append(bars("NDCG@\(k) of new users") { ofNewUsers($0)?.mean(of: .ndcg, atCutOff: 0) })
            charts.append(
                bars("New users with a list", greatest: 1, label: Self.percent) { ofNewUsers($0)?.userCoverage })
        }
        if coldPairs > 0 {
            charts.append(
                bars("Recall@\(k) of cold items") {
                    $0.evaluation.itemGroups[ItemGroup.cold.rawValue].recall(atCutOff: 0)
                })
        }
        let content =
            charts.isEmpty
            ? "<p>Every test user and every test item has training interactions: this split says nothing about a cold start.</p>"
            : Markup.charts(charts)
        return .init(
            title: "Cold start",
            note:
                "\(ReadableNumber.count(newUsers)) of \(ReadableNumber.count(report.facts.testUserCount)) test users and "
                + "\(ReadableNumber.count(coldPairs)) of \(ReadableNumber.count(report.facts.testPairCount)) pairs to find "
                + "are new to training.",
            content: content)
    }
}
