import Foundation
import TestSupport
import Testing

/// `foretaste call`, `shell` and `bench` on a server that speaks TLS and asks for keys, and on one that does neither.
@Suite(.serialized) struct AskingServersTests {
    /// A server with TLS for the name `shop.example`, and what a client needs.
    private final class SecureServer: Sendable {
        let folder: TemporaryDirectory
        let server: RunningServer
        let port: String
        let shop: BuiltShop

        init() throws {
            shop = try DoctorTests.shop.get()
            folder = try TemporaryDirectory()
            let made = try Subprocess.run(
                path: "/usr/bin/env",
                [
                    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-subj", "/CN=shop.example", "-addext", "subjectAltName=DNS:shop.example", "-days", "2", "-keyout",
                    folder.path("key.pem"), "-out", folder.path("chain.pem"),
                ])
            guard made.exitCode == 0 else { throw TestSupportError(made.errors) }
            let key = try Subprocess.run(
                "foretaste", ["keys", "create", "--keys", folder.path("keys"), "--role", "admin"])
            _ = try folder.write(key.output, to: "admin.key")
            server = try shop.serve([
                "--keys", folder.path("keys"), "--listen-tls", "127.0.0.1:0", "--tls-certificate",
                folder.path("chain.pem"), "--tls-key", folder.path("key.pem"),
            ])
            guard let line = server.log.split(separator: "\n").first(where: { $0.contains("speaking TLS") }),
                let address = line.range(of: "127.0.0.1:")
            else { throw TestSupportError("no TLS: \(server.log)") }
            port = String(line[address.upperBound...].prefix { $0.isNumber })
        }

        var tls: [String] { ["--tls", "--tls-ca", folder.path("chain.pem"), "--tls-name", "shop.example"] }
        var key: [String] { ["--key-file", folder.path("admin.key")] }
        var address: [String] { ["--server", "127.0.0.1:\(port)"] }
    }

    private static let secure = Result { try SecureServer() }
    private let secure: SecureServer

    init() throws { secure = try Self.secure.get() }

    @Test func aCallSpeaksTLSAndShowsItsKey() throws {
        func call(_ options: [String], _ method: String = "info") throws -> Subprocess.Outcome {
            try Subprocess.run("foretaste", ["call"] + secure.address + options + [method])
        }
        let good = try call(secure.tls + secure.key)
        #expect(good.exitCode == 0 && good.output.contains("\"server\""), "\(good.errors)")
        #expect(try call(secure.tls).errors.contains("KEY"))
        // A certificate of another host, and one that nobody trusts.
        let other = try call(["--tls", "--tls-ca", secure.folder.path("chain.pem")] + secure.key)
        #expect(other.exitCode == 1 && other.errors.contains("mismatch"), "\(other.errors)")
        let untrusted = try call(["--tls", "--tls-name", "shop.example"] + secure.key)
        #expect(untrusted.exitCode == 1 && untrusted.errors.contains("self-signed"), "\(untrusted.errors)")
        // A port that speaks no TLS.
        let plain = try Subprocess.run(
            "foretaste",
            ["call", "--server", "127.0.0.1:\(secure.server.port)", "--timeout", "20"] + secure.tls + ["ping"])
        #expect(plain.exitCode == 1 && plain.errors.contains("TLS"), "\(plain.errors)")
    }

    @Test func aShellAsksSeveralServersByName() throws {
        let list = try secure.folder.write(
            """
            [secure]
            server = 127.0.0.1:\(secure.port)
            tls = yes
            tls-ca = \(secure.folder.path("chain.pem"))
            tls-name = shop.example
            key-file = \(secure.folder.path("admin.key"))
            [plain]
            server = 127.0.0.1:\(secure.server.port)
            """, to: "servers")
        let lines = [
            "# a comment", "recommend.popular count=2", "json on", "ping echo=1", "servers", "use plain", "info",
            "use nobody", "recommend.popular 2", "help recommend.user", "quit", "never",
        ]
        let outcome = try Subprocess.run(
            "foretaste", ["shell", "--server", "secure"], input: Array((lines.joined(separator: "\n") + "\n").utf8),
            environment: ["FORETASTE_SERVERS": list])
        #expect(outcome.output.contains("id") && outcome.output.contains("\n2  "), "\(outcome.output)")
        #expect(outcome.output.contains(#"{"echo": "1"}"#), "\(outcome.output)")
        #expect(outcome.output.contains("secure\nplain\n"), "\(outcome.output)")
        #expect(outcome.output.contains("excludeIds"), "\(outcome.output)")
        // The one without a key refuses; a name and a line that are none are told.
        #expect(outcome.output.contains("KEY"), "\(outcome.output)")
        #expect(outcome.errors.contains("has no server 'nobody'"), "\(outcome.errors)")
        #expect(outcome.errors.contains("'2': expected name=value"), "\(outcome.errors)")
        #expect(outcome.exitCode == 1 && outcome.errors.contains("3 of the lines failed"), "\(outcome.errors)")
    }

    @Test func aLoadOfAMixIsMeasuredOverTLS() throws {
        let mix = try secure.folder.write(
            """
            3 recommend.user {"userId":"{user}","count":5}
            1 ping
            1 recommend.item {"itemId":"{item}"}
            1 events.list
            """, to: "mix")
        let options =
            ["bench", "--mix", mix, "--index", secure.shop.indexPath, "--seconds", "1", "--warm-up", "0"] + secure.key
        let open = try Subprocess.run(
            "foretaste",
            options + secure.address + secure.tls + ["--rate", "200", "--connections", "3", "--depth", "64", "--json"])
        let report = try JSON.parse(open.outputBytes)
        #expect(open.exitCode == 0, "\(open.errors)")
        #expect(report["loop"]?.text == "open" && report["unanswered"]?.number == 0, "\(open.output)")
        let all = try #require(report["all"])
        let asked = (all["answered"]?.number ?? 0) + (all["failed"]?.number ?? 0) + (report["unsent"]?.number ?? 0)
        #expect(asked == 200, "\(open.output)")
        // A server without live data refuses what asks for it, and that is told.
        #expect(report["errors"]?["NO_LIVE_STORE"] != nil, "\(open.output)")
        let (response, service) = (all["responseMs"]?["p99"]?.number ?? 0, all["serviceMs"]?["p99"]?.number ?? 0)
        #expect(response >= service && service > 0, "\(open.output)")
        let closed = try Subprocess.run(
            "foretaste", options + ["--server", "127.0.0.1:\(secure.server.port)", "--connections", "2"])
        #expect(closed.exitCode == 0 && closed.output.contains("Closed loop"), "\(closed.errors)")
        #expect(closed.output.contains("recommend.user") && closed.output.contains("NO_LIVE_STORE"))
        let missing = try Subprocess.run(
            "foretaste", ["bench", "--method", "recommend.user", "--params", #"{"userId":"{user}"}"#])
        #expect(missing.exitCode == 1 && missing.errors.contains("--users FILE or --index DIR"), "\(missing.errors)")
    }
}
