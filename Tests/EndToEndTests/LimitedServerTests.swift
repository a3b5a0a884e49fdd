import Foundation
import TestSupport
import Testing

/// A server that its system gives less than it would take.
@Suite struct LimitedServerTests {
    private let shop: BuiltShop

    init() throws { shop = try BuiltShop() }

    /// Runs a server behind a shell that limits it; nil where there is none.
    private func serve(_ limits: String, _ arguments: [String] = []) throws -> RunningServer? {
        let shell = "/bin/bash"
        guard FileManager.default.isExecutableFile(atPath: shell) else {
            print("SKIPPED: LimitedServerTests: there is no \(shell)")
            return nil
        }
        let server = try BuiltProducts.path(of: "foretaste-server")
        return try RunningServer(
            path: shell,
            ["-c", #"\#(limits); exec "$0" "$@""#, server, "--index", shop.indexPath, "--listen", "127.0.0.1:0"]
                + arguments)
    }

    @Test func connectionsBeyondTheDescriptorsAreTold() throws {
        guard let server = try serve("ulimit -n 200", ["--threads", "2"]) else { return }
        #expect(server.log.contains("fewer connections than the protocol's limit"), "\(server.log)")
        let clients = try (0..<260).map { _ in try TestClient(port: server.port) }
        var served = 0
        var told = 0
        for client in clients {
            // Who is told may be closed already, and still has the reply.
            client.sendsAll(framed(#"{"id":1,"method":"ping"}"#))
            let reply = try JSON.parse(client.receiveFrame())
            if reply["result"] != nil { served += 1 }
            if reply["error"]?["reason"]?.text == "TOO_MANY_CONNECTIONS" { told += 1 }
        }
        #expect(served + told == 260)
        #expect(served >= 64 && told >= 60, "\(served) were served, \(told) told")
        // A swap finds the descriptors that it needs.
        #expect(try shop.build().exitCode == 0)
        #expect(server.logs("index replaced"), "\(server.log)")
        #expect(try server.stop().exitCode == 0)
    }

    /// Those that are being told that there are too many must not take the descriptors that the next index needs.
    @Test func aSwapDuringAStormOfConnectionsFindsDescriptors() throws {
        guard let server = try serve("ulimit -n 150", ["--threads", "2"]) else { return }
        let clients = try (0..<500).map { _ in try TestClient(port: server.port) }
        let told = try String(decoding: clients[499].receiveUntilClose(), as: UTF8.self)
        #expect(told.contains("TOO_MANY_CONNECTIONS"), "\(told)")
        #expect(try shop.build().exitCode == 0)
        #expect(server.logs("index replaced"), "\(server.log)")
        #expect(!server.log.contains("index not replaced"), "\(server.log)")
        #expect(try server.stop().exitCode == 0)
        withExtendedLifetime(clients) {}
    }

    @Test func softLimitIsRaisedToTheHardOne() throws {
        guard let server = try serve("ulimit -Sn 64", ["--threads", "1"]) else { return }
        let clients = try (0..<200).map { _ in try TestClient(port: server.port) }
        for client in clients { #expect(try client.request("ping")["result"] != nil) }
        #expect(try server.stop().exitCode == 0)
    }

    @Test func halfFramesBeyondTheBuffersAreToldAndTheOthersServed() throws {
        let server = try shop.serve(["--threads", "2", "--buffers", "16"])
        let witness = try TestClient(port: server.port)
        let half: [UInt8] = [0, 0x40, 0, 0] + [UInt8](repeating: 0x20, count: 2 << 20)
        let clients = try (0..<60).map { _ in try TestClient(port: server.port) }
        for client in clients {
            // Who has been told already may not be able to send any more.
            client.sendsAll(half)
            #expect(try witness.request("ping")["result"] != nil)
        }
        #expect(try server.residentBytes < 400 << 20)
        for client in clients { client.finishSending() }
        let texts = try clients.map { String(decoding: try $0.receiveUntilClose(), as: UTF8.self) }
        #expect(texts.count { $0.contains("BUFFERS_FULL") } >= 40, "\(texts.filter { $0.isEmpty }.count) were not told")
        #expect(try witness.itemIds("recommend.user", #"{"userId":"u00001","count":5}"#).count == 5)
        #expect(try server.stop().exitCode == 0)
    }

    /// OpenBLAS starts a thread while it is loaded, which would ask for its buffer for ever.
    @Test(arguments: [100_000, 200_000, 400_000])
    func littleAddressSpaceEndsWithAWordOrWorks(kibibytes: Int) throws {
        let shell = "/bin/bash"
        guard FileManager.default.isExecutableFile(atPath: shell) else { return }
        let server = try BuiltProducts.path(of: "foretaste-server")
        let outcome = try Subprocess.run(
            path: shell, ["-c", #"ulimit -v "$1" && exec "$0" --version"#, server, "\(kibibytes)"])
        #expect(outcome.exitCode == 0 || outcome.errors.contains("raise it (ulimit -v)") || outcome.exitCode == 127)
    }

    /// What is left is shared out, or the start refused; half frames are told, and nothing aborts.
    @Test(arguments: [391, 400, 700])
    func loadIsShedWithinAnAddressSpace(mebibytes: Int) throws {
        let server: RunningServer
        do {
            guard let started = try serve("ulimit -v \(mebibytes * 1024)", ["--threads", "2"]) else { return }
            server = started
        } catch {
            // Not started: it has said what it needs.
            #expect("\(error)".contains("ulimit -v"), "\(error)")
            return
        }
        let half: [UInt8] = [0, 0x40, 0, 0] + [UInt8](repeating: 0x20, count: (4 << 20) - 1)
        let clients = try (0..<80).map { _ in try TestClient(port: server.port) }
        let witness = try TestClient(port: server.port)
        for client in clients {
            client.sendsAll(half)
            #expect(try witness.request("ping")["result"] != nil)
        }
        #expect(try witness.itemIds("recommend.user", #"{"userId":"u00001","count":5}"#).count == 5)
        #expect(try server.stop().exitCode == 0, "\(server.log)")
    }

    @Test func refusesAnAddressThatOthersReachBeforeItIsBound() throws {
        let outcome = try Subprocess.run(
            "foretaste-server", ["--index", shop.indexPath, "--listen", "0.0.0.0:0"])
        #expect(
            outcome.exitCode == 1 && outcome.errors.contains("can be reached from other machines"), "\(outcome.errors)")
    }

    /// The log's descriptor is not given to a client.
    @Test func closedStandardErrorIsNobodysSocket() throws {
        let shell = "/bin/bash"
        guard FileManager.default.isExecutableFile(atPath: shell) else { return }
        let server = try BuiltProducts.path(of: "foretaste-server")
        let child = try ChildProcess(
            path: shell,
            ["-c", #"exec "$0" "$@" 2>&- 0<&- >&-"#, server, "--index", shop.indexPath, "--listen", "127.0.0.1:0"])
        let descriptors = "/proc/\(child.processIdentifier)/fd"
        guard FileManager.default.fileExists(atPath: descriptors) else { return child.kill() }
        defer { child.kill() }
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(120)
        // It has opened its index when it has more than the three.
        while clock.now < deadline, try FileManager.default.contentsOfDirectory(atPath: descriptors).count < 8 {}
        for number in 0...2 {
            #expect(
                try FileManager.default.destinationOfSymbolicLink(atPath: "\(descriptors)/\(number)") == "/dev/null")
        }
    }
}
