import TestSupport
import Testing

@testable import WireProtocol

@Suite struct RequestTests {
    private static let methods = MethodNames(["ping", "recommend.user", "recommend.item"])

    /// Runs `body` on the request; nil where it is refused.
    private static func withRequest<Value>(_ text: String, _ body: (borrowing Request) throws -> Value) rethrows
        -> Value?
    {
        let bytes = Array(text.utf8)
        var result: Result<Value, any Error>?
        do throws(RefusedRequest) {
            try JSONParser().withRequest(in: unsafe bytes.span.bytes, methods: Self.methods) { request in
                do { result = .success(try body(request)) } catch { result = .failure(error) }
            }
        } catch {
            Issue.record("refused: \(error.error.message)")
        }
        return try? result?.get()
    }

    @Test func theEnvelopeIsRead() {
        let text =
            #"{"traceparent":"00-ab","deadlineMs":50,"id":"\u00e9","method":"recommend.user","params":{"userId":"u"}}"#
        let seen: Bool? = Self.withRequest(text) { request in
            request.id?.text == #""\u00e9""# && request.method == 1 && request.deadlineMilliseconds == 50
                && request.traceparent?.string == "00-ab" && !request.isJSONRPC
        }
        #expect(seen == true)
    }

    @Test func aMethodHasTheNumberOfItsPlace() throws {
        for (number, name) in Self.methods.all.enumerated() {
            let seen: Int? = Self.withRequest(#"{"id":1,"method":"\#(name)"}"#) { $0.method }
            #expect(seen == number)
        }
    }

    @Test func aParserForgetsARefusedDocument() {
        let parser = JSONParser()
        let bad = Array(#"{"id":1,"x":[[[[[ "#.utf8)
        let good = Array(#"{"id":2,"method":"ping"}"#.utf8)
        for _ in 0..<100 {
            #expect(throws: RefusedRequest.self) {
                try parser.withRequest(in: unsafe bad.span.bytes, methods: Self.methods) { _ in }
            }
            var id: String?
            try? parser.withRequest(in: unsafe good.span.bytes, methods: Self.methods) { id = $0.id?.text }
            #expect(id == "2")
        }
    }

    @Test func aDocumentAboveTheParsersLimitIsRefused() {
        let parser = JSONParser(maximumBytes: 64)
        let long = Array(#"{"id":1,"method":"ping","padding":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}"#.utf8)
        var reason: ErrorReason?
        do throws(RefusedRequest) {
            try parser.withRequest(in: unsafe long.span.bytes, methods: Self.methods) { _ in }
        } catch {
            reason = error.error.reason
        }
        #expect(reason == .parseError)
    }

    /// The id is looked for in the text: behind strings of every mixture of escapes and brackets.
    @Test func anIdIsFoundBehindAnyString() throws {
        var generator = SeededGenerator(seed: 9)
        let pieces = [#"\\"#, #"\""#, "[", "{", ",", "}", ":", #"\u005c"#, #"\n"#, "a", "é"]
        for _ in 0..<2_000 {
            let text = (0..<generator.index(below: 12)).map { _ in pieces[generator.index(below: pieces.count)] }
                .joined()
            let request =
                #"{"method":"ping","params":{"x":["\#(text)",{"y":"\#(text)"}]},"\#("z" + text)":1,"id":"\#(text)"}"#
            let seen: String? = Self.withRequest(request) { $0.id?.text ?? "" }
            try #require(seen == "\"\(text)\"", "\(request)")
        }
    }
}
