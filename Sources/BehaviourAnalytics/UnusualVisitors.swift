internal import AnalyticsArtefacts
internal import Interactions
internal import Prediction

/// Users and visits that are unlike the others: programs, tests, resellers.
struct UnusualVisitors {
    private let users: [AnomaliesDocument.Visitor]
    private let visits: [AnomaliesDocument.Visitor]

    /// Each; more are no list that anybody looks through.
    private static let limit = 50
    /// What tells a person from a program; how much somebody spends is no reason.
    private static let features: Set<String> = [
        "events", "active_days", "events_per_active_day", "distinct_items", "visits", "visit_depth", "visit_seconds",
        "visit_gap_days", "views", "searches", "carts", "purchases",
    ]

    init(_ input: AnalysisInput, _ analysis: UserAnalysis, _ features: FeatureColumns, seed: UInt64) {
        let columns = features.columns.compactMap { column -> (name: String, values: [Double])? in
            guard Self.features.contains(column.name), case .numbers(let numbers) = column.values else { return nil }
            return (column.name, numbers)
        }
        let totals = analysis.totals
        users = UnusualRows(columns, limit: Self.limit, seed: seed).rows.map { row in
            let user = features.users[row.row]
            let id = input.log.users.id(at: Int(user))
            return AnomaliesDocument.Visitor(
                id: "user:\(id)", user: id, start: nil, events: totals.events[Int(analysis.places[Int(user)])],
                score: Rounded.share(row.score), reasons: row.reasons.map(Self.reason))
        }
        let shapes = VisitShapes(analysis.features)
        visits = UnusualRows(shapes.columns, limit: Self.limit, seed: seed).rows.map { row in
            let id = input.log.users.id(at: Int(shapes.users[row.row]))
            return AnomaliesDocument.Visitor(
                id: "visit:\(id)@\(shapes.starts[row.row])", user: id, start: shapes.starts[row.row],
                events: shapes.eventCounts[row.row], score: Rounded.share(row.score),
                reasons: row.reasons.map(Self.reason))
        }
    }

    private static func reason(_ reason: UnusualRows.Reason) -> AnomaliesDocument.Reason {
        .init(
            feature: reason.column, value: Rounded.value(reason.value), usual: Rounded.value(reason.usual),
            percentile: Rounded.share(reason.percentile))
    }

    /// Highest scores first.
    var documents: [AnomaliesDocument.Visitor] {
        (users + visits).sorted { ($1.score, $0.id) < ($0.score, $1.id) }
    }
}
