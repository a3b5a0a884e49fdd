import Foundation
import TestSupport
import Testing

/// How a server stops, and what other signals do to it.
@Suite struct StopTests {
    private static func request(_ number: Int) -> [UInt8] {
        framed(#"{"id":\#(number),"method":"recommend.user","params":{"userId":"u00001","count":20}}"#)
    }

    /// A second and a third signal, of either kind, while clients still wait for what they sent before the first.
    @Test func furtherSignalsTakeNoAnswers() throws {
        let shop = try BuiltShop()
        let server = try shop.serve(["--threads", "2", "--grace", "600"])
        let clients = try (0..<6).map { _ in try TestClient(port: server.port) }
        let requests = (1...400).flatMap(Self.request)
        for client in clients { try client.send(requests) }
        let first = try clients.map { try $0.receiveFrame() }
        for signal in [SIGTERM, SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGINT, SIGUSR2] { server.send(signal: signal) }
        for (client, first) in zip(clients, first) {
            let frames = try ([first] + payloads(client.receiveUntilClose())).map { try JSON.parse($0) }
            server.send(signal: SIGTERM)
            #expect(Set(frames.filter { $0["result"] != nil }.compactMap { $0["id"]?.number }).count == 400)
            #expect(frames.filter { $0["method"]?.text == "server.goingAway" }.count == 1)
            client.disconnect()
        }
        let outcome = try server.waitForEnd()
        #expect(outcome.exitCode == 0, "\(outcome.output)")
        #expect(outcome.output.contains("still stopping") && outcome.output.contains("answered=2400"))
    }

    @Test func otherSignalsLeaveAServerAtWork() throws {
        let shop = try BuiltShop()
        let server = try shop.serve()
        let client = try TestClient(port: server.port)
        #expect(try client.request("ping")["result"] != nil)
        server.send(signal: SIGUSR1)
        #expect(server.logs("\"figures\" answered=1"), "\(server.log)")
        for signal in [SIGUSR2, SIGHUP, SIGUSR1] { server.send(signal: signal) }
        #expect(try client.request("ping")["result"] != nil)
        client.disconnect()
        #expect(try server.stop(signal: SIGINT).exitCode == 0)
    }

    /// The clients send without end and read as fast as they can: there is always more to answer.
    @Test func graceEndsAFlood() throws {
        let shop = try BuiltShop()
        let server = try shop.serve(["--threads", "1", "--grace", "1"])
        let many = (1...2000).flatMap(Self.request)
        let flood = try (0..<4).map { _ in try TestClient(port: server.port) }
        for client in flood { try client.send(many) }
        let first = try flood.map { try $0.receiveFrame() }
        #expect(first.count == 4)
        server.send(signal: SIGTERM)
        // Nobody reads: what waits for a client stays, until the grace time is over.
        let outcome = try server.waitForEnd()
        #expect(outcome.exitCode == 0)
        #expect(outcome.output.contains("cutConnections="), "\(outcome.output)")
    }
}
