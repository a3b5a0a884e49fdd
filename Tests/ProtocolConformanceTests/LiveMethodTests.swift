import Foundation
import ServiceMethods
import TestSupport
import Testing
import WireProtocol

/// The methods of live data behind a real socket: what they answer, that the schemas hold, and that answers follow.
@Suite(.serialized) struct LiveMethodTests {
    /// Those that are answered here, each against its schemas.
    static let methods = MethodTable.names.all.filter { name in
        ["events.", "items.", "users."].contains { name.hasPrefix($0) }
    }

    /// One shop for all of them; each test has its own users and items, or its own store.
    private final class LiveShop: Sendable {
        static let shared = Result { try LiveShop() }

        let shop: BuiltShop
        let server: RunningServer

        private init() throws {
            shop = try ConformanceShop.shared.get().shop
            server = try shop.serve(["--personas", shop.folder.path("personas"), "--live", shop.folder.path("live")])
            server.stopAtExit()
        }
    }

    private let client: TestClient

    init() throws { client = try TestClient(port: try LiveShop.shared.get().server.port) }

    /// The result, which is of its schema as its question is.
    private func ask(_ method: String, _ parameters: String, _ client: TestClient? = nil) throws -> JSON {
        let client = client ?? self.client
        let reply = try client.ask(#"{"id":1,"method":"\#(method)","params":\#(parameters)}"#)
        let result = try #require(reply["result"], "\(method): \(reply)")
        #expect(try JSONSchema(file: "reply").findings(in: reply) == [], "\(method)")
        let schema = JSONSchema.ofResult(method)
        #expect(try JSONSchema(file: schema).findings(in: result) == [], "\(method): \(result)")
        let question = try JSON.parse(parameters.utf8).withoutNulls
        #expect(try JSONSchema(file: "\(method).params").findings(in: question) == [], "\(method): \(parameters)")
        return result
    }

    private func itemIds(_ result: JSON) -> [String] {
        (result["items"]?.elements ?? []).compactMap { $0["id"]?.text }
    }

    @Test func everyMethodIsAskedHere() {
        #expect(Self.methods.count == 13)
    }

    @Test func eventsAreStoredOnceAndListed() throws {
        let put =
            #"{"events":[{"eventId":"m1","type":"view","userId":"mia","sessionId":"ms","itemId":"i00001","value":2.5,"#
            + #""time":"2024-05-17T09:30:00Z","query":"kite","recommId":"r1","context":{"a":{"b":[1,null,"x"]},"n":9007199254740993}},"#
            + #"{"type":"cart","userId":"mia","itemId":"i00002"}]}"#
        #expect(try ask("events.put", put)["stored"]?.number == 2)
        let again = try ask(
            "events.put", #"{"events":[{"eventId":"m1","type":"view","userId":"mia","itemId":"i00009"}]}"#)
        #expect(again["stored"]?.number == 0 && again["duplicates"]?.number == 1)
        let list = try ask("events.list", #"{"userId":"mia"}"#)
        let events = try #require(list["events"]?.elements)
        #expect(events.map { $0["type"]?.text } == ["cart", "view"])
        #expect(events[1]["time"]?.number == 1_715_938_200_000 && events[1]["value"]?.number == 2.5)
        #expect(events[1]["context"]?["a"]?["b"]?.elements?.count == 3)
        #expect(try ask("events.list", #"{"sessionId":"ms"}"#)["events"]?.elements?.count == 1)
        let page = try ask("events.list", #"{"userId":"mia","count":1}"#)
        let cursor = try #require(page["cursor"]?.text)
        let rest = try ask("events.list", #"{"userId":"mia","count":1,"cursor":"\#(cursor)"}"#)
        #expect(rest["events"]?.elements?.first?["eventId"]?.text == "m1")
        #expect(
            try ask("events.delete", #"{"eventIds":["m1","none"]}"#)
                == .object(["deleted": .number(1), "missing": .number(1)]))
        #expect(try ask("events.list", #"{"userId":"mia"}"#)["events"]?.elements?.count == 1)
    }

    @Test func oneBadElementDoesNotSpoilTheOthers() throws {
        let events = [
            #"{"type":"view","userId":"noa","itemId":"i00001"}"#, #"{"type":"view","userId":17,"itemId":"i00001"}"#,
            "3",
            #"{"type":"view","itemId":"i00001"}"#, #"{"type":"view","userId":"noa","itemId":"i00001","time":"soon"}"#,
            #"{"type":"view","userId":"noa","itemId":"i00001","time":253402300799999}"#,
            #"{"type":"view","userId":"noa","itemId":"i00001","count":3}"#,
        ]
        let reply = try client.ask(
            #"{"id":1,"method":"events.put","params":{"events":[\#(events.joined(separator: ","))]}}"#)
        let result = try #require(reply["result"], "\(reply)")
        #expect(result["stored"]?.number == 1)
        let refused = try #require(result["refused"]?.elements)
        #expect(refused.compactMap { $0["index"]?.number } == [1, 2, 3, 4, 5, 6])
        #expect(refused.map { $0["field"]?.text } == ["userId", nil, "userId", "time", "time", "count"])
    }

    /// A name that nobody knows refuses no element, and with `strictParams` the whole request; names of a sender's own are known.
    @Test func misspeltMembersOfElementsAreTold() throws {
        let events =
            #"{"events":[{"type":"view","userId":"ivo","itemId":"i00001","context":{"itmId":1}},"#
            + #"{"type":"view","userId":"ivo","itmId":"i00001","itemId":"i00002"}]}"#
        let put = try client.ask(#"{"id":1,"method":"events.put","params":\#(events)}"#)
        #expect(put["result"]?["stored"]?.number == 2 && put["result"]?["refused"] == .array([]), "\(put)")
        let told = JSON.array([.object(["field": .string("params.events[1].itmId"), "nearest": .string("itemId")])])
        #expect(put["meta"]?["ignored"] == told, "\(put)")
        let items = #"{"items":[{"itemId":"ivo-1","hidden":true,"properties":{"colr":{"time":5}},"stok":2}]}"#
        let upsert = try client.ask(#"{"id":2,"method":"items.upsert","params":\#(items)}"#)
        #expect(upsert["result"]?["stored"]?.number == 1)
        #expect(upsert["meta"]?["ignored"]?.elements?.compactMap { $0["field"]?.text } == ["params.items[0].stok"])
        _ = try ask("hello", #"{"strictParams":true}"#)
        for (method, parameters, field) in [
            ("events.put", events, "params.events[1].itmId"), ("items.upsert", items, "params.items[0].stok"),
            ("users.upsert", #"{"users":[{"userId":"ivo","propertis":{}}]}"#, "params.users[0].propertis"),
        ] {
            let error = try client.ask(#"{"id":3,"method":"\#(method)","params":\#(parameters)}"#)["error"]
            #expect(error?["reason"]?.text == "BAD_FIELD" && error?["details"]?["field"]?.text == field, "\(method)")
        }
        #expect(try ask("events.list", #"{"userId":"ivo"}"#)["events"]?.elements?.count == 2)
    }

    /// Without an id there is no answer, whether it comes at once or from the disk; in a batch each element has its own.
    @Test func eventsWithoutAnIdAreStoredInSilence() throws {
        for (id, rest) in [("s1", #","ack":"memory""#), ("s2", ""), ("s2", "")] {
            let event = #"{"eventId":"\#(id)","type":"view","userId":"sol","itemId":"i00001"}"#
            try client.send(framed(#"{"method":"events.put","params":{"events":[\#(event)]\#(rest)}}"#))
        }
        try client.send(framed(#"{"method":"events.put","params":{}}"#))
        let batch = try client.ask(
            #"{"id":9,"method":"batch","params":{"requests":[{"method":"ping"},{"id":"e","method":"events.put","params":{"events":[{"type":"cart","userId":"sol","itemId":"i00002"}]}}]}}"#
        )
        #expect(batch["id"]?.number == 9, "\(batch)")
        #expect(batch["result"]?["results"]?.elements?.last?["result"]?["stored"]?.number == 1, "\(batch)")
        #expect(try ask("events.list", #"{"userId":"sol"}"#)["events"]?.elements?.count == 3)
    }

    @Test func whatIsAcknowledgedFromMemoryIsWrittenSoon() throws {
        let put = #"{"ack":"memory","events":[{"eventId":"p1","type":"view","userId":"pia","itemId":"i00001"}]}"#
        #expect(try ask("events.put", put)["accepted"]?.number == 1)
        // What is durable was committed with it, or after it.
        #expect(
            try ask("events.put", #"{"events":[{"eventId":"p2","type":"view","userId":"pia","itemId":"i00002"}]}"#)[
                "stored"]?.number == 1)
        #expect(try ask("events.list", #"{"userId":"pia"}"#)["events"]?.elements?.count == 2)
    }

    @Test func anEventCountsInTheNextAnswerOnAnyConnection() throws {
        let other = try TestClient(port: try LiveShop.shared.get().server.port)
        let unknown = try ask("recommend.user", #"{"userId":"ron","count":20}"#)
        #expect(unknown["fallbackUsed"] == .boolean(true))
        let bought = try #require(itemIds(unknown).first)
        #expect(
            try ask("events.put", #"{"events":[{"type":"purchase","userId":"ron","itemId":"\#(bought)"}]}"#)["stored"]?
                .number == 1)
        let known = try ask("recommend.user", #"{"userId":"ron","count":20}"#, other)
        #expect(!itemIds(known).contains(bought), "what somebody has just bought is not recommended")
        #expect(known["items"]?.elements?.first?["source"]?.text != "fallback")
        let popular = try ask("recommend.popular", #"{"userId":"ron","count":100,"excludeSeen":true}"#, other)
        #expect(!itemIds(popular).contains(bought))
    }

    @Test func aHiddenItemIsGoneAtTheNextRequestAndComesBack() throws {
        let question = #"{"userId":"sue","count":100,"fields":["*"]}"#
        let all = itemIds(try ask("recommend.user", question))
        let item = try #require(all.last)
        #expect(try ask("items.upsert", #"{"items":[{"itemId":"\#(item)","hidden":true}]}"#)["stored"]?.number == 1)
        #expect(itemIds(try ask("recommend.user", question)) == all.filter { $0 != item })
        #expect(
            try ask("items.upsert", #"{"items":[{"itemId":"\#(item)","hidden":null,"properties":{"colour":"teal"}}]}"#)[
                "stored"]?.number == 1)
        let back = try ask("recommend.user", question)
        #expect(itemIds(back) == all)
        let fields = try #require(back["items"]?.elements?.first { $0["id"]?.text == item }?["fields"])
        #expect(fields["colour"]?.text == "teal" && fields["title"] != nil, "\(fields)")
        #expect(try ask("items.delete", #"{"itemIds":["\#(item)"]}"#)["deleted"]?.number == 1)
        #expect(!itemIds(try ask("recommend.user", question)).contains(item))
        #expect(try ask("items.get", #"{"itemId":"\#(item)"}"#)["deleted"] == .boolean(true))
        #expect(try ask("items.upsert", #"{"items":[{"itemId":"\#(item)","stock":1}]}"#)["stored"]?.number == 1)
        #expect(itemIds(try ask("recommend.user", question)) == all)
    }

    @Test func itemsKeepWhatTheyAreGiven() throws {
        let change =
            #"{"items":[{"itemId":"new-1","properties":{"name":"Kite","tags":["a","b"],"price":9.5,"fresh":true,"#
            + #""since":{"time":"1970-01-01T00:00:01Z"}},"text":"A kite","vector":{"f32b64":"AACAPwAAAMA="},"#
            + #""availableFrom":5,"availableUntil":"2999-01-01T00:00:00Z","stock":3}]}"#
        #expect(try ask("items.upsert", change)["stored"]?.number == 1)
        let item = try ask("items.get", #"{"itemId":"new-1"}"#)
        #expect(item["vector"] == .array([.number(1), .number(-2)]) && item["text"]?.text == "A kite")
        #expect(item["properties"]?["since"]?["time"]?.number == 1000 && item["stock"]?.number == 3)
        let refused = try client.ask(
            #"{"id":1,"method":"items.upsert","params":{"items":[{"itemId":"new-2","vector":[]},{"itemId":"new-3","properties":{"a":{}}}]}}"#
        )
        #expect(refused["result"]?["refused"]?.elements?.count == 2, "\(refused)")
        let list = try ask("items.list", #"{"count":1000}"#)
        #expect((list["items"]?.elements ?? []).contains { $0["itemId"]?.text == "new-1" })
        let unknown = try client.ask(#"{"id":1,"method":"items.get","params":{"itemId":"never"}}"#)
        #expect(unknown["error"]?["reason"]?.text == "ITEM_NOT_FOUND")
    }

    @Test func aVisitorBecomesAUserAndIsForgotten() throws {
        let events =
            #"{"events":[{"type":"view","userId":"guest","itemId":"i00001"},{"type":"view","userId":"u00001","itemId":"i00002"}]}"#
        _ = try ask("events.put", events)
        #expect(
            try ask("users.upsert", #"{"users":[{"userId":"guest","properties":{"city":"Riga"}}]}"#)["stored"]?.number
                == 1)
        #expect(try ask("users.merge", #"{"fromUserId":"guest","intoUserId":"u00001"}"#)["moved"]?.number == 1)
        let user = try ask("users.get", #"{"userId":"guest"}"#)
        #expect(user["userId"]?.text == "u00001" && user["properties"]?["city"]?.text == "Riga")
        #expect((try ask("users.list", "{}")["users"]?.elements ?? []).contains { $0["userId"]?.text == "u00001" })
        #expect(try ask("users.export", #"{"userId":"u00001","count":1000}"#)["events"]?.elements?.count == 2)
        let before = try ask("recommend.user", #"{"userId":"u00001"}"#)
        #expect(before["fallbackUsed"] == .boolean(false))
        let receipt = try ask("users.erase", #"{"userId":"guest"}"#)
        #expect(receipt["userIds"] == .array([.string("guest"), .string("u00001")]))
        #expect(receipt["removed"]?["events"]?.number == 2)
        let after = try ask("recommend.user", #"{"userId":"u00001"}"#)
        #expect(after["fallbackUsed"] == .boolean(true), "an index that knows the person says nothing")
        #expect(itemIds(after) == itemIds(try ask("recommend.user", #"{"userId":"nobody"}"#)))
        #expect(
            try client.ask(#"{"id":1,"method":"personas.of","params":{"userId":"u00001"}}"#)["error"]?["reason"]?.text
                == "PERSONA_NOT_FOUND")
        #expect(try ask("users.export", #"{"userId":"u00001"}"#)["erasedTime"] != nil)
    }

    /// SIGKILL right after the acknowledgement; a swap; a second server on one store.
    @Test func whatWasAcknowledgedOutlivesTheServer() throws {
        let shop = try LiveShop.shared.get().shop
        let live = shop.folder.path("live-killed")
        let first = try shop.serve(["--live", live])
        let connection = try TestClient(port: first.port)
        _ = try ask(
            "events.put", #"{"events":[{"eventId":"k1","type":"purchase","userId":"kim","itemId":"i00003"}]}"#,
            connection)
        _ = try ask("users.erase", #"{"userId":"u00002"}"#, connection)
        let locked = try Subprocess.run(
            "foretaste-server", ["--index", shop.indexPath, "--live", live, "--listen", "127.0.0.1:0"])
        #expect(
            locked.exitCode != 0 && locked.errors.contains("in use by process \(first.processIdentifier)"),
            "\(locked.errors)")
        try first.stop(signal: SIGKILL)
        connection.disconnect()
        let second = try shop.serve(["--live", live])
        let again = try TestClient(port: second.port)
        #expect(try ask("events.list", #"{"userId":"kim"}"#, again)["events"]?.elements?.count == 1)
        #expect(try ask("recommend.user", #"{"userId":"u00002"}"#, again)["fallbackUsed"] == .boolean(true))
        #expect(!itemIds(try ask("recommend.user", #"{"userId":"kim","count":100}"#, again)).contains("i00003"))
        again.disconnect()
        try second.stop()
    }
}
