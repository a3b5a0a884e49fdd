import CommandLineInterface
import Interactions
import Segmentation
import Reporting

/// `report.html` of visits.
struct VisitReportPage {
    private let result: VisitResult
    private var segmentation: VisitSegmentation { result.segmentation }

    init(_ result: VisitResult) { self.result = result }

    var html: String {
        let file = result.source.path.split(separator: "/").last.map(String.init) ?? ""
        let count = segmentation.clustering.clusterCount
        var sections: [ReportPage.Section] = [
            .init(
                title: "Clusters of visits", note: "Largest first, unless an earlier build numbered them." + warnings,
                content: shares + table),
            .init(title: "What sets them apart", note: Self.centreNote, content: centres),
        ]
        if segmentation.drift.count > 1 {
            sections.append(.init(title: "Drift", note: Self.driftNote, content: drift))
        }
        if !result.diagnostics.rows.isEmpty {
            sections.append(
                .init(
                    title: "How many clusters?",
                    note: result.diagnostics.recommendation.reasons.map { Markup.escaped($0) }.joined(separator: " "),
                    content: DiagnosticCharts.markup(result.diagnostics, chosen: count)))
        }
        return ReportPage(
            title: "Segments of visits",
            lede: "\(ReadableNumber.count(segmentation.table.count)) visits of <code>\(Markup.escaped(file))</code> by "
                + "\(segmentation.table.features.count) features; k-means with \(count) clusters, seed "
                + "\(result.configuration.seed), \(result.configuration.initialisationCount) starts.",
            facts: facts, sections: sections
        ).html
    }

    private var facts: [(name: String, value: String)] {
        var facts = [
            ("visits", ReadableNumber.count(segmentation.table.count)),
            ("clusters", "\(segmentation.clustering.clusterCount)"),
        ]
        if let isConverted = segmentation.table.isConverted {
            facts.append(
                ("converted", Self.percent(Proportion(count: isConverted.count { $0 }, of: isConverted.count).share)))
        }
        if let last = segmentation.drift.last, segmentation.drift.count > 1 {
            facts.append(("drift of the mix", last.mixLevel.rawValue))
        }
        return facts
    }

    private var warnings: String {
        result.warnings.map { " <strong>" + Markup.escaped($0) + "</strong>" }.joined()
    }

    private var names: [String] { segmentation.profiles.indices.map { "cluster \($0)" } }

    private var shares: String {
        var charts = [
            RowCharts.bars(
                "Share of the visits",
                zip(names, segmentation.profiles).map { name, profile in
                    .init(name: name, value: profile.share, label: Self.percent(profile.share), series: 0)
                })
        ]
        let rates = zip(names, segmentation.profiles).compactMap { name, profile in
            profile.conversion.map { rate in
                RowCharts.Interval(
                    name: name, mean: rate.share, lower: rate.lower, upper: rate.upper,
                    label: Self.percent(rate.share), series: 1)
            }
        }
        if !rates.isEmpty { charts.append(RowCharts.intervals("Conversion rate, with its 95 % interval", rates)) }
        return Markup.charts(charts)
    }

    private var table: String {
        let profiles = segmentation.profiles
        let features = segmentation.table.features.enumerated().map { place, feature in
            (name: feature.name, values: profiles.map { SegmentReportPage.amount($0.means[place]) })
        }
        return Markup.measures(
            "Measure", groups: profiles.enumerated().map { "\($0): \($1.title)" },
            [
                (name: "Visits", values: profiles.map { ReadableNumber.count($0.visitCount) }),
                (name: "Share", values: profiles.map { Self.percent($0.share) }),
                (name: "Conversion", values: profiles.map { $0.conversion.map { Self.percent($0.share) } ?? "-" }),
            ] + features)
    }

    private static let centreNote =
        "Each cluster's centre against the mean visit, in standard deviations; features with a long tail after their "
        + "logarithm. The table has their means."

    private var centres: String {
        let features = segmentation.table.features.map(\.name)
        return Markup.charts(
            zip(names, segmentation.profiles).map { name, profile in
                // The features that say most, so that a chart stays readable.
                let shown = profile.centre.enumerated().sorted { a, b in
                    let (x, y) = (a.element.magnitude, b.element.magnitude)
                    return x == y ? a.offset < b.offset : x > y
                }.prefix(8)
                return RowCharts.intervals(
                    "\(name): \(profile.title)",
                    shown.map { index, value in
                        let sign = value < 0 ? "" : "+"
                        return .init(
                            name: features[index], mean: value, lower: min(value, 0), upper: max(value, 0),
                            label: sign + ReadableNumber.fixed(value, 2), series: 0)
                    })
            })
    }

    private static let driftNote =
        "Against the first period. The stability index (PSI) of a feature is over its deciles there: stable below 0.1, large "
        + "from 0.25 on. The mix of clusters is compared by the Jensen-Shannon divergence in bits: stable below "
        + "\(DistributionDrift.divergenceBounds.moderate), large from \(DistributionDrift.divergenceBounds.large) on. What so few visits may differ by for chance is taken off first, "
        + "and what chance exceeds once in forty times counts as stable."

    private var drift: String {
        let periods = segmentation.drift
        let places = periods.map(\.periodName)
        var charts = [
            PlotCharts.lines(
                "Drift of the mix, bits", places: places,
                series: [ChartSeries(name: "Jensen-Shannon", values: periods.map(\.mixDivergence))]),
            PlotCharts.columns(
                "Visits", places: places,
                series: [ChartSeries(name: "visits", values: periods.map { Double($0.visitCount) })]),
        ]
        if periods.allSatisfy({ $0.conversion != nil }) {
            charts.append(
                PlotCharts.lines(
                    "Conversion rate", places: places,
                    series: [ChartSeries(name: "converted", values: periods.map { $0.conversion?.share })]))
        }
        return Markup.charts(charts) + driftTable
    }

    private var driftTable: String {
        let periods = segmentation.drift
        let mix = names.enumerated().map { cluster, name in
            (
                name: name,
                values: periods.map { Self.percent(Double($0.mix[cluster]) / Double(max($0.visitCount, 1))) }
            )
        }
        let stability = segmentation.table.features.enumerated().map { place, feature in
            (
                name: "PSI \(feature.name)",
                values: periods.map { ReadableNumber.fixed($0.stabilityIndexes[place], 3) }
            )
        }
        return Markup.measures(
            "Measure", groups: periods.map(\.periodName),
            [
                (name: "Visits", values: periods.map { ReadableNumber.count($0.visitCount) }),
                (name: "Mix", values: periods.map(\.mixLevel.rawValue)),
            ] + mix + stability)
    }

    private static func percent(_ share: Double) -> String { ReadableNumber.fixed(100 * share, 1) + " %" }
}
