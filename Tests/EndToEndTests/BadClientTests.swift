import Foundation
import TestSupport
import Testing

/// Clients as they should not be: each gets a clear error or is left to itself, and the others do not notice.
@Suite struct BadClientTests {
    private let shop: BuiltShop
    private let server: RunningServer
    private let witness: TestClient

    init() throws {
        shop = try BuiltShop()
        server = try shop.serve(["--threads", "2"])
        witness = try TestClient(port: server.port)
    }

    private func expectAlive() throws {
        #expect(try witness.itemIds("recommend.user", #"{"userId":"u00001","count":5}"#).count == 5)
        #expect(try TestClient(port: server.port).request("ping")["result"] != nil)
    }

    @Test func framesThatAreNoneEndTheirConnection() throws {
        let refusals: [(String, [UInt8], String)] = [
            ("zero", [0, 0, 0, 0], "INVALID_REQUEST"), ("4 GiB", [255, 255, 255, 255], "FRAME_TOO_LARGE"),
            ("garbage", (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 129) }, "FRAME_TOO_LARGE"),
            ("no JSON", framed("\u{0}\u{1}"), "PARSE_ERROR"), ("no UTF-8", framed([0xFF, 0xFE]), "PARSE_ERROR"),
        ]
        for (name, bytes, reason) in refusals {
            let client = try TestClient(port: server.port)
            try client.send(bytes)
            let replies = try payloads(client.receiveUntilClose()).map { try JSON.parse($0) }
            #expect(replies.map { $0["error"]?["reason"]?.text } == [reason], "\(name)")
            try expectAlive()
        }
        let browser = try TestClient(port: server.port)
        try browser.send(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
        let page = String(decoding: try browser.receiveUntilClose(), as: UTF8.self)
        #expect(page.hasPrefix("HTTP/1.1 400"), "\(page)")
        try expectAlive()
    }

    @Test func clientThatStopsReadingHoldsUpNobody() throws {
        let greedy = try TestClient(port: server.port)
        // 20 KB of a member that nobody knows: the kernel's buffers, which are megabytes, are full soon.
        let padding = String(repeating: "x", count: 20_000)
        let request = framed(
            #"{"id":1,"x":"\#(padding)","method":"recommend.popular","params":{"count":100,"fields":["*"]}}"#)
        let many = (0..<100).flatMap { _ in request }
        var isHeldBack = false
        for _ in 0..<200 where !isHeldBack {
            do {
                try greedy.send(many, timeoutSeconds: 2)
            } catch {
                isHeldBack = true  // The server reads no more of it, and TCP says so.
            }
        }
        #expect(isHeldBack)
        try expectAlive()
        #expect(try server.residentBytes < 400 << 20)
    }

    @Test func requestInSingleBytesIsAnswered() throws {
        let client = try TestClient(port: server.port)
        for byte in framed(#"{"id":1,"method":"recommend.popular","params":{"count":3}}"#) { try client.send([byte]) }
        #expect(try JSON.parse(client.receiveFrame())["result"]?["items"]?.elements?.count == 3)
    }

    @Test func aThousandConnectionsAreServed() throws {
        let clients = try (0..<1000).map { _ in try TestClient(port: server.port) }
        for client in clients { try client.send(frame: #"{"id":1,"method":"recommend.popular","params":{"count":1}}"#) }
        for client in clients { #expect(try JSON.parse(client.receiveFrame())["result"] != nil) }
        let connections = try witness.request("info")["result"]?["server"]?["connections"]?.number ?? 0
        #expect(connections >= 1001)
        for client in clients { client.disconnect() }
        try expectAlive()
    }

    /// Gone in the middle of a frame, with answers on their way, and by a reset.
    @Test func clientsThatVanishLeaveNothing() throws {
        for round in 0..<50 {
            let client = try TestClient(port: server.port)
            let request = framed(#"{"id":1,"method":"recommend.user","params":{"count":100,"userId":"u00001"}}"#)
            try client.send((0..<20).flatMap { _ in request } + request.prefix(round))
            // Unread answers make this a reset.
            client.disconnect()
        }
        try expectAlive()
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(600)
        var open = Double.infinity
        while open > 1, clock.now < deadline {
            open = try witness.request("info")["result"]?["server"]?["connections"]?.number ?? .infinity
        }
        #expect(open == 1)
    }

    @Test func killedClientProcessIsForgotten() throws {
        let request = shop.folder.path("request")
        #expect(unsafe mkfifo(request, 0o600) == 0)
        // The shell sends half a frame and waits for the rest, which never comes.
        let half =
            #"exec 3<>/dev/tcp/127.0.0.1/$0; printf '\000\000\000\030{"id":1,' >&3; echo sent >&2; read x < "$1""#
        let bash = "/bin/bash"
        guard FileManager.default.isExecutableFile(atPath: bash) else {
            print("SKIPPED: killedClientProcessIsForgotten: there is no \(bash)")
            return
        }
        let client = try ChildProcess(path: bash, ["-c", half, "\(server.port)", request])
        #expect(client.writesError(containing: "sent"))
        client.kill()
        #expect(client.wait()?.signal == SIGKILL)
        try expectAlive()
        #expect(try server.stop().exitCode == 0)
    }
}
