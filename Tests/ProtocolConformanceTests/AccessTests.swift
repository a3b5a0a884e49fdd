import AccessKeys
import Synchronization
import TestSupport
import Testing
import WireProtocol

@testable import RecommendationServer
@testable import ServiceMethods

/// Who may ask what: the whole table of methods, for every role.
@Suite struct AccessTests {
    private let admin = AccessKey()
    private let write = AccessKey()
    private let read = AccessKey()
    private let browser = AccessKey()
    private let ring: KeyRing

    init() throws {
        var file = KeyFile()
        for (key, role) in [(admin, AccessRole.admin), (write, .write), (read, .read), (browser, .browser)] {
            try file.add(try KeyRecord(key, role: role, created: "now", name: ""))
        }
        ring = KeyRing(file)
    }

    /// A server in this process, whose checks and delays are over at once.
    private func connect(_ methods: [ServiceMethod] = MethodTable.all) throws -> InProcessConnection {
        let serving = try ConformanceShop.shared.get().inProcess.serving
        let desk = KeyDesk(ring, work: { $0() }, afterDelay: { $0() }, reportWrongKey: { _ in })
        let context = ServiceContext(serving: serving, personas: nil, keys: desk) { ServerFacts() }
        return InProcessConnection(FrameResponder(context, counters: RequestCounters(), methods: methods))
    }

    private func connect(with key: String) throws -> InProcessConnection {
        let client = try connect()
        try #require(try client.ask(#"{"id":1,"method":"auth","params":{"key":"\#(key)"}}"#)["result"] != nil)
        return client
    }

    private func token(_ user: String = "u00001", expiresAt: Int64? = nil, filter: String = "") -> String {
        BrowserToken.text(browser, userId: user, expiresAt: expiresAt, filter: filter)
    }

    private func reason(_ reply: JSON) -> String? { reply["error"]?["reason"]?.text }

    /// Every method of the table, and each role that a method may need.
    @Test func everyMethodAsksForItsRole() throws {
        let keys = [("read", read.text), ("write", write.text), ("admin", admin.text), ("browser", token())]
        for (role, key) in keys {
            let client = try connect(with: key)
            for method in MethodTable.all where !["hello", "auth"].contains("\(method.name)") {
                let name = "\(method.name)"
                let isAllowed =
                    switch role {
                    case "browser":
                        method.traits.contains(.keyless) || name.hasPrefix("recommend.")
                            || ["events.put", "explain.whyNot"].contains(name)
                    case "read": method.role == .read
                    case "write": method.role != .admin
                    default: true
                    }
                let reply = try client.ask(#"{"id":1,"method":"\#(name)","params":{"count":0}}"#)
                #expect((reason(reply) == "ROLE") == !isAllowed, "\(role) \(name): \(reply)")
            }
        }
    }

    /// Names say what a method does, so that one that changes something cannot be declared as one that reads.
    @Test func whatChangesSomethingIsNotForReaders() {
        let changing = [
            "put", "upsert", "delete", "merge", "erase", "activate", "rollback", "create", "drain", "set",
            "acknowledge",
        ]
        let administering = [
            "keys.", "backup.", "server.", "index.activate", "index.rollback", "scenarios.put", "scenarios.delete",
        ]
        for method in MethodTable.all {
            let name = "\(method.name)"
            if changing.contains(where: { name.hasSuffix("." + $0) }) { #expect(method.role != .read, "\(name)") }
            if administering.contains(where: { name.hasPrefix($0) }) { #expect(method.role == .admin, "\(name)") }
            if method.traits.contains(.keyless) {
                #expect(["hello", "auth", "ping", "health"].contains(name), "\(name) tells something without a key")
            }
        }
    }

    @Test func withoutAKeyThereIsNothingToSee() throws {
        let client = try connect()
        let hello = try client.ask(#"{"id":1,"method":"hello"}"#)
        #expect(hello["result"]?["index"] == .null && hello["result"]?["limits"] != nil)
        #expect(try client.ask(#"{"id":1,"method":"ping"}"#)["result"] != nil)
        #expect(reason(try client.ask(#"{"id":1,"method":"info"}"#)) == "KEY_MISSING")
        #expect(
            reason(try client.ask(#"{"id":1,"method":"batch","params":{"requests":[{"method":"info"}]}}"#))
                == "KEY_MISSING")
        #expect(reason(try client.ask(#"{"id":1,"method":"recommend.user","params":{"userId":"u"}}"#)) == "KEY_MISSING")
        #expect(throws: TestSupportError.self, "closed after the third") { try client.send(framed("{}")) }
    }

    @Test func aWrongKeySaysNothingOfWhetherThereIsOne() throws {
        let wrong = [
            AccessKey().text, String(admin.text.dropLast(8)) + "00000000", browser.text, "nonsense",
            token(expiresAt: 1),
            String(token().dropLast(1)), "ftb1.ffffffffffff.0.dTE..AAAA",
        ]
        var messages: Set<String> = []
        for key in wrong {
            let client = try connect()
            for attempt in 1...3 {
                let reply = try client.ask(#"{"id":\#(attempt),"method":"auth","params":{"key":"\#(key)"}}"#)
                #expect(reason(reply) == "KEY_INVALID" && reply["id"]?.number == Double(attempt), "\(key)")
                messages.insert(reply["error"]?["message"]?.text ?? "")
                #expect(!"\(reply)".contains(key.suffix(20)))
            }
            #expect(throws: TestSupportError.self, "closed after the third") { try client.send(framed("{}")) }
        }
        #expect(messages.count == 1)
        #expect(ring.wrongCount == 3 * wrong.count)
    }

    @Test func aKeyIsShownWithHelloToo() throws {
        let client = try connect()
        let reply = try client.ask(
            #"{"id":1,"method":"hello","params":{"key":"\#(read.text)","ordered":true,"strictParams":true}}"#)
        #expect(reply["result"]?["index"]?["items"]?.number == 100 && reply["result"]?["ordered"] == .boolean(true))
        #expect(try JSONSchema(file: "hello.result").findings(in: reply["result"] ?? .null) == [])
        #expect(try client.ask(#"{"id":1,"method":"info"}"#)["result"] != nil)
        // A wrong key later takes nothing away, and another one changes the role.
        #expect(reason(try client.ask(#"{"id":1,"method":"auth","params":{"key":"x"}}"#)) == "KEY_INVALID")
        #expect(try client.ask(#"{"id":1,"method":"info"}"#)["result"] != nil)
        let auth = try client.ask(#"{"id":1,"method":"auth","params":{"key":"\#(admin.text)"}}"#)
        #expect(auth["result"] == .object(["role": .string("admin"), "keyId": .string(admin.id)]))
        #expect(try JSONSchema(file: "auth.result").findings(in: auth["result"] ?? .null) == [])
    }

    @Test func aBrowserAsksForItsOwnUser() throws {
        let client = try connect(with: token())
        func ask(_ method: String, _ parameters: String) throws -> String? {
            reason(try client.ask(#"{"id":1,"method":"\#(method)","params":\#(parameters)}"#))
        }
        #expect(try ask("recommend.user", #"{"userId":"u00001"}"#) == nil)
        #expect(try ask("recommend.user", #"{"userId":"\u0075000\u00301"}"#) == nil)
        #expect(try ask("recommend.item", #"{"itemId":"i00001","userId":"u00001"}"#) == nil)
        #expect(try ask("recommend.popular", "{}") == nil)
        #expect(try ask("recommend.user", #"{"recentItems":["i00001"]}"#) == nil)
        for other in ["u00002", "U00001", "u00001 ", "u0000", ""] {
            #expect(try ask("recommend.user", #"{"userId":"\#(other)"}"#) == "ROLE", "\(other)")
        }
        #expect(try ask("recommend.item", #"{"itemId":"i00001","userId":"u00002"}"#) == "ROLE")
        #expect(try ask("recommend.user", #"{"userId":"u00001","x":[{"y":{"userId":"u00002"}}]}"#) == "ROLE")
        #expect(try ask("recommend.user", #"{"userId":17}"#) == "BAD_FIELD")
        // Past the question of who may, there is no live store here.
        #expect(
            try ask("events.put", #"{"events":[{"type":"view","userId":"u00001","itemId":"i1"}]}"#) == "NO_LIVE_STORE")
        let others =
            #"{"events":[{"type":"view","userId":"u00001","itemId":"i1"},{"type":"view","userId":"u2","itemId":"i1"}]}"#
        #expect(try ask("events.put", others) == "ROLE")
        #expect(try ask("events.list", #"{"userId":"u00001"}"#) == "ROLE")
        #expect(try ask("segments.of", #"{"customerId":"u00001"}"#) == "ROLE")
        #expect(try ask("personas.of", #"{"userId":"u00001"}"#) == "ROLE")
        #expect(try ask("batch", #"{"requests":[{"method":"recommend.popular"}]}"#) == "ROLE")
    }

    /// What a token's filter leaves out is never shown, whatever the request asks for.
    @Test func aTokensFilterHoldsForEveryAnswer() throws {
        let client = try connect(with: token(filter: "id ends with '1' or id ends with '2' and user.id = 'u00001'"))
        let open = try connect(with: admin.text)
        let all = (0..<100).map { place in
            let digits = "\(place)"
            return "\"i" + String(repeating: "0", count: 5 - digits.count) + digits + "\""
        }.joined(separator: ",")
        let asked = [
            ("recommend.user", #""userId":"u00001","count":30"#),
            ("recommend.user", #""recentItems":["i00001"],"count":30"#),
            ("recommend.item", #""itemId":"i00003","count":30"#),
            ("recommend.session", #""items":["i00001"],"count":30"#),
            ("recommend.popular", #""count":30"#), ("recommend.basket", #""items":["i00001","i00002"],"count":30"#),
            ("recommend.rank", #""userId":"u00001","itemIds":[\#(all)]"#),
            ("recommend.user", #""userId":"u00001","pinned":[{"itemId":"i00004","place":1}],"count":30"#),
        ]
        for (method, parameters) in asked {
            for (own, ends) in [
                ("true", ["1", "2"]), ("id ends with '2'", ["2"]),
                ("not id ends with '1' and not id ends with '2'", []),
            ] {
                let request = #"{"id":1,"method":"\#(method)","params":{\#(parameters),"filter":"\#(own)"}}"#
                let reply = try client.ask(request)
                let ids = try #require(reply["result"]?["items"]?.elements, "\(reply)").compactMap { $0["id"]?.text }
                #expect(ids.allSatisfy { id in ends.contains { id.hasSuffix($0) } }, "\(method) \(own): \(ids)")
                // As the same filter of a request gives it.
                let both = "(\(own)) and (id ends with '1' or id ends with '2')"
                let expected = try open.ask(
                    #"{"id":1,"method":"\#(method)","params":{\#(parameters),"filter":"\#(both)"}}"#)
                #expect(reply["result"] == expected["result"], "\(method) \(own)")
            }
        }
    }

    @Test func whyNotNamesTheKeysFilterAndNotWhatItSays() throws {
        let client = try connect(with: token(filter: "id ends with '1'"))
        func conditions(_ filter: String) throws -> [String?]? {
            let reply = try client.ask(
                #"{"id":1,"method":"explain.whyNot","params":{"userId":"u00001","excludeSeen":false,"itemId":"i00002"\#(filter)}}"#
            )
            #expect(reply["result"]?["stage"]?.text == "FILTER", "\(reply)")
            #expect(!"\(reply)".contains("ends with '1'"))
            return reply["result"]?["conditions"]?.elements?.map(\.text)
        }
        #expect(try conditions("") == ["the key's filter"])
        #expect(try conditions(#","filter":"id ends with '7'""#) == [#"id ends with "7""#, "the key's filter"])
        let other = try client.ask(
            #"{"id":1,"method":"explain.whyNot","params":{"userId":"u00002","itemId":"i00002"}}"#)
        #expect(reason(other) == "ROLE")
    }

    /// What cannot be kept to shows nothing.
    @Test func aTokensFilterThatMeansNothingShowsNothing() throws {
        for filter in ["id = ", "id ends with '1", "\u{1}"] {
            let client = try connect()
            let reply = try client.ask(#"{"id":1,"method":"auth","params":{"key":"\#(token(filter: filter))"}}"#)
            #expect(reason(reply) == "KEY_INVALID", "\(filter)")
            #expect(reason(try client.ask(#"{"id":1,"method":"recommend.popular"}"#)) == "KEY_MISSING")
        }
        // Names are the index's, which may be another one by then.
        let client = try connect(with: token(filter: "noSuchProperty = 1"))
        let reply = try client.ask(#"{"id":1,"method":"recommend.popular"}"#)
        #expect(reason(reply) == "FILTER_SYNTAX", "\(reply)")
        #expect(reply["error"]?["message"]?.text?.contains("this connection's key") == true, "\(reply)")
    }

    @Test func elementsOfABatchHaveTheRightsOfItsSender() throws {
        let client = try connect(with: read.text)
        let reply = try client.ask(
            #"{"id":1,"method":"batch","params":{"requests":[{"method":"info"},{"method":"server.drain"},{"method":"auth","params":{"key":"x"}}]}}"#
        )
        let results = try #require(reply["result"]?["results"]?.elements)
        #expect(results.map { reason($0) } == [nil, "ROLE", "INVALID_REQUEST"])
    }

    @Test func aRevokedKeyEndsOnConnectionsThatStand() throws {
        let client = try connect(with: read.text)
        #expect(try client.ask(#"{"id":1,"method":"info"}"#)["result"] != nil)
        ring.replace(by: KeyFile())
        #expect(reason(try client.ask(#"{"id":1,"method":"info"}"#)) == "KEY_INVALID")
        #expect(reason(try client.ask(#"{"id":1,"method":"info"}"#)) == "KEY_MISSING")
        #expect(reason(try client.ask(#"{"id":1,"method":"info"}"#)) == "KEY_MISSING")
        #expect(throws: TestSupportError.self) { try client.send(framed("{}")) }
    }
}
