import ServiceMethods
import TestSupport
import Testing
import WireProtocol

/// What HTTP has beside the methods, and what it refuses.
@Suite struct HTTPRouteTests {
    private func connect() throws -> HTTPTestClient { try HTTPMethodTests.connect() }

    @Test func probesAnswer() throws {
        let client = try connect()
        for (path, body) in [("/livez", "ok\n"), ("/readyz", "ready\n")] {
            let reply = try client.ask("GET", path)
            #expect(reply.status == 200 && reply.text == body)
            let head = try client.ask("HEAD", path)
            #expect(head.status == 200 && head.headers["content-length"] == "\(body.utf8.count)")
        }
        let health = try client.ask("GET", "/health")
        #expect(health.status == 200)
        #expect(try health.json() == JSON.parse(#"{"status":"ready","ready":true}"#.utf8))
    }

    @Test(arguments: [
        ("GET", "/", 404), ("GET", "/livez/", 404), ("GET", "/v1/", 404), ("POST", "/v1/nothing", 404),
        ("GET", "//livez", 404), ("GET", "/api/segments/", 404), ("GET", "/%6Civez", 404), ("GET", "/v1/%zz", 400),
        ("DELETE", "/livez", 405), ("POST", "/metrics", 405), ("PUT", "/v1/ping", 405), ("TRACE", "/livez", 405),
        ("BREW", "/docs", 405), ("PATCH", "/health", 405), ("GET", "/segment/manual", 405),
        ("GET", "/api/recommendations/users/%", 400), ("GET", "/api/recommendations/users/%00", 400),
        ("GET", "/api/recommendations/users/%ff", 400), ("GET", "/api/recommendations/users/", 400),
        ("GET", "/api/recommendations/users/a?limit=0", 400), ("GET", "/api/recommendations/users/a?limit=x", 400),
        ("GET", "/api/recommendations/users/a?pages=1", 400), ("GET", "/api/recommendations/users/a?limit=%z", 400),
        ("GET", "/api/recommendations/pages/nothing", 404), ("GET", "/api/segments/nothing/members", 404),
    ])
    func whatIsNotThereIsRefusedAndTheConnectionGoesOn(_ method: String, _ path: String, _ status: Int) throws {
        let client = try connect()
        let reply = try client.ask(method, path)
        #expect(reply.status == status, "\(reply.text)")
        #expect(try reply.json()["error"]?["message"]?.text != nil)
        #expect((reply.headers["allow"] != nil) == (status == 405))
        #expect(try client.ask("GET", "/livez").status == 200)
    }

    @Test func bodiesAreJSONOfADeclaredLength() throws {
        let client = try connect()
        #expect(try client.ask("POST", "/v1/ping", ["Content-Length: 0"]).status == 200)
        #expect(try client.ask("POST", "/v1/ping", ["Content-Type: application/json"]).status == 411)
        for type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
            #expect(try client.ask("POST", "/v1/ping", ["Content-Type: \(type)"], body: "{}").status == 415, "\(type)")
        }
        #expect(try client.ask("POST", "/v1/ping", body: "{}").status == 415)
        for type in ["application/json; charset=utf-8", "Application/JSON"] {
            #expect(try client.ask("POST", "/v1/ping", ["Content-Type: \(type)"], body: "{}").status == 200)
        }
    }

    @Test func whatIsTooLargeIsRefusedBeforeItIsSent() throws {
        let client = try connect()
        let length = ProtocolLimits.frameBytesIn + 1
        try client.send(
            "POST /v1/ping HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: \(length)\r\n"
                + "Expect: 100-continue\r\n\r\n")
        let reply = try client.receive()
        #expect(reply.status == 413)
        #expect(try reply.json()["error"]?["reason"]?.text == "FRAME_TOO_LARGE")
    }

    @Test func theLargestBodyIsTaken() throws {
        let client = try connect()
        let body = #"{"echo":"a"}"#
        let padded = body + String(repeating: " ", count: ProtocolLimits.frameBytesIn - body.utf8.count)
        #expect(try client.call("ping", padded).status == 200)
    }

    @Test func whoAsksWhetherToGoOnIsTold() throws {
        let client = try connect()
        try client.send(
            "POST /v1/ping HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
                + "Expect: 100-continue\r\n\r\n")
        #expect(try client.receive().status == 100)
        try client.send("{}")
        #expect(try client.receive().status == 200)
    }

    @Test func chunksAreOneBody() throws {
        let client = try connect()
        try client.send(
            "POST /v1/ping HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "7\r\n{\"echo\"\r\n5\r\n:\"a\"}\r\n0\r\n\r\n")
        let reply = try client.receive()
        #expect(reply.status == 200, "\(reply.text)")
        #expect(try reply.json()["result"]?["echo"]?.text == "a")
    }

    @Test func requestsMayBePipelined() throws {
        let client = try connect()
        let request = "GET /livez HTTP/1.1\r\nHost: t\r\n\r\n"
        try client.send(String(repeating: request, count: 50) + "GET /nothing HTTP/1.1\r\nHost: t\r\n\r\n")
        for _ in 0..<50 { #expect(try client.receive().text == "ok\n") }
        #expect(try client.receive().status == 404)
    }

    @Test func whatIsNoHTTPIsRefused() throws {
        for text in [
            "\u{0}\u{0}\u{0}\u{2}{}", "GET\r\n\r\n", "GET /livez HTTP/9.9\r\n\r\n", "\r\n\r\n\r\n\r\n", "GET ",
        ] {
            let client = try connect()
            try client.send(text)
            client.finishSending()
            _ = try client.receiveUntilClose()
        }
        let client = try connect()
        try client.send("GET /livez HTTP/1.1\r\nHost: t\r\nX: \(String(repeating: "x", count: 64 << 10))\r\n\r\n")
        #expect(try client.receiveUntilClose().hasPrefix("HTTP/1.1 4"))
        #expect(try connect().ask("GET", "/livez").status == 200)
    }

    @Test func aNewIndexIsTakenOver() throws {
        let shop = try BuiltShop(userCount: 60, itemCount: 40)
        let server = try shop.serve(["--http", "127.0.0.1:0"])
        let client = try HTTPTestClient(port: try #require(server.httpPort))
        func version() throws -> String? { try client.call("ping").json()["meta"]?["indexVersion"]?.text }
        let before = try #require(try version())
        #expect(try shop.build().exitCode == 0)
        let deadline = ContinuousClock.now + .seconds(120)
        while try version() == before, ContinuousClock.now < deadline {}
        #expect(try version() != before)
        #expect(try client.call("recommend.user", #"{"userId":"u00001"}"#).status == 200)
        try server.stop()
    }

    // MARK: Pages of other sites

    @Test func byDefaultNoPageMayAsk() throws {
        let client = try connect()
        let origin = "Origin: https://evil.example"
        let reply = try client.ask("POST", "/v1/ping", [origin, "Content-Length: 0"])
        #expect(reply.status == 403)
        #expect(reply.headers["access-control-allow-origin"] == nil)
        let preflight = try client.ask("OPTIONS", "/v1/ping", [origin, "Access-Control-Request-Method: POST"])
        #expect(preflight.status == 204 && preflight.headers["access-control-allow-origin"] == nil)
        #expect(try client.ask("POST", "/v1/ping", ["Origin: http://test", "Content-Length: 0"]).status == 200)
    }

    @Test func allowedOriginsMay() throws {
        let shop = try ConformanceShop.shared.get().shop
        let server = try shop.serve(["--http", "127.0.0.1:0", "--http-origin", "https://shop.example"])
        let client = try HTTPTestClient(port: try #require(server.httpPort))
        let origin = "Origin: https://shop.example"
        let reply = try client.ask("POST", "/v1/ping", [origin, "Content-Length: 0"])
        #expect(reply.status == 200 && reply.headers["access-control-allow-origin"] == "https://shop.example")
        let preflight = try client.ask("OPTIONS", "/v1/ping", [origin, "Access-Control-Request-Method: POST"])
        #expect(preflight.headers["access-control-allow-methods"] == "POST, OPTIONS")
        #expect(try client.ask("POST", "/v1/ping", ["Origin: https://x.example", "Content-Length: 0"]).status == 403)
        try server.stop()
    }

    // MARK: Routes of systems that this one replaces

    /// Each gives the result of the method that it stands for.
    @Test func replacedRoutesGiveTheResultsOfMethods() throws {
        let client = try connect()
        func result(_ method: String, _ parameters: String) throws -> JSON? {
            try client.call(method, parameters).json()["result"]
        }
        func post(_ path: String, _ body: String) throws -> JSON {
            try client.ask("POST", path, ["Content-Type: application/json"], body: body).json()
        }
        let members = try #require(
            try result("segments.list", "{}")?["segments"]?.elements?.compactMap { $0["segment"]?.text }.first)
        let page = try #require(try result("segments.members", #"{"segment":"\#(members)","count":2}"#))
        let id = try #require(page["members"]?.elements?.first?.text)
        let item = try #require(try result("recommend.popular", "{}")?["items"]?.elements?.first?["id"]?.text)
        let values = #"{"recency":3,"frequency":7,"monetary":120.5}"#
        for (answer, expected) in [
            (try post("/segment/manual", values), try result("segments.predict", values)),
            (
                try post("/segment/customer", #"{"customer_id":"\#(id)"}"#),
                try result("segments.of", #"{"userId":"\#(id)"}"#)
            ),
            (
                try post("/fetchPersonas", #"{"gender":"women","limit":5}"#),
                try result("personas.query", #"{"gender":"women","count":5}"#)
            ),
            (
                try client.ask("GET", "/api/recommendations/users/\(id)?limit=7").json(),
                try result("recommend.user", #"{"userId":"\#(id)","count":7}"#)
            ),
            (
                try client.ask("GET", "/api/recommendations/users/n%C3%A9w%20%2F1").json(),
                try result("recommend.user", #"{"userId":"néw /1"}"#)
            ),
            (
                try client.ask("GET", "/api/recommendations/pages/\(item)").json(),
                try result("recommend.item", #"{"itemId":"\#(item)"}"#)
            ),
            (try client.ask("GET", "/api/segments").json(), try result("segments.list", "{}")),
            (
                try client.ask("GET", "/api/segments/users/\(id)").json(),
                try result("segments.of", #"{"userId":"\#(id)"}"#)
            ),
            (try client.ask("GET", "/api/segments/\(members)/members?limit=2").json(), page),
            (
                try client.ask("GET", "/api/segments/trends?unit=week").json(),
                try result("segments.trends", #"{"unit":"week"}"#)
            ),
        ] {
            #expect(answer == expected && answer["error"] == nil)
        }
        // Those systems numbered their customers.
        #expect(
            try post("/segment/customer", #"{"customer_id":17850}"#)["error"]?["reason"]?.text == "MEMBER_NOT_FOUND")
        #expect(try post("/segment/customer", #"{"customer_id":-1}"#)["error"]?["reason"]?.text == "BAD_FIELD")
        #expect(
            try post("/fetchPersonas", #"{"city_tier":"nowhere"}"#)["error"]?["details"]?["field"]?.text
                == "params.city_tier")
    }
}
