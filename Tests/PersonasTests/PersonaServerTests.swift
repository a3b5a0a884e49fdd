import Foundation
import TestSupport
import Testing

/// `personas.*` of a running server.
@Suite struct PersonaServerTests {
    @Test func answersAreThoseOfTheProgram() throws {
        let shop = try BuiltShop()
        let directory = try shop.personas()
        let server = try shop.serve(["--personas", directory])
        let client = try TestClient(port: server.port)
        func program(_ arguments: [String]) throws -> JSON {
            let outcome = try Subprocess.run(
                "foretaste", ["segment", "personas"] + arguments + ["--personas", directory, "--json"])
            return try JSON.parse(outcome.outputBytes)
        }
        func result(_ method: String, _ parameters: String) throws -> JSON? {
            try client.ask(#"{"id":1,"method":"\#(method)","params":\#(parameters)}"#)["result"]
        }
        let brands = try #require(try result("personas.top", #"{"dimension":"brand","count":2}"#))
        #expect(try program(["top", "--count", "2"]) == brands)
        let names = try #require(brands["values"]?.elements).compactMap { $0["name"]?.text }
        #expect(names.count == 2)
        #expect(
            try program(["top", "--dimension", "category"])
                == result("personas.top", #"{"dimension":"category"}"#))
        #expect(try program(["of", "--user", "u00007"]) == result("personas.of", #"{"userId":"u00007"}"#))
        let query =
            #"{"brand":["\#(names[0].uppercased())","\#(names[1])"],"cityTier":"tier1","gender":["male","unisex"]}"#
        let found = try #require(try result("personas.query", query))
        #expect(
            try program([
                "query", "--brand", names[0], "--brand", names[1], "--city-tier", "1", "--gender", "men", "--gender",
                "unisex",
            ]) == found)
        let personas = try #require(found["personas"]?.elements)
        #expect(personas.count > 5 && personas.count <= 20)
        #expect(personas.allSatisfy { $0["gender"]?.text == "men" || $0["gender"]?.text == "unisex" })
        #expect(personas[0]["products"]?.elements?.isEmpty == false)
    }

    @Test func errorsSayWhatToDo() throws {
        let shop = try BuiltShop()
        let server = try shop.serve(["--personas", try shop.personas()])
        let client = try TestClient(port: server.port)
        func refusal(_ client: TestClient, _ method: String, _ parameters: String) throws -> JSON? {
            try client.ask(#"{"id":1,"method":"\#(method)","params":\#(parameters)}"#)["error"]
        }
        let unknown = try #require(try refusal(client, "personas.of", #"{"userId":"nobody"}"#))
        #expect(unknown["code"]?.number == -32010 && unknown["status"]?.text == "NOT_FOUND")
        #expect(unknown["reason"]?.text == "PERSONA_NOT_FOUND" && unknown["details"]?["field"]?.text == "params.userId")
        #expect(unknown["message"]?.text?.contains("segment personas --previous") == true)
        let tree = try client.ask(#"{"id":1,"method":"personas.top","params":{"dimension":"category"}}"#)
        let name = try #require(tree["result"]?["categories"]?.elements?.first?["name"]?.text)
        let misspelt = try #require(try refusal(client, "personas.query", #"{"category1":"\#(name)x"}"#))
        #expect(misspelt["reason"]?.text == "BAD_FIELD" && misspelt["details"]?["field"]?.text == "params.category1")
        #expect(misspelt["details"]?["nearest"]?.text == name)

        let bare = try shop.serve()
        let without = try #require(
            try refusal(try TestClient(port: bare.port), "personas.query", "{}"))
        #expect(without["code"]?.number == -32002 && without["reason"]?.text == "NO_PERSONAS")
        #expect(without["message"]?.text?.contains("--personas DIR") == true)
        let outcome = try Subprocess.run(
            "foretaste-server", ["--index", shop.indexPath, "--personas", shop.folder.path, "--listen", "127.0.0.1:0"])
        #expect(outcome.exitCode == 1 && outcome.errors.contains("personas.lmdb"), "\(outcome.errors)")
    }
}
