import Foundation
import TestSupport
import Testing

/// The main job on the synthetic shop, by the programs as a person runs them.
@Suite struct ShopFlowTests {
    @Test func toolsTellWhatIsInAnIndex() throws {
        let shop = try BuiltShop()
        let text = try shop.foretaste("inspect", shop.indexPath)
        let version = try shop.currentVersion
        #expect(text.exitCode == 0 && text.output.contains(version))
        // Numbers have names, dates and sizes are those of people, and lists are tables.
        #expect(text.output.firstMatch(of: /\ncreated +20\d\d-\d\d-\d\d \d\d:\d\d/) != nil, "\(text.output)")
        #expect(text.output.firstMatch(of: /historyDecay +floor [\d.]+, rate [\d.]+\n/) != nil)
        #expect(
            text.output.firstMatch(of: /fallbackShare +usual [\d.]+, of who was here in the last [\d.]+ days/) != nil)
        #expect(text.output.contains("  name ") && !text.output.contains("{\""), "\(text.output)")
        let summary = try shop.foretaste("inspect", "--json", shop.indexPath).json()
        #expect(summary["itemCount"] == .number(100) && summary["userCount"] == .number(200))
        #expect(try summary["version"]?.text == shop.currentVersion)
        let verified = try shop.foretaste("verify", shop.indexPath)
        #expect(verified.exitCode == 0 && verified.output.contains("nothing wrong"))
        #expect(try shop.foretaste("verify", "--json", shop.indexPath).json()["findings"] == .array([]))
        #expect(try shop.build(["--quiet", "--json"]).json()["items"] == .number(100))
        let versions = try shop.foretaste("versions", shop.indexPath, "--json").json().elements ?? []
        #expect(versions.map { $0["current"] } == [.boolean(true), .boolean(false)])
        let listed = try shop.foretaste("versions", shop.indexPath).output.split(separator: "\n")
        #expect(listed.count == 2 && listed[0].hasPrefix("* ") && listed[1].hasPrefix("  "))
    }

    @Test func callAsksEveryMethod() throws {
        let shop = try BuiltShop()
        let server = try shop.serve()
        let address = "127.0.0.1:\(server.port)"
        let questions = [
            ("hello", "{}"), ("ping", #"{"echo":"a"}"#), ("health", "{}"), ("info", "{}"),
            ("recommend.user", #"{"userId":"u00001","count":5}"#), ("recommend.item", #"{"itemId":"i00001"}"#),
            ("recommend.popular", #"{"kind":"trending"}"#),
        ]
        for (method, parameters) in questions {
            let answer = try shop.foretaste("call", "--server", address, method, parameters)
            #expect(answer.exitCode == 0, "\(method): \(answer.errors)")
            #expect(try answer.json()["result"] != nil)
        }
        let refused = try shop.foretaste("call", "--server", address, "--json", "recommend.user", #"{"count":0}"#)
        #expect(refused.exitCode == 1 && refused.errors.contains("COUNT_OUT_OF_RANGE"), "\(refused.errors)")
        #expect(try refused.json()["error"]?["details"]?["field"]?.text == "params.count")
        let stopped = try server.stop()
        #expect(stopped.exitCode == 0 && stopped.output.contains("stopped"))
        let unreachable = try shop.foretaste("call", "--server", address, "ping")
        #expect(unreachable.exitCode == 1 && unreachable.errors.contains("is the server running"))
    }

    /// A running server follows CURRENT: a new build, and the way back.
    @Test func serverTakesOverNewVersionsAndRollBacks() throws {
        let shop = try BuiltShop()
        let server = try shop.serve()
        let client = try TestClient(port: server.port)
        let first = try shop.currentVersion
        #expect(try client.indexVersion() == first)
        #expect(try shop.build().exitCode == 0)
        let second = try shop.currentVersion
        #expect(second != first)
        #expect(try client.seesVersion(second), "\(server.log)")
        let answer = try client.request("recommend.user", #"{"userId":"u00001"}"#)
        #expect(answer["meta"]?["indexVersion"]?.text == second)
        #expect(try shop.foretaste("activate", shop.indexPath).exitCode == 0)
        server.send(signal: SIGHUP)
        #expect(try client.seesVersion(first), "\(server.log)")
        #expect(try shop.foretaste("activate", shop.indexPath, second).exitCode == 0)
        #expect(try client.seesVersion(second), "\(server.log)")
        let unknown = try shop.foretaste("activate", shop.indexPath, "nothing")
        #expect(unknown.exitCode == 1 && unknown.errors.contains("expected one of \(first), \(second)"))
        // What cannot be opened is told and not taken: the version in use goes on answering.
        let pointer = URL(filePath: shop.indexPath + "/CURRENT")
        try Data("20200101T000000.000Z-00000000\n".utf8).write(to: pointer)
        server.send(signal: SIGHUP)
        #expect(server.logs("index not replaced"))
        #expect(try client.indexVersion() == second)
        #expect(try server.stop().exitCode == 0)
    }

    /// All that was sent before SIGTERM has its answer, then the notice, then the end.
    @Test func stopAnswersWhatWasSent() throws {
        let shop = try BuiltShop()
        let server = try shop.serve()
        let clients = try (0..<4).map { _ in try TestClient(port: server.port) }
        let requests = (1...300).flatMap { number in
            framed(#"{"id":\#(number),"method":"recommend.user","params":{"userId":"u00001","count":5}}"#)
        }
        for client in clients { try client.send(requests) }
        // Every connection is at work, or done, when the signal comes.
        let first = try clients.map { try $0.receiveFrame() }
        server.send(signal: SIGTERM)
        for (client, first) in zip(clients, first) {
            let frames = try ([first] + payloads(client.receiveUntilClose())).map {
                try JSON.parse($0)
            }
            let answered = frames.filter { $0["result"] != nil }.compactMap { $0["id"]?.number }
            #expect(Set(answered).count == 300, "\(answered.count) of 300 were answered")
            #expect(frames.filter { $0["method"]?.text == "server.goingAway" }.count == 1)
            #expect(frames.count == 301)
            client.disconnect()
        }
        let outcome = try server.waitForEnd()
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.contains("answered=1200"))
    }

    @Test func sameRequestHasTheSameBytes() throws {
        let shop = try BuiltShop()
        let requests = [
            #"{"id":1,"method":"recommend.user","params":{"userId":"u00007","count":100,"explain":"full","fields":["*"]}}"#,
            #"{"id":1,"method":"recommend.item","params":{"itemId":"i00003","count":100,"explain":"full"}}"#,
            #"{"id":1,"method":"recommend.popular","params":{"kind":"trending","count":100}}"#,
        ]
        func answers() throws -> [String] {
            let server = try shop.serve()
            return try requests.flatMap { request in
                let clients = try (0..<2).map { _ in try TestClient(port: server.port) }
                return try (clients + clients).map { client in
                    try client.send(frame: request)
                    return Self.withoutTime(String(decoding: try client.receiveFrame(), as: UTF8.self))
                }
            }
        }
        let (one, other) = (try answers(), try answers())
        #expect(one == other)
        #expect(Set(one).count == requests.count)
    }

    /// Another build of the same files gives the same lists.
    @Test func rebuildGivesTheSameLists() throws {
        let (one, other) = (try BuiltShop(), try BuiltShop())
        let lists = try [one, other].map { shop in
            let server = try shop.serve()
            let client = try TestClient(port: server.port)
            return try (1...200).map { number in
                let user = "u" + String(repeating: "0", count: 5 - "\(number)".count) + "\(number)"
                return try client.request("recommend.user", #"{"userId":"\#(user)","count":20}"#)["result"]
            }
        }
        #expect(lists[0] == lists[1])
        #expect(Set(lists[0].map { "\($0 ?? .null)" }).count > 150)
    }

    private static func withoutTime(_ reply: String) -> String {
        reply.replacing(/"serverMs":[0-9.]+,"queueMs":[0-9.]+/, with: "")
    }
}
