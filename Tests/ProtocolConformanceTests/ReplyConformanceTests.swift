import Foundation
import ServiceMethods
import TestSupport
import Testing
import WireProtocol

/// Real replies of every method, with all that can be in them, against the schemas and what the specification says.
@Suite struct ReplyConformanceTests {
    @Test(arguments: Transport.allCases) func everyMethodsReplyIsOfItsSchema(_ transport: Transport) throws {
        let client = try transport.connect()
        var questions = [
            ("auth", #"{"key":"none is asked for"}"#), ("hello", #"{"client":"test 1","ordered":true}"#),
            ("ping", #"{"echo":"é"}"#), ("health", "{}"),
            ("info", "{}"),
            ("recommend.user", #"{"userId":"u00001","count":100,"explain":"full","fields":["*"]}"#),
            ("recommend.user", #"{"userId":"nobody","explain":"codes"}"#),
            ("recommend.user", #"{"recentItems":["i00001",{"itemId":"i00002","type":"cart"}],"explain":"full"}"#),
            ("recommend.item", #"{"itemId":"i00001","explain":"full","fields":["title","price","tags"]}"#),
            ("recommend.session", #"{"items":["i00001","i00002","i00001"],"explain":"full","fields":["*"]}"#),
            ("recommend.popular", #"{"kind":"trending","explain":"full","fields":["*"]}"#),
            ("recommend.popular", #"{"segment":"champions","explain":"codes"}"#),
            (
                "recommend.user",
                #"{"userId":"u00001","filter":"price < 50","boost":"1 + (price < 20)","explain":"full","maxPer":{"property":"id"}}"#
            ),
            (
                "recommend.user",
                #"{"userId":"u00001","diversity":0.4,"pinned":[{"itemId":"i00009","place":2}],"explain":"full"}"#
            ),
            ("recommend.basket", #"{"items":["i00001","i00002"],"explain":"full"}"#),
            ("recommend.rank", #"{"userId":"u00001","itemIds":["i00001","i00002","i00003"],"explain":"full"}"#),
            ("recommend.again", #"{"userId":"u00001","explain":"full","fields":["*"]}"#),
            (
                "recommend.composite",
                #"{"rows":[{"name":"a","user":{"userId":"u00001","explain":"full"}},{"name":"b","item":{"itemId":"?"}}]}"#
            ),
            ("recommend.segments", #"{"userId":"u00001","property":"brand"}"#),
            ("recommend.segments", #"{"userId":"nobody","property":"price","count":2}"#),
            ("explain.whyNot", #"{"userId":"u00001","itemId":"i00001","filter":"id = null and true"}"#),
            ("explain.whyNot", #"{"userId":"nobody","itemId":"i00100","count":1}"#),
            ("explain.whyNot", #"{"userId":"nobody","itemId":"i00100","excludeIds":["i00100"]}"#),
            ("segments.list", "{}"), ("segments.of", #"{"customerId":"u00001"}"#),
            ("segments.predict", #"{"recency":3,"frequency":12,"monetary":400.5}"#),
            ("segments.members", #"{"segment":"champions","count":2}"#), ("segments.trends", #"{"unit":"week"}"#),
            ("segments.trends", #"{"segment":"champions"}"#),
            ("personas.of", #"{"userId":"u00001","count":3}"#),
            ("personas.query", #"{"category1":["clothing","Home"],"cityTier":"TIER 1","gender":"female"}"#),
            ("personas.query", "{}"), ("personas.top", #"{"dimension":"brand"}"#),
            ("personas.top", #"{"dimension":"category"}"#),
        ]
        // A real server would stop: aClientThatMayStopsTheServer asks one.
        if transport == .inProcess { questions.append(("server.drain", "{}")) }
        let asked = Set(["server.drain"]).union(questions.map(\.0)).union(VectorConformanceTests.answeredMethods)
            .union(LiveMethodTests.methods).union(AnalyticsMethodTests.methods)
        #expect(MethodTable.names.all.filter { !asked.contains($0) } == [], "neither here nor by a vector")
        for (method, parameters) in questions {
            let reply = try client.ask(#"{"id":1,"method":"\#(method)","params":\#(parameters)}"#)
            let result = try #require(reply["result"], "\(method): \(reply)")
            let schema = JSONSchema.ofResult(method)
            #expect(try JSONSchema(file: "reply").findings(in: reply) == [], "\(method) \(parameters)")
            #expect(try JSONSchema(file: schema).findings(in: result) == [], "\(method) \(parameters)")
        }
    }

    /// Section 6: `because` on items that are not fallback, at most 3, the largest first, only items of the history.
    @Test(arguments: Transport.allCases) func becauseNamesItemsOfTheHistory(_ transport: Transport) throws {
        let client = try transport.connect()
        let recent = ["i00001", "i00005", "i00009", "i00020", "i00030"]
        let list = recent.map { "\"\($0)\"" }.joined(separator: ",")
        let reply = try client.ask(
            #"{"id":1,"method":"recommend.user","params":{"recentItems":[\#(list)],"count":100,"explain":"full"}}"#)
        let items = try #require(reply["result"]?["items"]?.elements)
        let personal = items.filter { $0["source"]?.text != "fallback" }
        #expect(personal.count > 10)
        for item in items {
            let contributions = try #require(item["contributions"])
            let parts = ["content", "collaborative", "fallback", "boost"].compactMap { contributions[$0]?.number }
            let score = try #require(item["score"]?.number)
            #expect(abs(parts.reduce(0, +) - score) <= 1e-5, "\(item)")
            guard item["source"]?.text != "fallback" else {
                #expect(item["because"] == nil)
                continue
            }
            let because = try #require(item["because"]?.elements, "\(item)")
            #expect((1...3).contains(because.count), "\(item)")
            #expect(because.allSatisfy { recent.contains($0["itemId"]?.text ?? "") }, "\(item)")
            let shares = because.compactMap { $0["share"]?.number }
            #expect(shares == shares.sorted(by: >) && shares.allSatisfy { $0 > 0 }, "\(item)")
        }
    }

    /// Section 5: as a signal does, and the answer comes before the notice.
    @Test func aClientThatMayStopsTheServer() throws {
        let server = try ConformanceShop.shared.get().shop.serve()
        let (silent, asking) = (try TestClient(port: server.port), try TestClient(port: server.port))
        _ = try silent.ask(#"{"id":1,"method":"health"}"#)
        let reply = try asking.ask(#"{"id":1,"method":"server.drain"}"#)
        #expect(reply["result"] == .object(["draining": .boolean(true)]))
        #expect(try JSONSchema(file: "server.drain.result").findings(in: reply["result"] ?? .null) == [])
        for client in [silent, asking] {
            let frames = try payloads(client.receiveUntilClose()).map { try JSON.parse($0) }
            #expect(frames == [.object(["method": .string("server.goingAway")])])
            client.disconnect()
        }
        #expect(try server.waitForEnd().exitCode == 0)
        #expect(server.log.contains("a client asks for a stop"))
    }

    /// Section 4: every connection is told, also one that never asked anything, and then closed.
    @Test func stoppingServerSendsTheNotice() throws {
        let server = try ConformanceShop.shared.get().shop.serve()
        let (silent, asking) = (try TestClient(port: server.port), try TestClient(port: server.port))
        _ = try asking.ask(#"{"id":1,"method":"ping"}"#)
        // Accepted for certain, once the server has answered on it.
        _ = try silent.ask(#"{"id":1,"method":"health"}"#)
        server.send(signal: SIGTERM)
        for client in [silent, asking] {
            let frames = try payloads(client.receiveUntilClose()).map { try JSON.parse($0) }
            #expect(frames == [.object(["method": .string("server.goingAway")])])
            let notice = try #require(frames.first)
            #expect(try JSONSchema(file: "server.goingAway").findings(in: notice) == [])
            client.disconnect()
        }
        #expect(try server.waitForEnd().exitCode == 0)
    }
}
