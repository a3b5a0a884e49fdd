import Foundation
import TestSupport
import Testing

@testable import WireProtocol

@Suite struct ReplyTests {
    private static let methods = MethodNames(["ping", "recommend.item"])

    /// What `body` writes for a request, as one payload.
    private static func reply(
        to text: String = #"{"id":"r\u0031","method":"ping"}"#, limit: Int = ProtocolLimits.frameBytesOut,
        _ body: (borrowing Request, inout JSONWriter) -> Void
    ) throws -> String {
        var buffer: [UInt8] = []
        var writer = JSONWriter(appendingTo: &buffer, maximumPayloadBytes: limit)
        let bytes = Array(text.utf8)
        try JSONParser().withRequest(in: unsafe bytes.span.bytes, methods: methods) { body($0, &writer) }
        writer.finish(into: &buffer)
        let found = payloads(buffer)
        try #require(found.count == 1)
        return String(decoding: found[0], as: UTF8.self)
    }

    private static func bytes(_ text: StaticString) -> UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    @Test func aRecommendationIsWrittenItemByItem() throws {
        let text = try Self.reply { request, writer in
            writer.beginReply(to: request)
            writer.beginRecommendations()
            unsafe writer.beginItem(
                id: Self.bytes("a\"1"), score: 0.5, source: .hybrid, reason: .interactedTogetherAndSimilar)
            writer.beginFields()
            unsafe writer.field(Self.bytes("title"), text: Self.bytes("Tea\n🫖"))
            unsafe writer.field(Self.bytes("price"), number: 12.99)
            unsafe writer.field(Self.bytes("in stock"), boolean: true)
            unsafe writer.field(Self.bytes("since"), time: 1_715_938_200_000)
            unsafe writer.beginListField(Self.bytes("tags"))
            writer.string("x" as StaticString)
            writer.string("y" as StaticString)
            writer.endArray()
            writer.endFields()
            writer.contributions(WireContributions(content: 0.2, collaborative: 0.3))
            writer.beginBecause()
            unsafe writer.because(itemId: Self.bytes("h\\1"), share: 0.25)
            unsafe writer.because(itemId: Self.bytes("h2"), share: 0.125)
            writer.endBecause()
            writer.endItem()
            unsafe writer.beginItem(id: Self.bytes("b"), score: 0.25, source: .fallback)
            writer.endItem()
            writer.endRecommendations(
                fallbackUsed: true, userState: WireUserState(isKnown: true, historyCount: 12, recentItemsUnknown: 3))
            writer.endReply(
                to: request,
                meta: ReplyMeta(serverMicroseconds: 412, queueMicroseconds: 81, indexVersion: "v1", quality: .partial))
        }
        try Self.expectMembersOfSchema(text)
        #expect(
            text == #"{"id":"r\u0031","result":{"items":["#
                + #"{"id":"a\"1","score":0.5,"source":"hybrid","reason":"INTERACTED_TOGETHER_AND_SIMILAR","#
                + #""fields":{"title":"Tea\n🫖","price":12.99,"in stock":true,"since":1715938200000,"tags":["x","y"]},"#
                + #""contributions":{"content":0.2,"collaborative":0.3},"#
                + #""because":[{"itemId":"h\\1","share":0.25},{"itemId":"h2","share":0.125}]},"#
                + #"{"id":"b","score":0.25,"source":"fallback"}],"fallbackUsed":true,"#
                + #""userState":{"known":true,"historyCount":12,"recentItemsUnknown":3}},"#
                + #""meta":{"serverMs":0.412,"queueMs":0.081,"indexVersion":"v1","quality":"partial"}}"#)
    }

    /// The reply above has every member there is: the schema names the same ones.
    private static func expectMembersOfSchema(_ text: String) throws {
        let path = PackageRoot.path("Protocol/Messages/recommend.result.schema.json")
        let schema = try JSON.parse(Data(contentsOf: URL(filePath: path)))
        let result = try #require(JSON.parse(text.utf8)["result"])
        guard case .array(let items) = result["items"] else {
            Issue.record("no items")
            return
        }
        let item = schema["properties"]?["items"]?["items"]
        #expect(result.names == schema["properties"]?.names)
        #expect(items.first?.names == item?["properties"]?.names)
        #expect(result["userState"]?.names == schema["properties"]?["userState"]?["properties"]?.names)
        #expect(item?["required"] == .array(["id", "score", "source"].map { .string($0) }))
    }

    @Test func theNoticeOfAStoppingServerIsAFrameWithoutId() {
        var buffer: [UInt8] = []
        var writer = JSONWriter(appendingTo: &buffer)
        writer.writeGoingAway()
        writer.finish(into: &buffer)
        #expect(payloads(buffer) == [Array(#"{"method":"server.goingAway"}"#.utf8)])
    }

    @Test func anErrorHasItsWholeShape() throws {
        let text = try Self.reply(to: #"{"id":7,"method":"ping","jsonrpc":"2.0"}"#) { request, writer in
            writer.writeError(
                WireError(
                    .badField, "Mend \"it\".", field: "params.x", nearest: "y", minimum: 1, maximum: 5, incident: "i"),
                to: request)
        }
        #expect(
            text == #"{"id":7,"jsonrpc":"2.0","error":{"code":-32602,"status":"INVALID_ARGUMENT","reason":"BAD_FIELD","#
                + #""message":"Mend \"it\".","retryable":false,"#
                + #""details":{"field":"params.x","nearest":"y","minimum":1,"maximum":5,"incident":"i"}}}"#)
    }

    /// A name from a file may have any length, and stands in an error as the nearest one.
    @Test func textsOfAnErrorAreBounded() throws {
        let long = String(repeating: "\u{1}", count: 30_000_000)
        let text = try Self.reply { request, writer in
            writer.writeError(WireError(.badField, long, field: long, nearest: long), to: request)
        }
        let details = try #require(try JSON.parse(text.utf8)["error"]?["details"])
        #expect(details["nearest"]?.text == String(repeating: "\u{1}", count: 1_024))
        #expect(text.utf8.count < 20_000)
    }

    @Test func aReplyAboveTheLimitBecomesAnError() throws {
        let text = try Self.reply(limit: 1_000) { request, writer in
            writer.beginReply(to: request)
            writer.string(String(repeating: "x", count: 100_000))
            writer.endReply(
                to: request, meta: ReplyMeta(serverMicroseconds: 1, queueMicroseconds: 0, indexVersion: nil))
        }
        let reply = try JSON.parse(text.utf8)
        #expect(reply["id"] == .string("r1"))
        #expect(reply["error"]?["reason"] == .string("REPLY_TOO_LARGE"))
        #expect(reply["error"]?["code"] == .number(-32021))
        #expect(reply["result"] == nil)
    }

    @Test func infoHealthAndHelloTellTheIndex() throws {
        let index = IndexSummary(
            version: "v7", formatVersion: 1, createdAt: 1_715_938_200_000, ageSeconds: 60, bytes: 4_096, users: 2,
            items: 3,
            interactions: 5)
        let text =
            #"{"version":"v7","formatVersion":1,"createdAt":1715938200000,"ageSeconds":60,"bytes":4096,"users":2,"#
        let expected = try JSON.parse((text + #""items":3,"interactions":5}"#).utf8)
        let hello = try JSON.parse(
            Self.reply { request, writer in
                writer.beginReply(to: request)
                writer.helloResult(
                    serverVersion: "0.1.0", isOrdered: true, isStrict: false, methods: ["a", "b.c"], index: index)
                writer.endReply(
                    to: request, meta: ReplyMeta(serverMicroseconds: 0, queueMicroseconds: 0, indexVersion: "v7"))
            }.utf8)
        #expect(hello["result"]?["index"] == expected)
        #expect(hello["result"]?["ordered"] == .boolean(true))
        #expect(hello["result"]?["methods"] == .array([.string("a"), .string("b.c")]))
        let info = try JSON.parse(
            Self.reply { request, writer in
                writer.beginReply(to: request)
                writer.beginInfo(
                    server: ServerSummary(
                        version: "0.1.0", uptimeSeconds: 9, threads: 2, connections: 1, requestsAnswered: 4,
                        requestsFailed: 3))
                writer.infoIndex(index)
                writer.endInfo()
                writer.endReply(
                    to: request, meta: ReplyMeta(serverMicroseconds: 0, queueMicroseconds: 0, indexVersion: "v7"))
            }.utf8)
        #expect(info["result"]?["index"] == expected)
        #expect(info["result"]?["server"]?["requestsAnswered"] == .number(4))
        let health = try JSON.parse(
            Self.reply { request, writer in
                writer.beginReply(to: request)
                writer.healthResult(.draining)
                writer.endReply(
                    to: request, meta: ReplyMeta(serverMicroseconds: 0, queueMicroseconds: 0, indexVersion: nil))
            }.utf8)
        #expect(health["result"] == .object(["status": .string("draining"), "ready": .boolean(false)]))
    }

    @Test func aClientsRequestIsReadByTheServersParser() throws {
        var buffer: [UInt8] = []
        var writer = JSONWriter(appendingTo: &buffer)
        let isWhole = writer.writeRequest(
            id: 5, method: "recommend.item", parameters: #"{"itemId":"i","count":3}"#, deadlineMilliseconds: 50)
        writer.finish(into: &buffer)
        #expect(isWhole)
        var seen: [String] = []
        let payload = payloads(buffer)[0]
        try JSONParser().withRequest(in: unsafe payload.span.bytes, methods: Self.methods) { request in
            seen = [request.id?.text ?? "", "\(request.method)", "\(request.deadlineMilliseconds ?? 0)"]
            var members = request.members
            while let member = members.next() { seen.append(member.name.string) }
        }
        #expect(seen == ["5", "1", "50", "itemId", "count"])
    }

    @Test func anAbandonedReplyLeavesNothing() throws {
        let text = try Self.reply { request, writer in
            writer.beginReply(to: request)
            writer.string(String(repeating: "x", count: 100_000))
            writer.abandonReply()
            writer.writeError(WireError(.bug, "m"), to: request)
        }
        #expect(text.hasPrefix(#"{"id":"r\u0031","error":{"code":-32603"#))
    }

    @Test(arguments: [
        (#"{"id":1,"result":{},"meta":{}}"#, ReplyOutcome.success),
        (
            #"{"id":1,"error":{"code":-1,"reason":"NEW","message":"m"}}"#,
            .failure(code: -1, reason: "NEW", message: "m")
        ),
        (#"{"method":"server.goingAway"}"#, .notice), (#"{"method":"new","params":{"result":1}}"#, .notice),
        (#"{"id":1}"#, .malformed), ("[]", .malformed), ("nonsense", .malformed), (#"{"error":5}"#, .malformed),
    ]) func aClientTellsRepliesApart(_ text: String, _ expected: ReplyOutcome) {
        let bytes = Array(text.utf8)
        #expect(JSONParser().replyOutcome(in: unsafe bytes.span.bytes) == expected)
    }
}
