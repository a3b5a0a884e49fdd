import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Keys as an operator and a backend use them: the commands, the file, a server that asks for them.
@Suite(.serialized) struct KeyFlowTests {
    private static let shop = Result { () throws -> BuiltShop in
        let shop = try BuiltShop(options: ["--quiet"])
        shop.removeAtExit()
        return shop
    }

    private let shop: BuiltShop
    private let folder: TemporaryDirectory
    private var keys: String { folder.path("shop.keys") }

    init() throws {
        shop = try Self.shop.get()
        folder = try TemporaryDirectory()
    }

    private func run(_ arguments: String...) throws -> Subprocess.Outcome {
        try Subprocess.run("foretaste", ["keys"] + arguments + ["--keys", keys])
    }

    private func create(_ role: String) throws -> String {
        let outcome = try run("create", "--role", role, "--name", "a test")
        try #require(outcome.exitCode == 0, "\(outcome.errors)")
        return String(outcome.output.dropLast())
    }

    private func auth(_ client: TestClient, _ key: String) throws -> JSON {
        try client.ask(#"{"id":1,"method":"auth","params":{"key":"\#(key)"}}"#)
    }

    @Test func keysComeAndGo() throws {
        let (read, admin) = (try create("read"), try create("admin"))
        #expect(read.count == 81 && read.hasPrefix("ftk-") && read != admin)
        #expect(try !folder.text(of: "shop.keys").contains(read.suffix(64)))
        let mode = try FileManager.default.attributesOfItem(atPath: keys)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let id = String(read.dropFirst(4).prefix(12))
        let list = try run("list")
        #expect(list.output.split(separator: "\n").count == 2 && list.output.contains("\(id)  read  "))
        let rotated = try run("rotate", "--keep-old", id).output
        #expect(rotated.hasPrefix("ftk-") && rotated != read + "\n")
        let json = try JSON.parse(try run("list", "--json").output.utf8)
        #expect(json.elements?.map { $0["role"]?.text } == ["read", "admin", "read"])
        #expect(json.elements?.allSatisfy { $0["name"]?.text == "a test" } == true)
        #expect(try run("revoke", id).exitCode == 0)
        let again = try run("revoke", id)
        #expect(again.exitCode == 1 && again.errors.contains("has no key"))
        #expect(try run("create", "--role", "root").exitCode == 2)
    }

    @Test func aServerAsksForKeysAndForgetsThem() throws {
        let (read, admin, browser) = (try create("read"), try create("admin"), try create("browser"))
        let server = try shop.serve(["--keys", keys])
        let silent = try TestClient(port: server.port)
        let client = try TestClient(port: server.port)
        // Nothing needs to wait for the answer to auth: what is behind it is read after it.
        try client.send(
            framed(#"{"id":1,"method":"auth","params":{"key":"\#(read)"}}"#) + framed(#"{"id":2,"method":"info"}"#)
                + framed(#"{"id":3,"method":"server.drain"}"#))
        let replies = try (1...3).map { _ in try JSON.parse(client.receiveFrame()) }
        #expect(replies.map { $0["id"]?.number } == [1, 2, 3])
        #expect(replies[0]["result"]?["role"]?.text == "read" && replies[1]["result"] != nil)
        #expect(replies[2]["error"]?["reason"]?.text == "ROLE")

        // A wrong key is slowed, and tells nobody anything.
        let wrong = try TestClient(port: server.port)
        let guess = String(read.dropLast(4)) + (read.hasSuffix("0000") ? "1111" : "0000")
        #expect(try auth(wrong, guess)["error"]?["reason"]?.text == "KEY_INVALID")
        #expect(!server.log.contains(guess.suffix(64)) && !server.log.contains(read.suffix(64)))
        #expect(server.log.contains("a wrong key") && server.log.contains(read.dropFirst(4).prefix(12)))

        // Before a key, a frame is small.
        let large = try TestClient(port: server.port)
        try large.send([0, 1, 0, 1])
        #expect(try JSON.parse(large.receiveFrame())["error"]?["reason"]?.text == "FRAME_TOO_LARGE")

        // A browser's token, made without the server.
        let token = try Subprocess.run(
            "foretaste",
            ["keys", "token", "--user", "u00001", "--key-file", try folder.write(browser + "\n", to: "browser.key")])
        let page = try TestClient(port: server.port)
        #expect(try auth(page, String(token.output.dropLast()))["result"]?["userId"]?.text == "u00001")

        // 64 KiB and more are read once there is a key.
        let echo = String(repeating: "i", count: 100)
        let ids = Array(repeating: "\"\(echo)\"", count: 1000).joined(separator: ",")
        let long = try client.ask(#"{"id":4,"method":"recommend.popular","params":{"excludeIds":[\#(ids)]}}"#)
        #expect(long["result"] != nil)

        // Revoked: also where it is in use.
        #expect(try run("revoke", String(read.dropFirst(4).prefix(12))).exitCode == 0)
        server.send(signal: SIGHUP)
        var answer = try client.ask(#"{"id":5,"method":"info"}"#)
        while answer["error"] == nil { answer = try client.ask(#"{"id":5,"method":"info"}"#) }
        #expect(answer["error"]?["reason"]?.text == "KEY_INVALID")

        // Who says nothing is told why it is closed.
        let last = try payloads(silent.receiveUntilClose()).map { try JSON.parse($0) }
        #expect(last.map { $0["error"]?["reason"]?.text } == ["KEY_MISSING"])

        // What cannot be read changes nothing; an administrator stops the server.
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: keys)
        server.send(signal: SIGHUP)
        let operatorFile = try folder.write(admin, to: "admin.key")
        let stop = try Subprocess.run(
            "foretaste", ["call", "--server", "127.0.0.1:\(server.port)", "--key-file", operatorFile, "server.drain"])
        #expect(stop.exitCode == 0 && stop.output.contains("\"draining\": true"), "\(stop.errors)")
        for client in [client, page, wrong, large, silent] { client.disconnect() }
        #expect(try server.waitForEnd().exitCode == 0)
        #expect(server.log.contains("keys not read"))
    }

    /// What a writer sends counts, and a reader may not send.
    @Test func eventsNeedAWriter() throws {
        let (read, write) = (try create("read"), try create("write"))
        let server = try shop.serve(["--keys", keys, "--live", folder.path("live")])
        let events = try folder.write(#"{"type":"view","userId":"una","itemId":"i00001"}"# + "\n", to: "events.jsonl")
        func send(_ key: String?) throws -> Subprocess.Outcome {
            let file = try key.map { ["--key-file", try folder.write($0 + "\n", to: "one.key")] } ?? []
            return try Subprocess.run(
                "foretaste", ["events", "import", events, "--server", "127.0.0.1:\(server.port)"] + file)
        }
        #expect(try send(nil).errors.contains("KEY_MISSING"))
        #expect(try send(String(write.dropLast(4)) + "zzzz").errors.contains("KEY_INVALID"))
        #expect(try send(read).errors.contains("ROLE"))
        let sent = try send(write)
        #expect(sent.exitCode == 0 && sent.output.contains("1 stored"), "\(sent.errors)")
        let client = try TestClient(port: server.port)
        _ = try auth(client, read)
        let list = try client.ask(#"{"id":2,"method":"events.list","params":{"userId":"una"}}"#)
        #expect(list["result"]?["events"]?.elements?.count == 1, "\(list)")
        client.disconnect()
        try server.stop()
    }

    /// Keys alone would be read on the way.
    @Test func othersReachAServerWithKeysAndTLSOnly() throws {
        let arguments = ["--index", shop.indexPath, "--listen", "0.0.0.0:0"]
        let refused = try Subprocess.run("foretaste-server", arguments)
        #expect(refused.exitCode == 1 && refused.errors.contains("--keys"))
        let missing = try Subprocess.run("foretaste-server", arguments + ["--keys", keys])
        #expect(missing.exitCode == 1 && missing.errors.contains("shop.keys"))
        _ = try create("read")
        let plain = try Subprocess.run("foretaste-server", arguments + ["--keys", keys])
        #expect(plain.exitCode == 1 && plain.errors.contains("--listen-tls"), "\(plain.errors)")
        let overHTTP = try Subprocess.run(
            "foretaste-server",
            ["--index", shop.indexPath, "--listen", "127.0.0.1:0", "--http", "0.0.0.0:0", "--keys", keys])
        #expect(overHTTP.exitCode == 1 && overHTTP.errors.contains("keys would cross"), "\(overHTTP.errors)")
        let child = try ChildProcess(
            path: try BuiltProducts.path(of: "foretaste-server"), arguments + ["--keys", keys, "--insecure"],
            mergesErrors: true)
        // Until it says so, or ends.
        while !child.writtenSoFar.contains("listening"), child.wait(timeoutSeconds: 0.1) == nil {}
        #expect(child.writtenSoFar.contains("listening"), "\(child.writtenSoFar)")
        child.kill()
    }
}
