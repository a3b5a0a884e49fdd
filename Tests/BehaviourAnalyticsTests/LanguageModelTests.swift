import Foundation
import LanguageModels
import TestSupport
import Testing

/// A server that takes one request and gives one answer.
// SAFETY: the listener is the thread's from the start; `request` is written by the thread before it signals `done`, and read after that.
final class StubModel: @unchecked Sendable {
    private(set) var request = ""
    private let done = DispatchSemaphore(value: 0)
    private let listener: TestListener
    var port: UInt16 { listener.port }

    /// - Parameter answer: the whole response; nil: the connection closes without one.
    init(_ answer: String?) throws {
        listener = try TestListener()
        Thread.detachNewThread { [self] in
            defer { done.signal() }
            guard let client = try? listener.accept(timeoutSeconds: 60) else { return }
            var bytes: [UInt8] = []
            while !bytes.suffix(4).elementsEqual([13, 10, 13, 10]) {
                guard let next = try? client.receive(exactly: 1, timeoutSeconds: 60) else { return }
                bytes += next
            }
            let head = String(decoding: bytes, as: UTF8.self)
            let length = head.lowercased().split(separator: "content-length: ").last.flatMap {
                Int($0.prefix { $0.isNumber })
            }
            bytes += (try? client.receive(exactly: length ?? 0, timeoutSeconds: 60)) ?? []
            request = String(decoding: bytes, as: UTF8.self)
            if let answer { try? client.send(Array(answer.utf8)) }
            client.disconnect()
        }
    }

    func finished() -> String {
        done.wait()
        return request
    }

    static func response(_ body: String, status: String = "200 OK") -> String {
        "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
    }
}

@Suite struct LanguageModelTests {
    private func ask(_ stub: StubModel, path: String = "/v1/chat/completions", timeout: Int = 60) throws -> String {
        let model = try LanguageModel(
            url: "http://127.0.0.1:\(stub.port)\(path)", name: "small", key: "secret", timeoutSeconds: timeout)
        return try model.answer(instruction: "Be brief.", question: "What happened?\n\"Nothing\"")
    }

    @Test func chatCompletionsAreAskedAndRead() throws {
        let stub = try StubModel(
            StubModel.response(#"{"choices":[{"message":{"role":"assistant","content":"Visits: 900."}}]}"#))
        #expect(try ask(stub) == "Visits: 900.")
        let request = stub.finished()
        #expect(request.hasPrefix("POST /v1/chat/completions HTTP/1.1\r\n"))
        #expect(
            request.contains("\r\nAuthorization: Bearer secret\r\n")
                && request.contains("\r\nContent-Type: application/json\r\n"))
        #expect(
            request.hasSuffix(
                #"{"model":"small","temperature":0,"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"What happened?\n\"Nothing\""}]}"#
            ))
    }

    @Test func geminiIsAskedAndRead() throws {
        let stub = try StubModel(
            StubModel.response(#"{"candidates":[{"content":{"parts":[{"text":"One. "},{"text":"Two."}]}}]}"#))
        #expect(try ask(stub, path: "/v1beta/models/x:generateContent") == "One. Two.")
        let request = stub.finished()
        #expect(request.contains("\r\nx-goog-api-key: secret\r\n") && !request.contains("Bearer"))
        #expect(request.contains(#""contents":[{"role":"user","parts":[{"text":"What happened?\n\"Nothing\""}]}]"#))
    }

    @Test(arguments: [
        nil, "", "nonsense\r\n\r\n", StubModel.response("", status: "500 Internal Server Error"),
        StubModel.response("{}", status: "401 Unauthorized"), StubModel.response(""), StubModel.response("[]"),
        StubModel.response(#"{"choices":[]}"#), StubModel.response(#"{"choices":[{"message":{"content":7}}]}"#),
        StubModel.response(#"{"choices":[{"message":{"content":null}}]}"#), StubModel.response("{\"choices\":"),
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        StubModel.response(String(repeating: "x", count: 2 << 20)), "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
    ])
    func badAnswersAreFailures(_ answer: String?) throws {
        let stub = try StubModel(answer)
        #expect(throws: LanguageModel.Failure.self) { try ask(stub) }
    }

    @Test func nobodyThereIsAFailure() throws {
        let port = try TestListener().port
        let model = try LanguageModel(url: "http://127.0.0.1:\(port)/", name: "m", key: nil, timeoutSeconds: 5)
        #expect(throws: LanguageModel.Failure.self) { try model.answer(instruction: "", question: "") }
    }

    /// A key goes over no open line, and no address brings one along.
    @Test(arguments: [
        "http://example.com/v1", "ftp://example.com", "file:///etc/passwd", "example.com", "",
        "https://user:key@example.com/",
        "http://127.0.0.1.example.com/", "http://localhost.example.com/", "https://a b/",
        "https://example.com/\r\nX: y",
    ])
    func badAddressesAreRefused(_ url: String) {
        #expect(throws: LanguageModel.Failure.self) {
            try LanguageModel(url: url, name: "m", key: "k", timeoutSeconds: 5)
        }
    }

    @Test func keysWithLineBreaksAreRefused() {
        #expect(throws: LanguageModel.Failure.self) {
            try LanguageModel(url: "https://example.com/", name: "m", key: "k\r\nX: y", timeoutSeconds: 5)
        }
    }
}
