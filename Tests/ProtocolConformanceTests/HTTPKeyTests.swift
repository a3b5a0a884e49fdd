import AccessKeys
import Dispatch
import Synchronization
import Telemetry
import TestSupport
import Testing
import WireProtocol

@testable import RecommendationServer
@testable import ServiceMethods

/// Who may ask what over HTTP.
@Suite struct HTTPKeyTests {
    private let admin = AccessKey()
    private let write = AccessKey()
    private let read = AccessKey()
    private let browser = AccessKey()
    private let ring: KeyRing
    private let server: InProcessHTTP
    private let reported = Reported()

    private final class Reported: Sendable {
        let ids = Mutex<[String?]>([])
    }

    init() throws {
        var file = KeyFile()
        for (key, role) in [(admin, AccessRole.admin), (write, .write), (read, .read), (browser, .browser)] {
            try file.add(try KeyRecord(key, role: role, created: "now", name: ""))
        }
        ring = KeyRing(file)
        let queue = DispatchQueue(label: "test.keys")
        server = try InProcessHTTP(
            keys: KeyDesk(
                ring, work: { queue.async(execute: $0) }, afterDelay: { queue.async(execute: $0) },
                reportWrongKey: { [reported] id in reported.ids.withLock { $0.append(id) } }))
    }

    private func token(_ user: String = "u00001", expiresAt: Int64? = nil, filter: String = "") -> String {
        BrowserToken.text(browser, userId: user, expiresAt: expiresAt, filter: filter)
    }

    private func call(
        _ client: HTTPTestClient, _ method: String, _ key: String?, _ parameters: String = "{}"
    ) throws -> (status: Int, reason: String?) {
        let reply = try client.ask(
            "POST", "/v1/\(method)",
            ["Content-Type: application/json"] + (key.map { ["Authorization: Bearer \($0)"] } ?? []), body: parameters)
        #expect((reply.headers["www-authenticate"] == "Bearer") == (reply.status == 401))
        return (reply.status, try reply.json()["error"]?["reason"]?.text)
    }

    /// The whole table, for every role: as in frames.
    @Test func everyMethodAsksForItsRole() throws {
        let client = try server.connect()
        for (role, key) in [("read", read.text), ("write", write.text), ("admin", admin.text), ("browser", token())] {
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
                let (status, reason) = try call(client, name, key, #"{"count":0}"#)
                #expect((reason == "ROLE") == !isAllowed, "\(role) \(name): \(status)")
                #expect((status == 403) == !isAllowed)
            }
        }
    }

    @Test func withoutAKeyThereIsNothingToSee() throws {
        let client = try server.connect()
        for method in MethodTable.all {
            let (status, reason) = try call(client, "\(method.name)", nil)
            if method.traits.contains(.keyless) {
                #expect(reason != "KEY_MISSING", "\(method.name)")
            } else {
                #expect(status == 401 && reason == "KEY_MISSING", "\(method.name)")
            }
        }
        #expect(try client.call("hello").json()["result"]?["index"] == .null)
        for path in ["/metrics", "/api/recommendations/users/u00001", "/api/segments"] {
            #expect(try client.ask("GET", path).status == 401, "\(path)")
        }
        for path in ["/livez", "/readyz", "/health", "/docs", "/openapi.json"] {
            #expect(try client.ask("GET", path).status == 200, "\(path)")
        }
        // What nobody may ask is not read.
        let long = String(repeating: " ", count: ProtocolLimits.frameBytesBeforeAuthentication)
        #expect(try call(client, "ping", nil, "{}" + long).status == 413)
        #expect(try call(try server.connect(), "ping", read.text, "{}" + long).status == 200)
    }

    @Test func wrongKeysAreRefusedAndTold() throws {
        let client = try server.connect()
        var file = KeyFile()
        let stranger = AccessKey()
        try file.add(try KeyRecord(stranger, role: .admin, created: "now", name: ""))
        let wrongSecret = String(read.text.dropLast(4)) + (read.text.hasSuffix("0000") ? "1111" : "0000")
        let wrong = [stranger.text, wrongSecret, "x", browser.text, token(expiresAt: 1), token() + "x"]
        for key in wrong {
            // Also where none would have been needed.
            for method in ["recommend.popular", "ping"] {
                let (status, reason) = try call(client, method, key)
                #expect(status == 401 && reason == "KEY_INVALID", "\(method)")
            }
        }
        #expect(reported.ids.withLock { $0.count } == 2 * wrong.count)
        for header in ["", "Basic dTpw", "Bearer", "Bearer  ", "bearer\(read.text)"] {
            let reply = try client.ask("GET", "/metrics", ["Authorization: \(header)"])
            #expect(reply.status == 401, "\(header)")
        }
        let tooLong = String(repeating: "a", count: ProtocolLimits.keyBytes + 1)
        #expect(try call(client, "ping", tooLong).status == 401)
        // The scheme's name has no case, and more spaces may follow it.
        let reply = try client.ask("GET", "/metrics", ["authorization: bEARER   \(read.text)"])
        #expect(reply.status == 200 && reply.text == "m 1\n")
    }

    @Test func aBrowserTokenAsksForItsOwnUser() throws {
        let client = try server.connect()
        #expect(try call(client, "recommend.user", token(), #"{"userId":"u00001"}"#).status == 200)
        #expect(try call(client, "recommend.user", token(), #"{"userId":"u00002"}"#).reason == "ROLE")
        let bearer = ["Authorization: Bearer \(token())"]
        #expect(try client.ask("GET", "/api/recommendations/users/u00001", bearer).status == 200)
        #expect(try client.ask("GET", "/api/recommendations/users/u00002", bearer).status == 403)
        #expect(try client.ask("GET", "/api/segments", bearer).status == 403)
        #expect(try client.ask("GET", "/metrics", bearer).status == 403)
        let batch = #"{"requests":[{"method":"recommend.user","params":{"userId":"u00001"}}]}"#
        #expect(try call(client, "batch", token(), batch).reason == "ROLE")
        #expect(try call(client, "recommend.popular", token(filter: "id = ")).reason == "KEY_INVALID")
        #expect(try call(client, "recommend.popular", token(filter: "id ends with '1'")).status == 200)
        #expect(try call(client, "recommend.popular", token(filter: "noSuch = 1")).reason == "FILTER_SYNTAX")
    }

    @Test func elementsOfABatchAskWithItsKey() throws {
        let client = try server.connect()
        let reply = try client.ask(
            "POST", "/v1/batch", ["Content-Type: application/json", "Authorization: Bearer \(read.text)"],
            body: #"{"requests":[{"method":"recommend.popular"},{"method":"items.delete"}]}"#)
        let results = try #require(try reply.json()["result"]?["results"]?.elements, "\(reply.text)")
        #expect(results.map { $0["error"]?["reason"]?.text } == [nil, "ROLE"])
    }

    @Test func aRevokedKeyAllowsNothing() throws {
        let client = try server.connect()
        #expect(try call(client, "recommend.popular", read.text).status == 200)
        ring.replace(by: KeyFile())
        #expect(try call(client, "recommend.popular", read.text).reason == "KEY_INVALID")
    }

    /// As in frames: it says what a key is.
    @Test func authTellsTheRole() throws {
        let client = try server.connect()
        let reply = try client.call("auth", #"{"key":"\#(write.text)"}"#)
        #expect(try reply.json()["result"]?["role"]?.text == "write")
        #expect(try client.call("auth", #"{"key":"x"}"#).status == 401)
        // And ends with its answer.
        #expect(try call(client, "recommend.popular", nil).reason == "KEY_MISSING")
    }
}
