import AccessKeys
import AnalyticsArtefacts
import AnalyticsService
import Foundation
import TestSupport
import Testing

@testable import RecommendationServer
@testable import ServiceMethods

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The dashboard over HTTP: what it shows, to whom, and that nothing of what it shows acts. Clicks are `Tools/long/dashboard`'s.
@Suite struct DashboardTests {
    private static let pages = [
        "", "/trends", "/segments", "/predictions", "/anomalies", "/insights", "/recommendations", "/evaluation",
        "/health",
        "/person?user=u00003", "/recommendations?user=u00003&item=i00001&whyNot=i00002",
        "/trends?indicator=revenue&by=channel", "/trends?unit=week", "/anomalies?state=all&unit=week",
        "/insights?rule=seldomBought", "/predictions?list=loss",
    ]

    private let folder: TemporaryDirectory
    private let server: InProcessHTTP

    init() throws {
        folder = try TemporaryDirectory()
        try SampleAnalysis.write(to: folder.path("analysis"))
        server = try InProcessHTTP(
            analytics: try AnalyticsDesk(directory: folder.path("analysis")), hasDashboard: true,
            origins: ["https://shop.example"])
    }

    private func get(
        _ path: String, _ headers: [String] = [], host: String = "localhost:7480", on server: InProcessHTTP? = nil,
        method: String = "GET", body: String = ""
    ) throws -> HTTPTestClient.Reply {
        let client = try (server ?? self.server).connect()
        var lines = ["\(method) \(path) HTTP/1.1", "Host: \(host)"] + headers
        if method == "POST" { lines.append("Content-Length: \(body.utf8.count)") }
        try client.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        return try client.receive()
    }

    @Test func itIsOffUnlessAskedFor() throws {
        let server = try InProcessHTTP(analytics: try AnalyticsDesk(directory: folder.path("analysis")))
        for path in ["", "/", "/style.css", "/live", "/trends"] {
            #expect(try get("/dashboard" + path, on: server).status == 404)
        }
    }

    @Test func everyPageIsWellFormedAndShowsOthersTextAsText() throws {
        for page in Self.pages {
            let reply = try get("/dashboard" + page)
            #expect(
                reply.status == 200 && reply.headers["content-type"] == "text/html; charset=utf-8",
                "\(page): \(reply.text.prefix(900))")
            let parser = XMLParser(data: Data(reply.body))
            let elements = Elements()
            parser.delegate = elements
            #expect(parser.parse(), "\(page): \(String(describing: parser.parserError)), line \(parser.lineNumber)")
            // Its own script and style alone.
            #expect(
                elements.sources == ["/dashboard/script.js"] && elements.stylesheets == ["/dashboard/style.css"],
                "\(page)")
            #expect(
                elements.counts["h1"] == 1 && elements.counts["main"] == 1 && elements.counts["style"] == nil, "\(page)"
            )
            #expect(elements.links.allSatisfy { $0.hasPrefix("/dashboard") || $0 == "#content" }, "\(page)")
            #expect(
                !reply.text.contains("<script>alert") && !reply.text.contains("<b>mail")
                    && !reply.text.contains("\u{202E}"), "\(page)")
            #expect(
                reply.headers["content-security-policy"]?.hasPrefix(
                    "default-src 'none'; style-src 'self'; script-src 'self'") == true)
        }
        #expect(try get("/dashboard/insights").text.contains("&lt;script&gt;alert(1)&lt;/script&gt; \\u202eis seen"))
    }

    /// Whatever table a page has is a file too, with as many rows.
    @Test func everyTableIsAFile() throws {
        var count = 0
        for page in Self.pages {
            let text = try get("/dashboard" + page).text
            for part in text.components(separatedBy: "class=\"export\" href=\"").dropFirst() {
                let path = part.prefix { $0 != "\"" }.replacing("&amp;", with: "&")
                let reply = try get(String(path))
                #expect(reply.status == 200 && reply.headers["content-type"] == "text/csv; charset=utf-8", "\(path)")
                #expect(reply.headers["content-disposition"]?.hasPrefix("attachment; filename=\"foretaste-") == true)
                #expect(reply.body.starts(with: [0xEF, 0xBB, 0xBF]) && reply.text.hasSuffix("\r\n"))
                count += 1
            }
        }
        #expect(count > 25)
        #expect(try get("/dashboard/trends?table=nothing").status == 400)
    }

    @Test(arguments: [
        ("/nothing", 404), ("/overview", 404), ("/trends?indicator=nothing", 400), ("/trends?count=7", 400),
        ("/trends?unknown=1", 400), ("/predictions?page=0", 400), ("/predictions?page=x", 400),
        ("/person?user=nobody", 404),
        ("/recommendations?item=nothing", 404), ("/recommendations?whyNot=i00001", 400),
        ("/trends?unit=day&unit=week", 400),
        ("/anomalies?state=%zz", 400), ("/person?user=%ff", 400), ("/%zz", 400),
    ])
    func whatCannotBeShownIsSaid(_ path: String, _ status: Int) throws {
        let reply = try get("/dashboard" + path)
        #expect(reply.status == status, "\(reply.text.prefix(500))")
    }

    @Test func spacesAndOddIdsArrive() throws {
        #expect(try get("/dashboard/recommendations?user=a+b%2Bc%3C%3E").text.contains("For user a b+c&lt;&gt;"))
    }

    @Test func withoutAnAnalysisTheRestIsThere() throws {
        let server = try InProcessHTTP(hasDashboard: true)
        for page in ["", "/recommendations?user=u00003", "/evaluation", "/health"] {
            #expect(try get("/dashboard" + page, on: server).status == 200, "\(page)")
        }
        for page in ["/trends", "/segments", "/predictions", "/anomalies", "/insights"] {
            let reply = try get("/dashboard" + page, on: server)
            #expect(reply.status == 409 && reply.text.contains("--analytics DIR"), "\(page)")
        }
    }

    // MARK: Who may

    /// Without keys: this machine, by a name of this machine, and no page of another site.
    @Test func withoutKeysItIsForThisMachine() throws {
        for host in ["localhost", "localhost:80", "127.0.0.1:7480", "127.9.9.9", "[::1]:7480", "a.localhost"] {
            #expect(try get("/dashboard", host: host).status == 200, "\(host)")
        }
        for host in [
            "shop.example", "127.0.0.1.shop.example", "localhost.shop.example", "[::2]", "", "10.0.0.1", "127.1",
        ] {
            #expect(try get("/dashboard", host: host).status == 403, "\(host)")
        }
        for origin in ["https://shop.example", "null", "http://localhost:1"] {
            let reply = try get("/dashboard", ["Origin: \(origin)"])
            #expect(reply.status == 403 && reply.headers["access-control-allow-origin"] == nil, "\(origin)")
        }
        #expect(try get("/dashboard", ["Origin: http://localhost:7480"]).status == 200)
    }

    @Test func withKeysAKeyIsAskedFor() throws {
        let (write, read, browser) = (AccessKey(), AccessKey(), AccessKey())
        var file = KeyFile()
        for (key, role) in [(write, AccessRole.write), (read, .read), (browser, .browser)] {
            try file.add(try KeyRecord(key, role: role, created: "now", name: ""))
        }
        let desk = KeyDesk(KeyRing(file), work: { $0() }, afterDelay: { $0() }, reportWrongKey: { _ in })
        let server = try InProcessHTTP(
            keys: desk, analytics: try AnalyticsDesk(directory: folder.path("analysis")), hasDashboard: true)
        func basic(_ key: String) -> String { "Authorization: Basic " + Data("anna:\(key)".utf8).base64EncodedString() }
        let none = try get("/dashboard", on: server)
        #expect(none.status == 401 && none.headers["www-authenticate"]?.hasPrefix("Basic realm=") == true)
        for header in [
            "Authorization: Basic !", "Authorization: Basic YQ==", basic("wrong"), "Authorization: Digest x",
        ] {
            #expect(try get("/dashboard", [header], on: server).status == 401, "\(header)")
        }
        let token = BrowserToken.text(browser, userId: "u00003", expiresAt: nil, filter: "")
        #expect(try get("/dashboard", [basic(token)], on: server).status == 403)
        // Another name of the machine is no trick where a key is shown.
        for header in [basic(read.text), "Authorization: Bearer \(read.text)"] {
            #expect(try get("/dashboard", [header], host: "shop.example", on: server).status == 200)
        }
        #expect(
            !(try get("/dashboard/anomalies", [basic(read.text)], on: server).text.contains("<form method=\"post\"")))
        #expect(try get("/dashboard/anomalies", [basic(write.text)], on: server).text.contains("<form method=\"post\""))
        let form = ["Content-Type: application/x-www-form-urlencoded"]
        let body = "anomalyId=day%3Arevenue%3Apoint%3A2025-01-10"
        for (key, status) in [(read, 403), (write, 303)] {
            let reply = try get(
                "/dashboard/anomalies", form + [basic(key.text)], on: server, method: "POST", body: body)
            #expect(reply.status == status, "\(reply.text)")
        }
        let states = try AnomalyStates(directory: folder.path("analysis"))
        #expect(states.acknowledged.map(\.id) == ["day:revenue:point:2025-01-10"])
    }

    @Test func aFormIsOfThisPageAndComesBackToIt() throws {
        let form = ["Content-Type: application/x-www-form-urlencoded; charset=utf-8"]
        let body = "anomalyId=day%3Arevenue%3Apoint%3A2025-01-09&note=the+sale"
        func post(_ headers: [String], _ body: String = body) throws -> HTTPTestClient.Reply {
            try get("/dashboard/anomalies", headers, method: "POST", body: body)
        }
        #expect(try post([]).status == 415)
        #expect(try post(form + ["Origin: https://shop.example"]).status == 403)
        #expect(try post(form, "anomalyId=nothing").status == 404)
        #expect(try post(form, "other=1").status == 400)
        #expect(try get("/dashboard/trends", form, method: "POST", body: body).status == 405)
        let referer = "Referer: http://localhost:7480/dashboard/anomalies?state=open"
        let done = try post(form + ["Origin: http://localhost:7480", referer])
        #expect(done.status == 303 && done.headers["location"] == "/dashboard/anomalies?state=open")
        let elsewhere = try post(form + ["Referer: https://shop.example/dashboard/anomalies"])
        #expect(elsewhere.status == 303 && elsewhere.headers["location"] == "/dashboard/anomalies")
        #expect(try get("/dashboard/anomalies?state=acknowledged").text.contains(": the sale"))
    }

    @Test func liveFiguresAreTexts() throws {
        let reply = try get("/dashboard/live")
        #expect(reply.headers["content-type"] == "application/json")
        guard case .object(let values) = try reply.json() else {
            Issue.record("no object")
            return
        }
        #expect(values.count >= 8 && values.values.allSatisfy { $0.text != nil })
    }
}

private final class Elements: NSObject, XMLParserDelegate {
    private(set) var counts: [String: Int] = [:]
    private(set) var sources: [String] = []
    private(set) var stylesheets: [String] = []
    private(set) var links: [String] = []

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        counts[name, default: 0] += 1
        if let source = attributes["src"] { sources.append(source) }
        if name == "a", let link = attributes["href"] { links.append(link) }
        if attributes["rel"] == "stylesheet", let link = attributes["href"] { stylesheets.append(link) }
    }
}
