import AnalyticsArtefacts
import Summaries
import Testing

@Suite struct NumberCheckTests {
    private let check = NumberCheck(
        [
            .init(name: "visits", value: 12_345, text: "12,345"), .init(name: "change", value: -0.0423, text: "-4.2 %"),
            .init(name: "revenue", value: 1_312_499, text: "1,312,499"),
            .init(name: "order", value: 37.456, text: "37.46"),
            .init(name: "items", value: 12, text: "12"), .init(name: "share", value: 0.5, text: "50.0 %"),
        ], names: ["2025-06-02", "Canon 500D, 2 pieces"])

    @Test(arguments: [
        "12,345 visits, -4.2 % less.", "12 345 visits", "12345 visits", "down 4.2%", "down 4 percent", "€1,312,499!",
        "about 1.3 million", "1.3m in revenue", "$1.31M", "an order of 37.46", "37.5 each", "(37.456)", "twelve items",
        "a dozen items", "In the week of 2025-06-02 the Canon 500D sold.", "one of the twelve", "no number at all", "",
        "50 %",
        "50%, as ever", "12.",
    ])
    func factsMayBeSaid(_ text: String) { #expect(check.foreignNumber(in: text) == nil, "\(text)") }

    @Test(arguments: [
        "12,346 visits", "4.3 % less", "4.2 visits", "12,345 %", "1.4 million", "13 items", "thirteen items",
        "a third of them",
        "it doubled", "twice as many", "½ of them", "12² items", "١٢ items", "two hundred", "2.5k", "37.44", "500E",
        "3D",
        "1,2,3", "2 visits", "500 visits", "1e9", "0x1F", "100%", "forty-two", "2025-06-03", "ten-fold", "twelve %",
        "12 345 678",
    ])
    func otherNumbersAreNamed(_ text: String) { #expect(check.foreignNumber(in: text) != nil, "\(text)") }
}

@Suite struct SummaryTextTests {
    static let facts: SummaryFacts? = SummaryFacts(
        trends: TrendsDocument(
            calendars: [
                .init(
                    period: "day", names: (1...15).map { "2025-06-" + ($0 < 10 ? "0\($0)" : "\($0)") },
                    isPartial: Array(repeating: false, count: 15)),
                .init(
                    period: "week", names: ["2025-05-26", "2025-06-02", "2025-06-09"], isPartial: [true, false, true]),
            ],
            series: [
                .init(
                    indicator: "visits", period: "week", values: [1000, 900, 5],
                    forecast: .init(
                        method: "seasonalNaive", intervalShare: 0.8, coverage: nil,
                        points: [.init(period: "2025-06-09", value: 950, lower: 900, upper: 1000)])),
                .init(indicator: "conversion", period: "week", values: [0.05, 0.06, 0.1]),
            ], funnels: [], retention: "week", cohorts: [], lifecycle: []),
        anomalies: AnomaliesDocument(
            anomalies: [
                .init(
                    id: "a", period: "day", at: "2025-06-03", indicator: "visits", kind: "point", direction: "below",
                    value: 20, expected: 130, lower: 100, upper: 160, deviations: 9, score: 1,
                    contributions: [.init(dimension: "channel", group: "app", value: 1, expected: 90, share: 0.8)])
            ], visitors: []), insights: nil, users: nil)

    @Test func theWeekIsTold() throws {
        let facts = try #require(Self.facts)
        #expect(facts.from == "2025-06-02" && facts.to == "2025-06-08")
        let text = facts.paragraphs.joined(separator: "\n")
        #expect(text.contains("Visits: 900, -10.0 % against 1,000 the week before."))
        #expect(text.contains("Conversion: 6.0 %, +20.0 % against 5.0 % the week before."))
        #expect(
            text.contains("On 2025-06-03 visits came to 20, less than the expected 130, most of it by channel “app”."))
        #expect(text.contains("Expected next week: 950 visits (900 to 1,000)."))
        #expect(facts.document.fault == nil)
    }

    /// What the rules say passes the check that others' texts have to pass.
    @Test func theRulesKeepToTheFacts() throws {
        let draft = SummaryDraft(try #require(Self.facts))
        let text = try #require(Self.facts).paragraphs.joined(separator: "\n")
        let document = draft.document(text: text, model: "rules")
        #expect(document.refusal == nil && document.written == Self.facts?.paragraphs)
    }

    @Test func badTextsAreRefused() throws {
        let draft = SummaryDraft(try #require(Self.facts))
        for text in ["", "\n \n", "Visits fell by 11 %.", String(repeating: "Good. ", count: 5000)] {
            let document = draft.document(text: text, model: "m")
            #expect(document.written == nil && document.refusal != nil && !document.paragraphs.isEmpty)
        }
    }

    @Test func noWholeWeekIsNoSummary() {
        let trends = TrendsDocument(
            calendars: [.init(period: "week", names: ["2025-06-02"], isPartial: [true])], series: [], funnels: [],
            retention: "week", cohorts: [], lifecycle: [])
        #expect(SummaryFacts(trends: trends, anomalies: nil, insights: nil, users: nil) == nil)
    }
}
