import HTTPServer
import ServiceMethods

extension ReplacedRoute {
    static let all: [ReplacedRoute] =
        [
            ReplacedRoute(method: .get, path: "/health", target: known("health"), isProbe: true),
            ReplacedRoute(method: .post, path: "/segment/manual", target: known("segments.predict")),
            ReplacedRoute(method: .post, path: "/segment/customer", target: MethodTable.segmentOfCustomer),
            ReplacedRoute(method: .post, path: "/fetchPersonas", target: MethodTable.fetchPersonas),
            ReplacedRoute(
                method: .get, path: "/api/recommendations/users/{userId}", target: known("recommend.user"),
                arguments: [limit]),
            ReplacedRoute(
                method: .get, path: "/api/recommendations/pages/{itemId}", target: known("recommend.item"),
                arguments: [limit]),
            ReplacedRoute(method: .get, path: "/api/segments", target: known("segments.list")),
            ReplacedRoute(
                method: .get, path: "/api/segments/trends", target: known("segments.trends"),
                arguments: [Argument(name: "segment", parameter: "segment"), Argument(name: "unit", parameter: "unit")]),
            ReplacedRoute(method: .get, path: "/api/segments/users/{userId}", target: known("segments.of")),
            ReplacedRoute(
                method: .get, path: "/api/segments/{segment}/members", target: known("segments.members"),
                arguments: [limit, Argument(name: "after", parameter: "after")]),
            ReplacedRoute(
                method: .get, path: "/api/segments/{segment}/trends", target: known("segments.trends"),
                arguments: [Argument(name: "unit", parameter: "unit")]),
        ] + analytics

    // Those of the analytics platform that Foretaste replaces.
    private static let analytics: [ReplacedRoute] = [
        ReplacedRoute(
            method: .get, path: "/api/recommendations/admin", target: known("insights.list"),
            arguments: [limit, after, rule]),
        ReplacedRoute(method: .get, path: "/api/recommendations/metrics", target: known("info")),
        ReplacedRoute(
            method: .get, path: "/api/trends/daily", target: known("trends.list"), arguments: trends,
            fixed: [Fixed(parameter: "unit", value: .text("day"))]),
        ReplacedRoute(
            method: .get, path: "/api/trends/weekly", target: known("trends.list"), arguments: trends,
            fixed: [Fixed(parameter: "unit", value: .text("week"))]),
        ReplacedRoute(method: .get, path: "/api/segments/list", target: known("segments.list")),
        ReplacedRoute(method: .get, path: "/api/segments/summary", target: known("predict.segments")),
        ReplacedRoute(method: .get, path: "/api/predictions/segments", target: known("predict.segments")),
        ReplacedRoute(method: .get, path: "/api/predictions/models", target: known("predict.models")),
        ReplacedRoute(
            method: .get, path: "/api/predictions/high-value/{model}", target: known("predict.highValue"),
            arguments: [limit, after]),
        ReplacedRoute(
            method: .get, path: "/api/predictions/at-risk", target: known("predict.atRisk"),
            arguments: [limit, after, Argument(name: "order", parameter: "order")]),
        ReplacedRoute(method: .get, path: "/api/predictions/users/{userId}", target: known("predict.user")),
        ReplacedRoute(method: .get, path: "/api/anomalies", target: known("anomalies.list"), arguments: anomalies),
        ReplacedRoute(
            method: .get, path: "/api/anomalies/recent", target: known("anomalies.list"), arguments: anomalies,
            fixed: [Fixed(parameter: "days", value: .integer(recentDays))]),
        ReplacedRoute(method: .get, path: "/api/summary/llm", target: known("insights.summary")),
        ReplacedRoute(
            method: .get, path: "/api/insights", target: known("insights.list"), arguments: [limit, after, rule]),
    ]

    /// What counts as recent where nobody says.
    private static let recentDays = 7

    private static let after = Argument(name: "after", parameter: "after")
    private static let rule = Argument(name: "rule", parameter: "rule")
    private static let trends = [
        limit, Argument(name: "indicator", parameter: "indicator"), Argument(name: "dimension", parameter: "dimension"),
        Argument(name: "group", parameter: "group"),
    ]
    private static let anomalies = [
        limit, after, Argument(name: "state", parameter: "state"), Argument(name: "indicator", parameter: "indicator"),
        Argument(name: "unit", parameter: "unit"), Argument(name: "days", parameter: "days", isInteger: true),
    ]

    private static let limit = Argument(name: "limit", parameter: "count", isInteger: true)
}
