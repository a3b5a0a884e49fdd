import Foundation
import TestSupport
import Testing

/// `foretaste doctor`, on a server's files as they should be, and as they should not.
@Suite(.serialized) struct DoctorTests {
    static let shop = Result { () throws -> BuiltShop in
        let shop = try BuiltShop(options: ["--quiet"])
        shop.removeAtExit()
        return shop
    }

    private let shop: BuiltShop
    private let folder: TemporaryDirectory

    init() throws {
        shop = try Self.shop.get()
        folder = try TemporaryDirectory()
    }

    /// What it found, as `subject: grade`, and the whole text of each.
    private func look(_ options: [String]) throws -> (exitCode: Int32?, findings: [(String, String)]) {
        let listen = options.contains("--listen") ? [] : ["--listen", "127.0.0.1:0"]
        let outcome = try Subprocess.run(
            "foretaste", ["doctor", "--index", shop.indexPath, "--json"] + listen + options)
        let list = try #require(try JSON.parse(outcome.outputBytes).elements, "\(outcome.errors)")
        let findings = list.map { finding in
            let words = ["text", "advice"].compactMap { finding[$0]?.text }.joined(separator: " -> ")
            return ("\(finding["subject"]?.text ?? ""): \(finding["grade"]?.text ?? "")", words)
        }
        return (outcome.exitCode, findings)
    }

    private func expect(
        _ options: [String], _ finding: String, _ words: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let (exitCode, findings) = try look(options)
        #expect(
            findings.contains { $0.0 == finding && $0.1.contains(words) }, "\(findings)",
            sourceLocation: sourceLocation)
        let isBad = findings.contains { $0.0.hasSuffix(": bad") }
        #expect(exitCode == (isBad ? 1 : 0), sourceLocation: sourceLocation)
    }

    private func keys() throws -> String {
        let path = folder.path("shop.keys")
        let made = try Subprocess.run("foretaste", ["keys", "create", "--keys", path, "--role", "read"])
        #expect(made.exitCode == 0, "\(made.errors)")
        return path
    }

    private func chmod(_ path: String, _ mode: Int) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    @Test func whatIsInOrderIsGood() throws {
        let options = ["--keys", try keys(), "--live", folder.path("new.live"), "--http", "127.0.0.1:0", "--thorough"]
        let (exitCode, findings) = try look(options)
        #expect(exitCode == 0 && !findings.contains { $0.0.hasSuffix(": bad") }, "\(findings)")
        for subject in ["index", "keys", "live data", "port", "HTTP port"] {
            #expect(findings.contains { $0.0 == "\(subject): good" }, "\(subject): \(findings)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path("new.live")))
        let text = try Subprocess.run("foretaste", ["doctor", "--index", shop.indexPath, "--listen", "127.0.0.1:0"])
        #expect(text.output.contains("good      index") && text.exitCode == 0)
    }

    @Test func anIndexThatIsNoneIsBad() throws {
        let outcome = try Subprocess.run("foretaste", ["doctor", "--index", folder.path("nothing")])
        #expect(outcome.exitCode == 1 && outcome.output.contains("bad       index"), "\(outcome.output)")
    }

    @Test func keysThatOthersReadOrReplaceAreBad() throws {
        let path = try keys()
        try chmod(path, 0o644)
        try expect(["--keys", path], "keys: bad", "chmod 600")
        try chmod(path, 0o600)
        try chmod(folder.path(""), 0o777)
        try expect(["--keys", path], "keys: bad", "chmod o-w")
        try chmod(folder.path(""), 0o700)
        try Data("foretaste keys 1\n".utf8).write(to: URL(filePath: path))
        try chmod(path, 0o600)
        try expect(["--keys", path], "keys: bad", "keys create")
        try expect(["--keys", folder.path("none")], "keys: bad", "none")
    }

    @Test func liveDataMustHaveTheirPlace() throws {
        try expect(["--live", folder.path("no/such")], "live data: bad", "does not exist")
        let path = try folder.write("text", to: "a file")
        try expect(["--live", path], "live data: bad", "no directory")
        try FileManager.default.createDirectory(atPath: folder.path("others"), withIntermediateDirectories: false)
        _ = try folder.write("text", to: "others/file")
        try expect(["--live", folder.path("others")], "live data: bad", "'file'")
        // Also while a server writes them.
        let server = try shop.serve(["--live", folder.path("shop.live")])
        try expect(["--live", folder.path("shop.live"), "--thorough"], "live data: good", "0 events")
        try server.stop()
    }

    @Test func portsAreTriedAndWhoHasThemIsTold() throws {
        let server = try shop.serve(["--http", "127.0.0.1:0"])
        let http = try #require(server.httpPort)
        try expect(["--http", "127.0.0.1:\(http)"], "HTTP port: good", "a Foretaste server")
        try expect(["--listen", "127.0.0.1:\(server.port)"], "port: good", "a Foretaste server")
        // One that speaks something else.
        try expect(["--listen", "127.0.0.1:\(http)"], "port: bad", "is taken")
        try server.stop()
        try expect(["--listen", "0.0.0.0:0"], "port: bad", "--keys")
        try expect(["--listen", "0.0.0.0:0", "--insecure"], "port: doubtful", "--keys")
        try expect(["--listen", "0.0.0.0:0", "--keys", try keys()], "port: bad", "--listen-tls")
        try expect(
            ["--listen", "0.0.0.0:0", "--keys", try keys(), "--insecure"], "port: doubtful", "--listen-tls")
        try expect(["--listen", "192.0.2.1:0"], "port: bad", "address of this machine")
    }

    @Test func certificatesAreReadAndExpire() throws {
        func make(_ name: String, days: String) throws -> [String] {
            let (certificate, key) = (folder.path("\(name).pem"), folder.path("\(name).key"))
            let made = try Subprocess.run(
                path: "/usr/bin/env",
                [
                    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-subj", "/CN=localhost", "-days", days, "-keyout", key, "-out", certificate,
                ])
            #expect(made.exitCode == 0, "\(made.errors)")
            return ["--listen-tls", "127.0.0.1:0", "--tls-certificate", certificate, "--tls-key", key]
        }
        let good = try make("good", days: "100")
        try expect(good, "TLS: good", "is valid for")
        try expect(try make("soon", days: "3"), "TLS: doubtful", "expires in")
        try chmod(folder.path("good.key"), 0o644)
        try expect(good, "TLS: bad", "chmod 600")
        try expect(
            ["--listen-tls", "127.0.0.1:0", "--tls-certificate", folder.path("good.pem"), "--tls-key", shop.itemsPath],
            "TLS: bad", "PEM")
    }
}
