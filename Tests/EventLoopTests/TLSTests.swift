import EventLoop
import Foundation
import TestSupport
import Testing
import TransportSecurity

/// TLS on a listener, met by `openssl s_client`.
@Suite struct TLSTests {
    /// Made for these tests, once: an authority, what it signed, and what nobody did.
    private struct Certificates {
        let folder: TemporaryDirectory

        static let shared = Result { try Certificates() }

        private init() throws {
            folder = try TemporaryDirectory()
            try make("authority", ["-x509", "-subj", "/CN=Authority", "-days", "2"])
            try make("self", ["-x509", "-subj", "/CN=localhost", "-days", "2"])
            for (name, host, days) in [
                ("good", "localhost", "2"), ("other", "other.example", "2"), ("expired", "localhost", "-1"),
            ] {
                try make(name, ["-subj", "/CN=\(host)"], isRequest: true)
                try Data("subjectAltName=DNS:\(host)\n".utf8).write(to: URL(filePath: path("\(name).ext")))
                try run([
                    "x509", "-req", "-in", path("\(name).csr"), "-CA", path("authority.pem"), "-CAkey",
                    path("authority.key"),
                    "-CAcreateserial", "-days", days, "-extfile", path("\(name).ext"), "-out", path("\(name).pem"),
                ])
            }
            folder.removeAtExit()
        }

        func path(_ name: String) -> String { folder.path(name) }

        private func make(_ name: String, _ options: [String], isRequest: Bool = false) throws {
            try run(
                [
                    "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
                    path("\(name).key"),
                    "-out", path(isRequest ? "\(name).csr" : "\(name).pem"),
                ] + options)
        }

        private func run(_ arguments: [String]) throws {
            let outcome = try Subprocess.run(path: "/usr/bin/env", ["openssl"] + arguments)
            guard outcome.exitCode == 0 else { throw TestSupportError("openssl: \(outcome.errors)") }
        }

        func files(_ name: String, clientAuthorities: Bool = false) -> TLSFiles {
            TLSFiles(
                certificate: path("\(name).pem"), key: path("\(name).key"),
                clientAuthorities: clientAuthorities ? path("authority.pem") : nil)
        }
    }

    private func serve(
        _ name: String = "good", clientAuthorities: Bool = false,
        configure: (inout TCPServer.Configuration) -> Void = { _ in }
    ) throws -> (server: TestServer, port: UInt16) {
        let files = try Certificates.shared.get().files(name, clientAuthorities: clientAuthorities)
        let source = try TLSIdentitySource(files)
        let server = try TestServer(configure: { configuration in
            configuration.moreListeners = [
                TCPServer.Listener(place: .address(ListenAddress(host: "127.0.0.1", port: 0)), tls: source)
            ]
            configure(&configuration)
        }) { _ in .echo() }
        return (server, server.server.boundAddresses[1].port)
    }

    /// What the other side says, and what it is told by a client that checks everything. The client sends and receives at once, says that
    /// nothing follows, and ends when the server has said so too: `openssl s_client` leaves at the end of its input, whatever is still on
    /// its way to it.
    /// - Parameter version: `TLSv1_2`, `TLSv1_3`.
    private func client(
        _ port: UInt16, _ input: String, version: String? = nil, certificate: String? = nil
    ) throws -> Subprocess.Outcome {
        let certificates = try Certificates.shared.get()
        let identity =
            certificate.map { [certificates.path("\($0).pem"), certificates.path("\($0).key")] } ?? ["", ""]
        return try Subprocess.run(
            path: "/usr/bin/env",
            ["python3", "-c", Self.script, "\(port)", certificates.path("authority.pem"), version ?? ""] + identity,
            input: Array(input.utf8))
    }

    private static let script = """
        import select, socket, ssl, sys
        port, authority, version, certificate, key = sys.argv[1:]
        context = ssl.create_default_context(cafile=authority)
        if version:
            context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version)
        if certificate:
            context.load_cert_chain(certificate, key)
        stream = context.wrap_socket(
            socket.create_connection(("127.0.0.1", int(port)), timeout=300), server_hostname="localhost")
        text = sys.stdin.buffer.read()
        stream.setblocking(False)
        sent, received = 0, b""
        while len(received) < len(text):
            places = []
            try:
                while sent < len(text):
                    sent += stream.send(text[sent : sent + 16384])
            except ssl.SSLWantWriteError:
                places = [stream]
            except ssl.SSLWantReadError:
                pass
            try:
                while piece := stream.recv(65536):
                    received += piece
                sys.exit("the server has closed")
            except ssl.SSLWantReadError:
                pass
            if len(received) < len(text) and not any(select.select([stream], places, [], 300)):
                sys.exit("nothing comes")
        stream.settimeout(300)
        stream.unwrap()
        sys.stdout.buffer.write(received)
        """

    @Test(arguments: ["TLSv1_2", "TLSv1_3"]) func bothVersionsAreSpoken(_ version: String) throws {
        let (server, port) = try serve()
        let text = String(repeating: "some lines of text\n", count: 20_000)
        let outcome = try client(port, text, version: version)
        #expect(outcome.exitCode == 0 && outcome.output == text, "\(outcome.errors)")
        #expect(server.server.counter(.tlsHandshakes) == 1)
        try server.stop()
    }

    @Test(arguments: ["-tls1", "-tls1_1"]) func olderOnesAreNot(_ version: String) throws {
        let (server, port) = try serve()
        let outcome = try openSSL(port, [version, "-cipher", "DEFAULT@SECLEVEL=0"])
        #expect(outcome.exitCode != 0 && (outcome.errors + outcome.output).contains("protocol version"), "\(outcome)")
        #expect(server.server.counter(.tlsHandshakes) == 0)
        try server.stop()
    }

    @Test(arguments: [("expired", "expired"), ("other", "hostname mismatch"), ("self", "self-signed certificate")])
    func clientsSeeWhoIsNotTheServer(_ name: String, _ reason: String) throws {
        let (server, port) = try serve(name)
        let outcome = try client(port, "a\n")
        #expect(outcome.exitCode != 0 && outcome.output.isEmpty)
        #expect(outcome.errors.lowercased().contains(reason), "\(outcome.errors)")
        try server.stop()
    }

    /// `openssl s_client`, which ends by itself: its input stays open until then, as it leaves at the end of that.
    private func openSSL(_ port: UInt16, _ options: [String], input: String = "") throws -> Subprocess.Outcome {
        let script = """
            import subprocess, sys
            client = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE)
            client.stdin.write(sys.argv[1].encode())
            client.stdin.flush()
            sys.exit(client.wait(300))
            """
        return try Subprocess.run(
            path: "/usr/bin/env",
            ["python3", "-c", script, input, "openssl", "s_client", "-connect", "127.0.0.1:\(port)"] + options)
    }

    @Test func renegotiationIsRefused() throws {
        let (server, port) = try serve()
        // A line that begins with R asks s_client to renegotiate.
        let outcome = try openSSL(port, ["-tls1_2", "-legacy_renegotiation"], input: "R\n")
        #expect(outcome.errors.contains("RENEGOTIATING"), "\(outcome.errors)")
        #expect(outcome.errors.contains("no renegotiation"), "\(outcome.errors)")
        #expect(outcome.exitCode != 0)
        try server.stop()
    }

    @Test(arguments: ["TLSv1_2", "TLSv1_3"]) func clientsMayHaveToShowACertificate(_ version: String) throws {
        let (server, port) = try serve(clientAuthorities: true)
        for certificate in [nil, "self"] {
            let outcome = try client(port, "a\n", version: version, certificate: certificate)
            #expect(outcome.exitCode != 0 && outcome.output.isEmpty)
        }
        let outcome = try client(port, "a\n", version: version, certificate: "other")
        #expect(outcome.exitCode == 0 && outcome.output == "a\n", "\(outcome.errors)")
        try server.stop()
    }

    @Test func halfHandshakesAndOtherBytesEnd() throws {
        let (server, port) = try serve { $0.handshakeTimeout = 50 }
        let silent = try TestSupport.TestClient(port: port)
        let half = try TestSupport.TestClient(port: port)
        // The head of a ClientHello whose rest does not come.
        try half.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00])
        let plain = try TestSupport.TestClient(port: port)
        try plain.send(Array("GET / HTTP/1.1\r\n\r\n".utf8))
        #expect(try silent.receiveUntilClose().isEmpty)
        #expect(try half.receiveUntilClose().isEmpty)
        _ = try plain.receiveUntilClose()
        #expect(server.server.counter(.tlsFailures) == 1 && server.server.counter(.stalledCloses) == 2)
        // Others are served.
        let other = try TestSupport.TestClient(port: server.address.port)
        try other.send([1, 2, 3])
        #expect(try other.receive(exactly: 3) == [1, 2, 3])
        other.disconnect()
        try server.stop()
        #expect(server.server.bufferedBytes == 0)
    }

    @Test func aNewCertificateIsForNewConnections() throws {
        let certificates = try Certificates.shared.get()
        let folder = try TemporaryDirectory()
        defer { withExtendedLifetime(folder) {} }
        let files = TLSFiles(certificate: folder.path("c.pem"), key: folder.path("c.key"))
        func install(_ name: String) throws {
            for (from, to) in [("pem", files.certificate), ("key", files.key)] {
                try Data(contentsOf: URL(filePath: certificates.path("\(name).\(from)"))).write(to: URL(filePath: to))
            }
        }
        try install("expired")
        let source = try TLSIdentitySource(files)
        let old = source.current
        #expect(try !source.reload())
        try install("good")
        #expect(try source.reload() && source.current !== old)
        #expect(try !source.reload() && source.reload(evenIfUnchanged: true))
        // A key that is another's: what was read before stays.
        try Data(contentsOf: URL(filePath: certificates.path("other.key"))).write(to: URL(filePath: files.key))
        let kept = source.current
        #expect(throws: TLSError.self) { _ = try source.reload() }
        #expect(source.current === kept)
    }

    @Test func filesThatCannotBeUsedAreToldByName() throws {
        let certificates = try Certificates.shared.get()
        for (certificate, key, expected) in [
            ("nothing.pem", "good.key", "nothing.pem"), ("good.pem", "nothing.key", "nothing.key"),
            ("good.key", "good.key", "good.key"), ("good.pem", "other.key", "key"),
        ] {
            let error = #expect(throws: TLSError.self) {
                _ = try TLSIdentity(TLSFiles(certificate: certificates.path(certificate), key: certificates.path(key)))
            }
            #expect(error?.description.contains(expected) == true, "\(error.map { "\($0)" } ?? "")")
        }
    }

    @Test func aPathIsListenedAtAndRemoved() throws {
        let folder = try TemporaryDirectory()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path("server.sock")
        let server = try TestServer(configure: {
            $0.moreListeners = [TCPServer.Listener(place: .unixSocket(path))]
        }) { _ in .echo() }
        let script =
            "import socket,sys; s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(b'a'*100000); "
            + "s.shutdown(1); n=0\nwhile True:\n  d=s.recv(65536)\n  n+=len(d)\n  if not d: break\nprint(n)"
        let outcome = try Subprocess.run(path: "/usr/bin/env", ["python3", "-c", script, path])
        #expect(outcome.output == "100000\n", "\(outcome.errors)")
        // A second server does not take it away.
        #expect(throws: ServerError.self) {
            _ = try TestServer(configure: { $0.moreListeners = [TCPServer.Listener(place: .unixSocket(path))] }) { _ in
                .echo()
            }
        }
        try server.stop()
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
