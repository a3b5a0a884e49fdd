import HTTPServer
import ServiceMethods
import TestSupport
import Testing
import WireProtocol

@testable import RecommendationServer

/// What HTTP tells of the server: metrics, and the description of itself.
@Suite struct HTTPDocumentTests {
    private func connect() throws -> HTTPTestClient { try HTTPMethodTests.connect() }

    // MARK: Metrics

    /// A sample's name with its labels, and its value.
    private func samples(_ text: String) throws -> [(String, Double)] {
        try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let space = try #require(line.lastIndex(of: " "))
            return (String(line[..<space]), try #require(Double(line[line.index(after: space)...])))
        }
    }

    @Test func metricsCountWhatWasAsked() throws {
        let shop = try ConformanceShop.shared.get().shop
        let server = try shop.serve(["--http", "127.0.0.1:0", "--threads", "1"])
        let client = try HTTPTestClient(port: try #require(server.httpPort))
        let frames = SocketConnection(try TestClient(port: server.port))
        for _ in 0..<3 { #expect(try client.call("ping").status == 200) }
        #expect(try client.call("recommend.user", #"{"userId":"u00001"}"#).status == 200)
        #expect(try client.call("recommend.user", "{}").status == 400)
        #expect(try client.call("recommend.item", #"{"itemId":"nothing"}"#).status == 404)
        #expect(try client.ask("GET", "/nothing").status == 404)
        for _ in 0..<2 { #expect(try frames.ask(#"{"id":1,"method":"ping"}"#)["result"] != nil) }
        let reply = try client.ask("GET", "/metrics")
        #expect(reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        let found = Dictionary(uniqueKeysWithValues: try samples(reply.text))
        func requests(_ transport: String, _ method: String, _ code: String) -> Double? {
            found["foretaste_requests_total{transport=\"\(transport)\",method=\"\(method)\",code=\"\(code)\"}"]
        }
        #expect(requests("http", "ping", "OK") == 3 && requests("tcp", "ping", "OK") == 2)
        #expect(requests("http", "recommend.user", "INVALID_ARGUMENT") == 1)
        #expect(requests("http", "recommend.item", "NOT_FOUND") == 1)
        #expect(requests("http", "", "UNIMPLEMENTED") == 1)
        #expect(found["foretaste_recommendations_total"] == 1 && found["foretaste_ready"] == 1)
        #expect(found["foretaste_connections{transport=\"http\"}"] == 1)
        #expect(found["foretaste_http_replies_total{status=\"404\"}"] == 2)
        #expect(found["foretaste_request_queue_seconds_count"] == 2)
        try server.stop()
    }

    @Test func metricsAreWellFormed() throws {
        let client = try connect()
        _ = try client.call("ping")
        let text = try client.ask("GET", "/metrics").text
        var families: [String] = []
        var seen: Set<String> = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if line.hasPrefix("# HELP") { families.append(String(words[2])) }
            if line.hasPrefix("# TYPE") { #expect(families.last == String(words[2])) }
            guard !line.hasPrefix("#"), let family = families.last else { continue }
            let name = line.prefix { $0 != "{" && $0 != " " }
            #expect(name == family || name.hasPrefix(family + "_"), "\(line) stands among \(family)")
            #expect(seen.insert(String(line[..<(line.lastIndex(of: " ") ?? line.endIndex)])).inserted, "\(line)")
        }
        #expect(Set(families).count == families.count)
        // Buckets ascend, up to the count.
        let ping = try samples(text).filter {
            $0.0.contains("duration_seconds") && $0.0.contains("\"http\"") && $0.0.contains("\"ping\"")
        }
        let buckets = ping.filter { $0.0.contains("_bucket") }.map(\.1)
        #expect(buckets == buckets.sorted() && buckets.last == ping.last?.1 && (buckets.last ?? 0) > 0)
    }

    @Test func labelsAreEscaped() {
        #expect(MetricsText.escaped("a\"b\\c\nd") == #"a\"b\\c\nd"#)
    }

    // MARK: Its own description

    @Test func theDescriptionHasEveryMethodAndRoute() throws {
        let document = try connect().ask("GET", "/openapi.json").json()
        #expect(document["openapi"]?.text == "3.1.0")
        let paths = try #require(document["paths"])
        for method in MethodTable.names.all { #expect(paths["/v1/\(method)"]?["post"] != nil, "\(method)") }
        for route in ReplacedRoute.all { #expect(paths[route.path]?[route.method.rawValue.lowercased()] != nil) }
        let schemas = try #require(document["components"]?["schemas"])
        for reference in references(document) {
            let name = try #require(reference.split(separator: "/").last)
            #expect(schemas[String(name)] != nil || reference.contains("/responses/"), "\(reference)")
        }
        var ids: [String] = []
        for path in paths.names ?? [] {
            for method in paths[path]?.names ?? [] {
                ids.append(try #require(paths[path]?[method]?["operationId"]?.text))
            }
        }
        #expect(Set(ids).count == ids.count)
    }

    private func references(_ value: JSON) -> [String] {
        if let elements = value.elements { return elements.flatMap(references) }
        return (value.names ?? []).flatMap { name in
            name == "$ref" ? [value[name]?.text].compactMap { $0 } : value[name].map(references) ?? []
        }
    }

    @Test func thePageNeedsNothingElse() throws {
        let reply = try connect().ask("GET", "/docs")
        #expect(reply.status == 200 && reply.headers["content-security-policy"]?.contains("default-src 'none'") == true)
        for method in MethodTable.names.all { #expect(reply.text.contains("id=\"\(method)\"")) }
        for outside in ["<script", "src=", "http:", "https:", "@import", "url("] {
            #expect(!reply.text.contains(outside))
        }
    }

    /// Whoever changes a schema runs Tools/embed-schemas.
    @Test func theSchemasInsideAreThoseOfTheProtocol() throws {
        let outcome = try Subprocess.run(
            path: "/usr/bin/env", ["python3", PackageRoot.path("Tools/embed-schemas"), "--check"])
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        for method in MethodTable.names.all {
            let names = MessageSchemas.all.map(\.name)
            #expect(names.contains("\(method).params") && names.contains(MessageSchemas.result(of: method)))
        }
    }
}
