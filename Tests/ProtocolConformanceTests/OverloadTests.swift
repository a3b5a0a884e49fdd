import RecommendationServer
import ServiceMethods
import TestSupport
import Testing
import WireProtocol

/// What waited too long for its turn is not begun.
@Suite struct OverloadTests {
    private func reply(_ text: String, waitedSeconds: UInt64) throws -> JSON {
        let responder = try ConformanceShop.shared.get().inProcess.makeResponder()
        let caller = Caller(replies: ConnectionReplies(transport: NoTransport()))
        var output: [UInt8] = []
        var writer = JSONWriter(appendingTo: &output)
        let arrival: UInt64 = 1_000_000_000_000
        let times = RequestTimes(receivedAt: arrival, startedAt: arrival + waitedSeconds * 1_000_000_000)
        let bytes = Array(text.utf8)
        _ = responder.answer(unsafe bytes.span.bytes, times, &writer, for: caller)
        writer.finish(into: &output)
        return try JSON.parse(Array(output.dropFirst(4)))
    }

    @Test func whatWaitedHalfAMinuteIsRefusedAndMayComeAgain() throws {
        let request = #"{"id":1,"method":"recommend.user","params":{"userId":"u00001"}}"#
        #expect(try reply(request, waitedSeconds: 29)["result"] != nil)
        let refused = try reply(request, waitedSeconds: 30)
        #expect(refused["error"]?["reason"]?.text == "RATE_LIMIT", "\(refused)")
        #expect(refused["error"]?["status"]?.text == "RESOURCE_EXHAUSTED")
    }
}
