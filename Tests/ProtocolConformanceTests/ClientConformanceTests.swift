import Foundation
import ServiceMethods
import TestSupport
import Testing
import WireProtocol

/// The clients of this repository: the Python one in Protocol/Clients, and `foretaste call`.
@Suite struct ClientConformanceTests {
    struct ClientVector: Decodable, CustomTestStringConvertible {
        var id: String
        var frames: [String]
        var expect: Expectation

        struct Expectation: Decodable {
            var result: JSON?
            var error: String?
            var closed: Bool?
        }

        var testDescription: String { id }
    }

    private struct File: Decodable {
        var vectors: [ClientVector]
    }

    static let vectors: [ClientVector] = {
        do {
            let path = PackageRoot.path("Protocol/Vectors/clients.json")
            return try JSONDecoder().decode(File.self, from: Data(contentsOf: URL(filePath: path))).vectors
        } catch {
            Issue.record("Protocol/Vectors/clients.json could not be read: \(error)")
            return []
        }
    }()

    static let clientFolder = PackageRoot.path("Protocol/Clients/Python")
    static let python: String? = {
        let found = ["/usr/bin/python3", "/usr/local/bin/python3", "/opt/homebrew/bin/python3"].first { path in
            guard FileManager.default.isExecutableFile(atPath: path) else { return false }
            let isNewEnough = "import sys; sys.exit(sys.version_info < (3, 11))"
            return (try? Subprocess.run(path: path, ["-c", isNewEnough]).exitCode) == 0
        }
        if found == nil { print("SKIPPED: the tests of the Python client: there is no python3 from 3.11 on") }
        return found
    }()
    /// `python3 -m foretaste` without an installed package.
    private static let module = """
        import runpy, sys
        sys.path.insert(0, sys.argv.pop(1))
        runpy.run_module("foretaste", run_name="__main__")
        """

    @Test(arguments: vectors) func callTellsWhatTheServerAnswered(_ vector: ClientVector) throws {
        try check(vector, path: BuiltProducts.path(of: "foretaste")) { ["call", "--server", $0, "ping"] }
    }

    @Test(.enabled(if: python != nil), arguments: vectors)
    func pythonClientTellsWhatTheServerAnswered(_ vector: ClientVector) throws {
        try check(vector, path: try #require(Self.python)) {
            ["-B", "-c", Self.module, Self.clientFolder, $0, "ping"]
        }
    }

    private func check(_ vector: ClientVector, path: String, _ arguments: (String) -> [String]) throws {
        let listener = try TestListener()
        let program = try ChildProcess(path: path, arguments("127.0.0.1:\(listener.port)"))
        let client = try listener.accept()
        let request = try JSON.parse(try client.receiveFrame())
        #expect(request == .object(["id": .number(1), "method": .string("ping")]))
        for frame in vector.frames { try client.send(frame: frame) }
        client.disconnect()
        let outcome = try #require(program.wait(timeoutSeconds: Subprocess.usualTimeoutSeconds))
        if let result = vector.expect.result {
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
            let printed = try JSON.parse(outcome.outputBytes)
            #expect((printed["result"] ?? printed) == result)
        } else {
            #expect(outcome.exitCode == 1)
            #expect(
                outcome.errors.contains(vector.expect.error ?? "the server closed the connection"), "\(outcome.errors)")
        }
    }

    /// The time limit is the whole call's: a server that always says something, and never the answer, does not hold it up.
    @Test func callEndsWhenItsTimeIsOver() throws {
        let listener = try TestListener()
        let program = try ChildProcess(
            path: BuiltProducts.path(of: "foretaste"),
            ["call", "--server", "127.0.0.1:\(listener.port)", "--timeout", "1", "ping"])
        let client = try listener.accept()
        _ = try client.receiveFrame()
        let notices = [[UInt8]](repeating: framed(#"{"method":"server.goingAway"}"#), count: 1_000).flatMap(\.self)
        // Until the program goes.
        while (try? client.send(notices)) != nil {}
        let outcome = try #require(program.wait(timeoutSeconds: Subprocess.usualTimeoutSeconds))
        #expect(outcome.exitCode == 1)
        #expect(outcome.errors.contains("within 1 s"), "\(outcome.errors)")
    }

    /// All vectors by the program that others check their servers with.
    @Test func conformancePlaysEveryVector() throws {
        let server = try ConformanceShop.shared.get().server
        let arguments = ["--server", "127.0.0.1:\(server.port)", "--vectors", PackageRoot.path("Protocol/Vectors")]
        let outcome = try Subprocess.run("foretaste", ["conformance", "--json"] + arguments)
        let tally = try JSON.parse(outcome.outputBytes)
        #expect(outcome.exitCode == 0, "\(tally)")
        #expect(tally["passed"]?.number == Double(VectorConformanceTests.vectors.count), "\(tally)")
    }

    /// What is no server of this protocol fails every vector that has an answer.
    @Test func conformanceSaysWhatIsWrong() throws {
        let listener = try TestListener()
        let folder = try TemporaryDirectory()
        for name in ["frames", "envelope", "methods"] {
            let vector =
                #"{"id":"\#(name)","level":"frame","comment":"","input":{"payload":"{}"},"expect":{"reply":{"id":1},"closes":false}}"#
            _ = try folder.write(
                #"{"protocolVersion":1,"vectors":[\#(name == "frames" ? vector : "")]}"#, to: "\(name).json")
        }
        let program = try ChildProcess(
            path: BuiltProducts.path(of: "foretaste"),
            ["conformance", "--server", "127.0.0.1:\(listener.port)", "--vectors", folder.path])
        let client = try listener.accept()
        _ = try client.receiveFrame()
        try client.send(frame: #"{"id":2}"#)
        client.disconnect()
        let outcome = try #require(program.wait(timeoutSeconds: Subprocess.usualTimeoutSeconds))
        #expect(outcome.exitCode == 1 && outcome.output.contains("0 passed, 0 skipped, 1 failed"), "\(outcome.output)")
        let missing = try Subprocess.run("foretaste", ["conformance", "--vectors", folder.path("none")])
        #expect(missing.exitCode == 1 && missing.errors.contains("--vectors"))
    }

    @Test func callKnowsTheMethods() throws {
        let help = try Subprocess.run("foretaste", ["call", "--help"]).output
        for method in MethodTable.all { #expect(help.contains("\(method.name): "), "\(method.name)") }
    }

    /// A client that lacks a method, or has other types than the schemas, is stale.
    @Test(.enabled(if: python != nil)) func generatedFilesAreAsTheSchemasSay() throws {
        let outcome = try Subprocess.run(
            path: try #require(Self.python), ["-B", PackageRoot.path("Tools/generate-clients"), "--check"])
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
    }

    /// Its own use as documented: methods, errors, and far more calls at once than may be in flight.
    @Test(.enabled(if: python != nil)) func pythonClientWorksAsDocumented() throws {
        let (shop, server) = try (ConformanceShop.shared.get().shop, ConformanceShop.shared.get().server)
        let script = try shop.folder.write(Self.script, to: "use.py")
        let outcome = try Subprocess.run(
            path: try #require(Self.python), ["-B", script, Self.clientFolder, "\(server.port)"])
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(outcome.output == "done\n")
    }

    private static let script = """
        import asyncio, sys
        sys.path.insert(0, sys.argv[1])
        from foretaste import AsyncClient, Client, ConnectionFailed, InvalidRequest, ServerError

        address = f"127.0.0.1:{sys.argv[2]}"
        with Client(address, timeout=60, name="test") as client:
            assert client.ping() == {} and client.ping("é") == {"echo": "é"}
            assert client.health() == {"status": "ready", "ready": True}
            assert client.info()["index"]["items"] == 100
            assert client.hello(ordered=True, client="test")["ordered"] is True
            answer = client.recommend_user("u00001", count=5, explain="full")
            assert len(answer["items"]) == 5 and "reason" in answer["items"][0]
            assert client.request("recommend.user", {"userId": "u00001"}).meta["quality"] == "full"
            assert len(client.recommend_item("i00001", count=7)["items"]) == 7
            assert len(client.recommend_session(["i00002", "i00001"], count=6)["items"]) == 6
            assert len(client.recommend_popular(count=3, kind="recent", deadline_ms=60000)["items"]) == 3
            try:
                client.recommend_item("no such item")
                assert False
            except ServerError as error:
                assert error.reason == "ITEM_NOT_FOUND" and error.field == "params.itemId", error
            try:
                client.recommend_item(17)
                assert False
            except InvalidRequest as error:
                assert 'send "17"' in str(error), error
            users = [f"u{number:05}" for number in range(1, 201)]
            calls = [("recommend.user", {"userId": user, "count": 50, "fields": ["*"]}) for user in users] * 5
            calls[7] = ("recommend.user", {"count": 1})
            results = client.pipeline(calls)
            assert len(results) == 1000 and isinstance(results[7], ServerError)
            assert results[7].reason == "BAD_FIELD", results[7]
            assert results[0] == results[200] and results[0] != results[1]
            assert all(isinstance(result, dict) for place, result in enumerate(results) if place != 7)
        try:
            client.ping()
            assert False
        except ConnectionFailed as error:
            assert error.kind == "CLIENT_CLOSED"

        async def use():
            async with AsyncClient(address, timeout=60) as client:
                answers = await asyncio.gather(*(client.recommend_user(user, count=3) for user in users))
                assert len(answers) == 200 and all(len(answer["items"]) == 3 for answer in answers)

        asyncio.run(use())
        print("done")

        """
}
