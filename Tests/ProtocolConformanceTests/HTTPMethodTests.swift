import Foundation
import ServiceMethods
import TestSupport
import Testing
import WireProtocol

/// The methods over HTTP: the vectors of the protocol, asked by POST /v1/METHOD.
@Suite struct HTTPMethodTests {
    static func connect() throws -> HTTPTestClient {
        let port = try #require(try ConformanceShop.shared.get().server.httpPort)
        return try HTTPTestClient(port: port)
    }

    /// What frames refuse before a method sees it is about envelopes, which HTTP has none of.
    private static let vectors = VectorConformanceTests.vectors.filter { $0.level == "method" && $0.replies.count == 1 }

    @Test func everyVectorOfAMethodGivesItsResultOrError() throws {
        let client = try Self.connect()
        var count = 0
        for vector in Self.vectors {
            guard let text = vector.text, let request = try? JSON.parse(text.utf8),
                let method = request["method"]?.text,
                MethodTable.names.all.contains(method), vector.expect.closes == false,
                let expected = vector.replies.first
            else { continue }
            // As it stands in the vector, since parsing would lose what is odd about it.
            let parameters = try Self.parameters(text)
            let reply = try client.call(method, parameters)
            let body = try reply.json()
            if let result = expected["result"] {
                #expect(reply.status == 200 && body["result"]?.contains(result) == true, "\(vector): \(reply.text)")
            } else {
                let error = try #require(expected["error"])
                #expect(reply.status >= 400 && body["error"]?.contains(error) == true, "\(vector): \(reply.text)")
            }
            count += 1
        }
        #expect(count >= 100)
    }

    /// The text of `params`; an empty object where there is none.
    private static func parameters(_ text: String) throws -> String {
        guard let start = text.range(of: #""params":"#) else { return "{}" }
        var depth = 0
        var isString = false
        var isEscaped = false
        var result = ""
        for scalar in text[start.upperBound...].unicodeScalars {
            result.unicodeScalars.append(scalar)
            if isEscaped {
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else if scalar == "\"" {
                isString.toggle()
            } else if !isString, "[{".unicodeScalars.contains(scalar) {
                depth += 1
            } else if !isString, "]}".unicodeScalars.contains(scalar) {
                depth -= 1
                if depth == 0 { return result }
            }
        }
        return "{}"
    }

    @Test func everyMethodIsAskedByPostAlone() throws {
        let client = try Self.connect()
        for method in MethodTable.names.all {
            let reply = try client.ask("GET", "/v1/\(method)")
            #expect(reply.status == 405 && reply.headers["allow"] == "POST, OPTIONS", "\(method)")
        }
    }

    @Test func aDeadlineIsAnArgument() throws {
        let client = try Self.connect()
        #expect(try client.call("ping", query: "?deadlineMs=60000").status == 200)
        for bad in ["0", "x", "600001", "", "-1", "1.5"] {
            let reply = try client.call("ping", query: "?deadlineMs=\(bad)")
            #expect(reply.status == 400, "\(bad)")
            #expect(try reply.json()["error"]?["details"]?["field"]?.text == "deadlineMs")
        }
        #expect(try client.call("ping", query: "?count=1").status == 400)
    }

    @Test func bodiesThatAreNoObjectAreRefused() throws {
        let client = try Self.connect()
        for (body, reason) in [
            ("", ""), ("{}", ""), (" {} ", ""), ("[]", "INVALID_REQUEST"), ("1", "INVALID_REQUEST"),
            ("{", "PARSE_ERROR"), ("\u{FEFF}x", "PARSE_ERROR"), (#"{"echo":"a","echo":"b"}"#, "INVALID_REQUEST"),
            (#"{"echo":1}"#, "BAD_FIELD"), (#"{"exludeIds":["a"]}"#, ""), (#"{"count":1}"#, "BAD_FIELD"),
        ] {
            let reply = try client.call("ping", body)
            #expect(reply.status == (reason.isEmpty ? 200 : 400), "\(body): \(reply.text)")
            #expect(try reply.json()["error"]?["reason"]?.text ?? "" == reason, "\(body)")
        }
    }

    @Test func unknownMethodsNameTheNearest() throws {
        let client = try Self.connect()
        let reply = try client.call("recommend.users%65r")
        #expect(reply.status == 404)
        #expect(try client.call("recomend.user").json()["error"]?["details"]?["nearest"]?.text == "recommend.user")
        // Percent-encoded or not, a name is the same.
        #expect(try client.call("%70ing").status == 200)
    }
}
