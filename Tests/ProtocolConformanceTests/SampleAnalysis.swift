import AnalyticsArtefacts
import AnalyticsService
import TestSupport

/// An analysis of made-up values with every document and every optional member, and a directory of it.
enum SampleAnalysis {
    static let userCount = 60

    /// Ascending by bytes; those of the shop among them.
    static let ids = (1...userCount).map { "u\(String(repeating: "0", count: 5 - "\($0)".count))\($0)" }

    static let facts = AnalyticsManifest.Facts(
        created: 1_700_000_000_000, tool: "foretaste test", timeZone: "UTC", from: "2025-01-06", to: "2025-01-12",
        events: 300, users: userCount, sources: ["events.csv"])

    static let trends: TrendsDocument = {
        let days = (6...12).map { "2025-01-" + ($0 < 10 ? "0" : "") + "\($0)" }
        func series(_ indicator: String, _ dimension: String? = nil, _ group: String? = nil) -> TrendsDocument.Series {
            TrendsDocument.Series(
                indicator: indicator, period: "day", dimension: dimension, group: group,
                values: [1, 2, nil, 4, 5, 6, 7], adjusted: dimension == nil ? [1, 2, nil, 4, 5, 6, 7] : [],
                trend: dimension == nil ? [1, 2, nil, 4, 5, 6, 7] : [],
                forecast: dimension == nil
                    ? TrendsDocument.Forecast(
                        method: "seasonalNaive", intervalShare: 0.8, coverage: 0.79,
                        points: [.init(period: "2025-01-13", value: 8, lower: 6.5, upper: 9.5)]) : nil)
        }
        return TrendsDocument(
            calendars: [
                .init(period: "day", names: days, isPartial: days.map { $0 == "2025-01-12" }),
                .init(period: "week", names: ["2025-01-06"], isPartial: [false]),
            ],
            series: [
                series("revenue"), series("users"), series("revenue", "channel", "a/b \"c\""),
                series("revenue", "channel", "<b>mail</b>"),
                .init(indicator: "revenue", period: "week", values: [25]),
            ],
            funnels: [
                .init(dimension: nil, group: nil, visits: 90, views: 80, carts: 20, purchases: 9, anyPurchases: 10),
                .init(
                    dimension: "channel", group: "mail", visits: 9, views: 8, carts: 2, purchases: 1, anyPurchases: 1),
            ], retention: "week", cohorts: [.init(name: "2025-01-06", users: 60, active: [60, 20])],
            lifecycle: [.init(week: "2025-01-06", new: 60, current: 0, resurrected: 0, dormant: 0)])
    }()

    static let anomalies = AnomaliesDocument(
        anomalies: (6...12).reversed().map { day in
            let at = "2025-01-" + (day < 10 ? "0" : "") + "\(day)"
            return AnomaliesDocument.Anomaly(
                id: "day:revenue:point:\(at)", period: "day", at: at, indicator: day == 9 ? "users" : "revenue",
                kind: "point", direction: "up", value: 8, expected: 5, lower: 3, upper: 7, deviations: 4.5, score: 0.9,
                contributions: [.init(dimension: "channel", group: "mail", value: 5, expected: 1, share: 0.8)])
        } + [
            AnomaliesDocument.Anomaly(
                id: "week:revenue:level:2025-01-06", period: "week", at: "2025-01-06", indicator: "revenue",
                kind: "level", direction: "down", value: 2, expected: 5, lower: 3, upper: 7, deviations: 3.5,
                score: 0.8, contributions: [])
        ],
        visitors: [
            .init(
                id: "user:u00003", user: "u00003", start: nil, events: 812, score: 0.9,
                reasons: [.init(feature: "events_per_active_day", value: 812, usual: 3.2, percentile: 0.999)]),
            .init(
                id: "visit:u00004@1736000000000", user: "u00004", start: 1_736_000_000_000, events: 90, score: 0.8,
                reasons: []),
        ])

    /// Probabilities and values that have ties and gaps.
    static let users: UsersDocument = {
        func column(_ step: Int, gap: Int) -> [Double?] {
            (0..<userCount).map { $0 % gap == 0 ? nil : Double($0 * step % 20) / 20 }
        }
        func model(_ name: String, _ predictions: [Double?], refusal: String? = nil) -> UsersDocument.Model {
            UsersDocument.Model(
                name: name, outcome: "\(name) comes within 30 days", learner: refusal == nil ? "boosting" : nil,
                refusal: refusal, rows: 100, positives: 40, threshold: 0.5,
                measures: [.init(name: "auc", value: 0.7, lower: 0.6, upper: 0.8)],
                features: ["recency_days", "events"],
                importances: [0.02, 0.1], predictions: predictions,
                reasonFeatures: refusal == nil ? (0..<userCount).flatMap { _ in [1, 0, -1] } : [],
                reasonValues: refusal == nil ? (0..<userCount).flatMap { _ in [0.5, -0.25, 0] } : [])
        }
        return UsersDocument(
            moment: 1_736_600_000_000, days: 30, valueDays: 365, ids: ids,
            segmentPlaces: (0..<userCount).map { $0 % 3 - 1 }, segments: ["champions", "at_risk"],
            events: ids.indices.map { $0 + 1 }, purchases: ids.indices.map { $0 % 4 },
            lastTimes: ids.indices.map { 1_736_000_000_000 + Int64($0) },
            revenue: column(7, gap: 11).map { $0.map { $0 * 100 } }, alive: column(3, gap: 13),
            expectedPurchases: column(9, gap: 13), value: column(11, gap: 13).map { $0.map { $0 * 1000 } },
            models: [
                model("purchase", column(7, gap: 5)), model("churn", column(13, gap: 7)),
                model("conversion", column(3, gap: 2)), model("bounce", [], refusal: "too few visits"),
            ])
    }()

    static let segments = SegmentsDocument(
        method: "By recency, frequency and value.",
        segments: [
            .init(
                name: "champions", title: "Champions", users: 20, share: 0.4, revenueShare: 0.7, revenue: 900,
                purchases: 70, recencyDays: 3, purchasesEach: 4, revenueEach: 45, purchaseProbability: 0.8,
                churnProbability: 0.1, value: 60, advice: "Thank them."),
            .init(
                name: "at_risk", title: "At risk", users: 40, share: 0.6, revenueShare: 0.3, revenue: nil,
                purchases: 10,
                recencyDays: nil, purchasesEach: nil, revenueEach: nil, purchaseProbability: nil, churnProbability: nil,
                value: nil, advice: "Win them back."),
        ])

    static let insights = InsightsDocument(
        insights: ["i00001", "i00002", "i00003"].map { id in
            .init(
                id: "seldomBought:\(id)", rule: "seldomBought",
                title: "\(id) <script>alert(1)</script> \u{202E}is seen and not bought",
                evidence: "Seen 900 times, bought twice.", advice: "Look at its price.", subjectKind: "item",
                subjects: [id], affected: 900, affectedUnit: "visits", confidence: 0.99, worth: 120,
                worthUnit: "revenue",
                figures: [.init("rate", 0.002, lower: 0.001, upper: 0.004), .init("seen", 900)])
        },
        rules: [
            .init(name: "seldomBought", tested: 400, found: 3, skipped: nil),
            .init(name: "stockOut", tested: 0, found: 0, skipped: "the events have no stock"),
        ])

    static let summary = SummaryDocument(
        from: "2025-01-06", to: "2025-01-12", facts: [.init(name: "revenue", value: 25, text: "25")],
        paragraphs: ["Revenue was 25.", "Mail brought most."], written: ["A quiet week: 25."], model: "m",
        refusal: "none")

    /// - Parameter isWhole: else of trends alone.
    static func write(to directory: String, isWhole: Bool = true, facts: AnalyticsManifest.Facts = facts) throws {
        var writer = AnalyticsWriter(directory: directory)
        try writer.add(trends)
        if isWhole {
            try writer.add(anomalies)
            try writer.add(users)
            try writer.add(segments)
            try writer.add(insights)
            try writer.add(summary)
        }
        try writer.publish(facts)
    }
}
