import CommandLineInterface
import TestSupport
import Testing

@testable import ServerClient

@Suite struct ServerReachTests {
    private static let program = Program(
        version: "1", command: Command(name: "ask", summary: "Ask.", options: ServerReach.options))

    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func reach(_ words: [String], list: String? = nil) throws -> ServerReach {
        let path = try list.map { try folder.write($0, to: "servers") }
        guard case .run(let parsed) = try Self.program.parse(words) else { throw TestSupportError("no command") }
        return try ServerReach(parsed, variable: path)
    }

    private func mistake(_ words: [String], list: String? = nil) -> String {
        do {
            _ = try reach(words, list: list)
            return ""
        } catch {
            return "\(error)".replacing(folder.path(""), with: "")
        }
    }

    @Test func aServerIsAnAddressOrANameInAFile() throws {
        #expect(try reach([]).address.port == 7411)
        #expect(try reach(["--server", "[::1]:80"]).address.host == "::1")
        let key = try folder.write("ftk-secret\n", to: "key")
        let list = "[shop]\nserver = shop.example:7412\nkey-file = \(key)\n[other]\nserver = 10.0.0.1:1\n"
        let shop = try reach(["--server", "shop"], list: list)
        #expect(shop.address == HostAndPort(host: "shop.example", port: 7412))
        #expect(shop.key == "ftk-secret" && shop.name == "shop" && shop.tls == nil)
        #expect(try reach(["--server", "other"], list: list).key == nil)
        // What the command line says itself wins; an address needs no file.
        let mine = try folder.write("mine", to: "my-key")
        #expect(try reach(["--server", "shop", "--key-file", mine], list: list).key == "mine")
        #expect(try reach(["--server", "127.0.0.1:1"], list: "broken").address.port == 1)
    }

    @Test func whatIsWrongIsNamed() {
        #expect(mistake(["--server", "shop"]).contains("'--server shop': expected HOST:PORT"))
        let list = "[shop]\nserver = a:1\n"
        #expect(mistake(["--server", "shpo"], list: list) == "servers has no server 'shpo'. Did you mean 'shop'?")
        #expect(mistake(["--server", "x"], list: "server = a:1\n").contains("servers, line 1: 'server' stands before"))
        #expect(mistake(["--server", "x"], list: "\n[x]\n") == "servers, line 2: [x] needs 'server = HOST:PORT'")
        #expect(
            mistake(["--server", "x"], list: "[x]\nserver = a:1\nport = 1\n").contains("line 3: there is no 'port'"))
        #expect(mistake(["--server", "x"], list: list + list).contains("line 3: '[shop]'"))
        #expect(mistake(["--server", "x"], list: "[x]\nserver = a:1\ntls = maybe\n").contains("line 3: 'tls'"))
        #expect(mistake(["--tls-ca", "ca.pem"]).contains("'--tls-ca ca.pem': expected --tls beside it"))
        #expect(mistake(["--tls", "--tls-key", "k.pem"]).contains("expected --tls-certificate beside it"))
        #expect(mistake(["--tls", "--tls-ca", "missing.pem"]).contains("missing.pem"))
        #expect(mistake(["--key-file", "missing"]).contains("missing: cannot open"))
    }
}
