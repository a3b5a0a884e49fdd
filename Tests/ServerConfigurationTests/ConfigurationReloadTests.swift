import CommandLineInterface
import RecommendationServer
import Telemetry
import TestSupport
import Testing
import TransportSecurity

@testable import ServerConfiguration

@Suite struct ConfigurationReloadTests {
    private struct Broken: Error {}

    private let folder: TemporaryDirectory
    private let log = Log(level: .off)

    init() throws { folder = try TemporaryDirectory() }

    private func read(_ file: String) throws -> ParsedCommand {
        let path = try folder.write(file, to: "server.conf")
        return try #require(
            try ServerInvocation(arguments: ["--config", path, "--index", "i"], environment: [:]).parsed())
    }

    private let tls = "listen-tls = 127.0.0.1:0\ntls-certificate = a.pem\ntls-key = a.key\n"

    @Test func whatCanBeTakenOverIsAndTheRestIsTold() throws {
        let reload = ConfigurationReload(try read("slow = 10\nkeys = a.keys\nthreads = 2\n" + tls))
        let (changes, effective) = reload.changes(
            to: try read(
                "slow = 20\nkeys = b.keys\nthreads = 3\nlog-level = debug\ntls-client-ca = ca.pem\n"
                    + tls.replacing("a.", with: "b.")))
        let applied = Set(changes.filter(\.isApplied).map(\.name))
        #expect(applied == ["slow", "keys", "log-level", "tls-certificate", "tls-key"])
        // Who must show a certificate, and how many loops there are, is decided at a start.
        #expect(Set(changes.filter { !$0.isApplied }.map(\.name)) == ["threads", "tls-client-ca"])
        let settings = try ServerSettings(effective)
        #expect(settings.slowMilliseconds == 20 && settings.threadCount == 2 && settings.keysPath == "b.keys")
        #expect(settings.tls?.files.certificate == "b.pem" && settings.tls?.files.clientAuthorities == nil)
    }

    @Test func noFileOpensAServerThatAsksForKeys() throws {
        let reload = ConfigurationReload(try read("keys = a.keys\n"))
        let (changes, effective) = reload.changes(to: try read(""))
        #expect(changes == [.init(name: "keys", from: "a.keys", to: "", isApplied: false)])
        #expect(try ServerSettings(effective).keysPath == "a.keys")
    }

    @Test func whatIsWrongLeavesEverythingAsItWas() throws {
        var reload = ConfigurationReload(try read("slow = 10\n"))
        var applied: [Int] = []
        func run(_ file: String, fails: Bool = false) {
            reload.run(
                log: log, read: { try read(file) },
                apply: { settings in
                    if fails { throw Broken() }
                    applied.append(settings.slowMilliseconds)
                })
        }
        run("slow = fast\n")
        run("slow = 20\nthreads = many\n")
        run("slow = 20\nlog-level = loud\n")
        run("slow = 20\nlisten = nowhere\n")
        run("slow = 20\nslwo = 30\n")
        #expect(applied.isEmpty)
        run("slow = 20\nlog-level = debug\n", fails: true)
        #expect(log.level == .off)
        #expect(reload.running.optionalString("slow") == "10")
        run("slow = 20\nlog-level = warning\n")
        #expect(applied == [20] && log.level == .warning)
        // What was taken over is what the next is compared with.
        #expect(reload.changes(to: try read("slow = 20\n")).changes.map(\.name) == ["log-level"])
    }
}
