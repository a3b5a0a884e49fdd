import Segmentation
import Reporting

/// What speaks for how many clusters.
enum DiagnosticCharts {
    /// - Parameter chosen: the cluster count that is marked.
    static func markup(_ diagnostics: ClusterCountDiagnostics, chosen: Int) -> String {
        let rows = diagnostics.rows
        let counts = rows.map(\.clusterCount)
        let charts: [(String, [Double])] = [
            ("Inertia (look for the elbow)", rows.map(\.inertia)),
            ("Silhouette (more is better)", rows.map(\.silhouette)),
            ("Davies-Bouldin (less is better)", rows.map(\.daviesBouldin)),
            ("Calinski-Harabasz (more is better)", rows.map(\.calinskiHarabasz)),
            ("Gap statistic (first peak)", rows.map(\.gap.gap)),
        ]
        return Markup.charts(
            charts.map { title, values in
                PlotCharts.lines(
                    title, places: counts.map { "\($0)" }, series: [ChartSeries(name: title, values: values)],
                    fromZero: false, marked: counts.firstIndex(of: chosen))
            })
    }
}
