package import AnalyticsArtefacts

/// One analysis as requests read it: its documents, and who comes first by each figure. It never changes, and is large: whoever
/// replaces it sees to it that no thread that answers requests has to release it (`AnalyticsDesk`).
package final class AnalyticsView: Sendable {
    package let bundle: AnalyticsBundle
    private let rankings: [UserFigure: UserRanking]
    private let anomalyPlaces: [String: Int]
    private let visitorPlaces: [String: Int]

    /// Seconds where there are a million users.
    package init(_ bundle: AnalyticsBundle) {
        self.bundle = bundle
        var rankings: [UserFigure: UserRanking] = [:]
        if let users = bundle.users {
            for figure in UserFigure.allCases { rankings[figure] = UserRanking(figure, users) }
        }
        self.rankings = rankings
        anomalyPlaces = Self.places(bundle.anomalies?.anomalies.map(\.id) ?? [])
        visitorPlaces = Self.places(bundle.anomalies?.visitors.map(\.id) ?? [])
    }

    private static func places(_ ids: [String]) -> [String: Int] {
        Dictionary(ids.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Nil where the analysis does not know the figure.
    package func ranking(by figure: UserFigure) -> UserRanking? { rankings[figure] }

    package func anomaly(_ id: String) -> Int? { anomalyPlaces[id] }
    package func visitor(_ id: String) -> Int? { visitorPlaces[id] }
}
