import AccessKeys
import Foundation
import ServiceMethods
import TestSupport
import Testing

/// What SPECIFICATION.md shows, against the schemas, a server, and another language.
@Suite struct SpecificationExampleTests {
    private struct Example: CustomTestStringConvertible {
        let language: String
        /// The last heading that names a method or a result.
        let heading: String
        let text: String

        var testDescription: String { "\(heading): \(text.prefix(80))" }
        /// Something is left out, so that a schema would miss it.
        var isShortened: Bool { text.contains("...") }

        /// One JSON text after the other.
        func values() throws -> [JSON] {
            var values: [JSON] = []
            var rest = ""
            for line in Self.completed(text).split(separator: "\n") {
                rest += line
                guard let value = try? JSON.parse(rest.utf8) else { continue }
                values.append(value)
                rest = ""
            }
            if !rest.isEmpty { throw TestSupportError("no JSON: \(rest)") }
            return values
        }

        private static func completed(_ text: String) -> String {
            text.replacing(#/\{\.\.\.[^}]*\}/#, with: "{}").replacing(#/, ?\.\.\.(?=[,\]}])/#, with: "")
        }
    }

    private static let examples: [Example] = {
        guard let text = try? String(contentsOfFile: PackageRoot.path("Protocol/SPECIFICATION.md"), encoding: .utf8)
        else {
            Issue.record("Protocol/SPECIFICATION.md could not be read")
            return []
        }
        var examples: [Example] = []
        var (heading, language): (String, String?) = ("", nil)
        var lines: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let open = language {
                    examples.append(Example(language: open, heading: heading, text: lines.joined(separator: "\n")))
                    language = nil
                } else {
                    language = String(line.dropFirst(3))
                }
                lines = []
            } else if language != nil {
                lines.append(line)
            } else if line.hasPrefix("#") {
                heading = line.firstMatch(of: #/`([a-z.A-Z]+)`/#).map { String($0.1) } ?? String(line)
            }
        }
        return examples
    }()

    @Test func examplesAreJSONAndOfTheirSchemas() throws {
        let examples = Self.examples.filter { $0.language == "json" }
        #expect(examples.count >= 8)
        for example in examples {
            for value in try example.values() where !example.isShortened {
                let (schema, shown) =
                    switch example.heading {
                    case "### The result": ("recommend.result", value)
                    case "### Filters and boosts":
                        ("recommend.user.params", try JSON.parse(#"{"userId":"u17","filter":\#(example.text)}"#.utf8))
                    case let heading where heading.hasPrefix("### Notices"): ("server.goingAway", value)
                    default: ("\(example.heading).result", value)
                    }
                #expect(try JSONSchema(file: schema).findings(in: shown) == [], "\(example.testDescription)")
            }
        }
    }

    /// Each request that the text shows is one that a server takes, and a reply that follows it is what comes.
    @Test func requestsAreAnsweredAsShown() throws {
        let client = try Transport.inProcess.connect()
        var count = 0
        for example in Self.examples where example.language == "json" {
            let values = try example.values()
            for (value, reply) in zip(values, values.dropFirst() + [.null])
            where value["id"] != nil && value["method"] != nil {
                let line = try #require(
                    example.text.split(separator: "\n").first { (try? JSON.parse($0.utf8)) == value })
                let answer = try client.ask(String(line))
                #expect(answer["result"] != nil, "\(line): \(answer)")
                if reply["result"] != nil { #expect(answer.contains(reply), "\(answer) instead of \(reply)") }
                count += 1
            }
        }
        #expect(count >= 1)
    }

    @Test func helloIsAsShown() throws {
        let example = try #require(Self.examples.first { $0.heading == "hello" && $0.language == "json" })
        let shown = try #require(try example.values().first)
        let reply = try Transport.inProcess.connect().ask(#"{"id":1,"method":"hello"}"#)
        let result = try #require(reply["result"])
        #expect(
            result.names == shown.names && result["methods"] == shown["methods"] && result["limits"] == shown["limits"])
        #expect(result["index"]?.names == shown["index"]?.names)
    }

    /// The text's own program makes the text's own token.
    @Test(.enabled(if: ClientConformanceTests.python != nil)) func theProgramMakesTheToken() throws {
        let program = try #require(Self.examples.first { $0.language == "python" }).text
        let token = try #require(Self.examples.first { $0.text.hasPrefix("ftb1 .") }).text.split(separator: "\n").last
        let text = try String(contentsOfFile: PackageRoot.path("Protocol/SPECIFICATION.md"), encoding: .utf8)
        let key = try #require(text.firstMatch(of: #/ftk-[0-9a-f]{12}-[0-9a-f]{64}/#)).0
        let folder = try TemporaryDirectory()
        let script = try folder.write(
            program + "\nprint(token(\"\(key)\", \"käufer 7\", 1893456000000))\n", to: "token.py")
        let outcome = try Subprocess.run(path: try #require(ClientConformanceTests.python), [script])
        #expect(outcome.output == "\(token ?? "")\n", "\(outcome.errors)")
        let parsed = try #require(AccessKey(key.utf8))
        #expect(BrowserToken.text(parsed, userId: "käufer 7", expiresAt: 1_893_456_000_000) == token.map(String.init))
    }
}
