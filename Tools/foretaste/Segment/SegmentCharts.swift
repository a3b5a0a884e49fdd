import CommandLineInterface
import Reporting
import Segmentation

/// The charts that only segments have, each as narrow as a phone.
enum SegmentCharts {
    /// What part of the customers and of the value each segment has, on one scale.
    static func shares(_ profiles: [SegmentProfile]) -> String {
        let greatest = profiles.reduce(0.01) { max($0, $1.share, $1.revenueShare) }
        func percent(_ share: Double) -> String { "\(ReadableNumber.fixed(100 * share, 1)) %" }
        let customers = profiles.map { profile in
            RowCharts.Bar(
                name: profile.title, value: profile.share,
                label: "\(percent(profile.share)) (\(ReadableNumber.count(profile.customerCount)))", series: 0)
        }
        let value = profiles.map { profile in
            RowCharts.Bar(
                name: profile.title, value: profile.revenueShare, label: percent(profile.revenueShare), series: 1)
        }
        return Markup.charts([
            RowCharts.bars("Share of customers", customers, greatest: greatest),
            RowCharts.bars("Share of value", value, greatest: greatest),
        ])
    }

    /// Around 0, a chart each: recency, frequency, monetary.
    static func profiles(_ titles: [String], _ centres: [[Double]]) -> String {
        Markup.charts(
            ["Recency", "Frequency", "Monetary"].enumerated().map { feature, name in
                RowCharts.intervals(
                    name,
                    zip(titles, centres).map { title, centre in
                        let value = centre[feature]
                        return .init(
                            name: title, mean: value, lower: min(value, 0), upper: max(value, 0),
                            label: (value < 0 ? "" : "+") + ReadableNumber.fixed(value, 2), series: feature)
                    })
            })
    }
}
