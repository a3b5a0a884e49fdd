import AnalyticsArtefacts
import AnalyticsService
import TestSupport
import Testing
import WireProtocol

@testable import RecommendationServer
@testable import ServiceMethods

/// Methods of analyses: answers against the documents that they are made of.
@Suite struct AnalyticsMethodTests {
    static let methods = Set(
        MethodTable.names.all.filter { name in
            ["predict.", "trends.", "anomalies.", "insights."].contains { name.hasPrefix($0) }
        })

    private let folder: TemporaryDirectory
    private let desk: AnalyticsDesk
    private let client: InProcessConnection

    init() throws {
        folder = try TemporaryDirectory()
        try SampleAnalysis.write(to: folder.path("analysis"))
        desk = try AnalyticsDesk(directory: folder.path("analysis"))
        client = try Self.connect(desk)
    }

    private static func connect(_ desk: AnalyticsDesk) throws -> InProcessConnection {
        let serving = try ConformanceShop.shared.get().inProcess.serving
        let context = ServiceContext(
            serving: serving, personas: nil, analytics: desk, facts: { ServerFacts() }, now: { 1_796_083_200_123 })
        return InProcessConnection(FrameResponder(context, counters: RequestCounters()))
    }

    private func ask(_ method: String, _ parameters: String = "{}") throws -> JSON {
        try client.ask(#"{"id":1,"method":"\#(method)","params":\#(parameters)}"#)
    }

    private func result(_ method: String, _ parameters: String = "{}") throws -> JSON {
        let reply = try ask(method, parameters)
        return try #require(reply["result"], "\(method) \(parameters): \(reply)")
    }

    private func reason(_ method: String, _ parameters: String = "{}") throws -> String? {
        try ask(method, parameters)["error"]?["reason"]?.text
    }

    @Test func everyAnswerIsOfItsSchema() throws {
        let user = #"{"userId":"u00003"}"#
        let questions = [
            ("predict.user", user), ("predict.user", #"{"userId":"u00001"}"#), ("predict.conversion", user),
            ("predict.purchase", user), ("predict.churn", user), ("predict.value", user),
            ("predict.highValue", "{}"), ("predict.highValue", #"{"model":"purchase","count":3}"#),
            ("predict.atRisk", "{}"), ("predict.atRisk", #"{"order":"loss","count":3}"#), ("predict.segments", "{}"),
            ("predict.models", "{}"), ("trends.list", "{}"),
            ("trends.list", #"{"unit":"week","indicator":["revenue"],"count":1}"#),
            ("trends.list", #"{"dimension":"channel","indicator":"revenue","group":"a/b \"c\""}"#),
            ("trends.funnels", "{}"), ("trends.cohorts", "{}"), ("anomalies.list", "{}"),
            ("anomalies.list", #"{"count":2,"state":"open","unit":"day","indicator":"revenue","days":3}"#),
            ("anomalies.visitors", "{}"), ("anomalies.acknowledge", #"{"anomalyId":"user:u00003","note":"a test"}"#),
            ("insights.list", "{}"), ("insights.list", #"{"rule":"seldomBought","count":1}"#),
            ("insights.summary", "{}"),
        ]
        // Nothing is foretold of bounces here.
        #expect(Self.methods.subtracting(questions.map(\.0)) == ["predict.bounce"])
        for (method, parameters) in questions {
            let found = try result(method, parameters)
            #expect(try JSONSchema(file: method + ".result").findings(in: found) == [], "\(method) \(parameters)")
            if method != "anomalies.acknowledge" { #expect(found["analysis"]?["to"]?.text == "2025-01-12") }
        }
        #expect(try reason("predict.bounce", user) == "NO_ANALYTICS")
    }

    @Test func whatAUserIsToldIsWhatTheDocumentHas() throws {
        let users = SampleAnalysis.users
        for (place, id) in users.ids.enumerated() {
            let found = try result("predict.user", #"{"userId":"\#(id)"}"#)
            #expect(found["events"]?.number == Double(users.events[place]))
            #expect(found["value"]?.number == users.value[place])
            #expect(found["segment"]?.text == (place % 3 == 0 ? nil : users.segments[place % 3 - 1]))
            let churn = try #require(found["predictions"]?.elements?.first { $0["model"]?.text == "churn" })
            #expect(churn["probability"]?.number == users.models[1].predictions[place])
            #expect(
                try result("predict.churn", #"{"userId":"\#(id)"}"#)["probability"]?.number
                    == users.models[1].predictions[place])
        }
        for method in ["predict.user", "predict.churn", "predict.value"] {
            #expect(try reason(method, #"{"userId":"nobody"}"#) == "USER_NOT_FOUND")
        }
    }

    /// Walked page by page, each ranking is the users sorted by hand.
    @Test(arguments: [
        ("predict.highValue", #""model":"value""#, UserFigure.value),
        ("predict.highValue", #""model":"purchase""#, .purchase),
        ("predict.highValue", #""model":"revenue""#, .revenue), ("predict.atRisk", #""order":"probability""#, .churn),
        ("predict.atRisk", #""order":"loss""#, .loss),
    ])
    func pagesAreTheWholeListInItsOrder(_ method: String, _ choice: String, _ figure: UserFigure) throws {
        let users = SampleAnalysis.users
        let churn = users.models[1].predictions
        let values: [Double?] = users.ids.indices.map { place in
            switch figure {
            case .value: users.value[place]
            case .revenue: users.revenue[place]
            case .purchase: users.models[0].predictions[place]
            case .conversion: users.models[2].predictions[place]
            case .churn: churn[place].flatMap { $0 >= 0.5 ? $0 : nil }
            case .loss: churn[place].flatMap { risk in risk >= 0.5 ? users.value[place].map { $0 * risk } : nil }
            }
        }
        let expected = users.ids.indices.filter { values[$0] != nil }.sorted { a, b in
            let (x, y) = (values[a] ?? 0, values[b] ?? 0)
            return x == y ? a < b : x > y
        }
        for count in [1, 7, 1000] {
            var (found, after) = ([String](), "")
            repeat {
                let page = try result(method, "{\(choice),\"count\":\(count)\(after)}")
                #expect(page["total"]?.number == Double(expected.count))
                let rows = try #require(page["users"]?.elements)
                #expect(rows.count <= count)
                found += rows.compactMap { $0["userId"]?.text }
                after = page["next"]?.text.map { ",\"after\":\"\($0)\"" } ?? ""
            } while !after.isEmpty && found.count <= expected.count
            #expect(found == expected.map { users.ids[$0] })
        }
        #expect(try reason(method, #"{"after":"nobody"}"#) == "BAD_FIELD")
    }

    @Test func anomaliesAreFilteredAndPaged() throws {
        func ids(_ parameters: String) throws -> [String] {
            try result("anomalies.list", parameters)["anomalies"]?.elements?.compactMap { $0["anomalyId"]?.text } ?? []
        }
        let all = SampleAnalysis.anomalies.anomalies
        #expect(try ids("{}") == all.map(\.id))
        #expect(try ids(#"{"indicator":"users"}"#) == ["day:revenue:point:2025-01-09"])
        #expect(try ids(#"{"unit":"week"}"#) == ["week:revenue:level:2025-01-06"])
        // The week of the 6th has the 12th.
        #expect(try ids(#"{"days":1}"#) == ["day:revenue:point:2025-01-12", "week:revenue:level:2025-01-06"])
        #expect(try ids(#"{"days":3,"unit":"day"}"#).map { $0.suffix(2) } == ["12", "11", "10"])
        let first = try result("anomalies.list", #"{"count":3}"#)
        let next = try #require(first["next"]?.text)
        #expect(try ids(#"{"count":100,"after":"\#(next)"}"#) == all.dropFirst(3).map(\.id))
        #expect(try reason("anomalies.list", #"{"after":"day:x"}"#) == "BAD_FIELD")
    }

    @Test func acknowledgementsAreKeptAndSeenAtOnce() throws {
        let id = "day:revenue:point:2025-01-09"
        let reply = try result("anomalies.acknowledge", #"{"anomalyId":"\#(id)","note":"the sale"}"#)
        #expect(reply["state"]?.text == "acknowledged" && reply["acknowledgedTime"]?.number == 1_796_083_200_123)
        func states(_ state: String) throws -> [String] {
            try result("anomalies.list", #"{"state":"\#(state)"}"#)["anomalies"]?.elements?.compactMap {
                $0["anomalyId"]?.text
            } ?? []
        }
        #expect(try states("acknowledged") == [id] && !(try states("open").contains(id)))
        let kept = try AnomalyStates(directory: folder.path("analysis"))
        #expect(kept.acknowledgement(of: id)?.note == "the sale")
        #expect(try result("anomalies.acknowledge", #"{"anomalyId":"\#(id)","reopen":true}"#)["state"]?.text == "open")
        #expect(try states("acknowledged").isEmpty)
        #expect(try reason("anomalies.acknowledge", #"{"anomalyId":"day:x"}"#) == "ANOMALY_NOT_FOUND")
        #expect(try reason("anomalies.acknowledge", #"{"anomalyId":"\#(id)","reopen":true,"note":"n"}"#) == "BAD_FIELD")
    }

    @Test func trendsAreOfTheNewestPeriods() throws {
        let found = try result("trends.list", #"{"count":2,"indicator":"users"}"#)
        #expect(found["periods"]?.elements?.compactMap(\.text) == ["2025-01-11", "2025-01-12"])
        #expect(found["partial"] == .array([.boolean(false), .boolean(true)]))
        #expect(found["series"]?.elements?.count == 1)
        #expect(found["series"]?.elements?.first?["values"] == .array([.number(6), .number(7)]))
        // What the log has nothing of is null, not 0.
        let values = try result("trends.list", #"{"indicator":"users"}"#)["series"]?.elements?.first?["values"]
        #expect(values?.elements?[2] == .null)
        let groups = try result("trends.list", #"{"dimension":"channel"}"#)["series"]?.elements
        #expect(groups?.compactMap { $0["group"]?.text } == ["a/b \"c\"", "<b>mail</b>"])
        for parameters in [
            #"{"indicator":"nothing"}"#, #"{"dimension":"nothing"}"#, #"{"dimension":"channel","group":"nothing"}"#,
        ] {
            let error = try #require(try ask("trends.list", parameters)["error"])
            #expect(error["reason"]?.text == "BAD_FIELD" && error["message"]?.text?.contains("there are: ") == true)
        }
    }

    /// Documents that an analysis lacks are told, and the others answer.
    @Test func aPartOfAnAnalysisAnswersItsPart() throws {
        try SampleAnalysis.write(to: folder.path("part"), isWhole: false)
        let client = try Self.connect(try AnalyticsDesk(directory: folder.path("part")))
        for method in Self.methods.sorted() {
            let parameters =
                method.hasPrefix("predict.")
                    && !["predict.highValue", "predict.atRisk", "predict.segments", "predict.models"].contains(method)
                ? #"{"userId":"u00003"}"# : method == "anomalies.acknowledge" ? #"{"anomalyId":"a"}"# : "{}"
            let reply = try client.ask(#"{"id":1,"method":"\#(method)","params":\#(parameters)}"#)
            if method.hasPrefix("trends.") {
                #expect(reply["result"] != nil, "\(reply)")
            } else {
                let expected = method == "anomalies.acknowledge" ? "ANOMALY_NOT_FOUND" : "NO_ANALYTICS"
                #expect(reply["error"]?["reason"]?.text == expected, "\(method): \(reply)")
            }
        }
    }

    @Test func insightsArePaged() throws {
        let first = try result("insights.list", #"{"count":2}"#)
        #expect(first["insights"]?.elements?.count == 2)
        let next = try #require(first["next"]?.text)
        let second = try result("insights.list", #"{"after":"\#(next)"}"#)
        #expect(second["insights"]?.elements?.compactMap { $0["insightId"]?.text } == ["seldomBought:i00003"])
        #expect(second["next"] == nil)
        #expect(try reason("insights.list", #"{"rule":"nothing"}"#) == "BAD_FIELD")
        #expect(try reason("insights.list", #"{"after":"nothing"}"#) == "BAD_FIELD")
    }

    /// Routes of the analytics platform that Foretaste replaces give the results of methods.
    @Test func replacedRoutesGiveTheResultsOfMethods() throws {
        let server = try InProcessHTTP(analytics: desk)
        let client = try server.connect()
        defer { withExtendedLifetime(server) {} }
        for (path, method, parameters) in [
            ("/api/trends/daily", "trends.list", #"{"unit":"day"}"#),
            ("/api/trends/weekly", "trends.list", #"{"unit":"week"}"#),
            (
                "/api/trends/daily?limit=3&indicator=revenue&dimension=channel&group=a/b%20%22c%22", "trends.list",
                #"{"count":3,"indicator":"revenue","dimension":"channel","group":"a/b \"c\""}"#
            ),
            ("/api/segments/summary", "predict.segments", "{}"),
            ("/api/predictions/segments", "predict.segments", "{}"),
            ("/api/predictions/models", "predict.models", "{}"),
            ("/api/predictions/high-value/purchase?limit=5", "predict.highValue", #"{"model":"purchase","count":5}"#),
            ("/api/predictions/at-risk?order=loss&limit=4", "predict.atRisk", #"{"order":"loss","count":4}"#),
            ("/api/predictions/users/u00003", "predict.user", #"{"userId":"u00003"}"#),
            ("/api/anomalies", "anomalies.list", "{}"), ("/api/anomalies/recent", "anomalies.list", #"{"days":7}"#),
            ("/api/anomalies/recent?days=2&unit=day", "anomalies.list", #"{"days":2,"unit":"day"}"#),
            ("/api/summary/llm", "insights.summary", "{}"), ("/api/insights?limit=1", "insights.list", #"{"count":1}"#),
            ("/api/recommendations/admin", "insights.list", "{}"),
        ] {
            let reply = try client.ask("GET", path)
            #expect(reply.status == 200, "\(path): \(reply.text)")
            #expect(try reply.json() == result(method, parameters), "\(path)")
        }
        #expect(try client.ask("GET", "/api/recommendations/metrics").json()["server"] != nil)
        for (path, status) in [
            ("/api/predictions/high-value/forest", 400), ("/api/trends/daily?unit=week", 400), ("/api/trends", 404),
            ("/api/predictions/users/nobody", 404), ("/api/anomalies/recent?days=0", 400),
        ] {
            #expect(try client.ask("GET", path).status == status, "\(path)")
        }
    }
}
