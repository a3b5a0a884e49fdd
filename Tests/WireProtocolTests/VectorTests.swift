import TestSupport
import Testing

@testable import WireProtocol

/// The vectors of Protocol/Vectors, run against the decoders without a socket. What only a server can answer
/// (`"server": true`) is checked to be accepted here.
@Suite struct VectorTests {
    static let vectors: [ProtocolVector] = {
        do {
            return try ProtocolVector.readAll(protocolVersion: ProtocolLimits.protocolVersion)
        } catch {
            Issue.record("Protocol/Vectors could not be read: \(error)")
            return []
        }
    }()

    @Test func thereAreVectorsWithDifferentIds() {
        #expect(Self.vectors.count >= 200)
        #expect(Set(Self.vectors.map(\.id)).count == Self.vectors.count)
        #expect(Set(Self.vectors.map(\.level)) == ["frame", "envelope", "method"])
    }

    @Test(arguments: vectors) func vectorGivesItsReply(_ vector: ProtocolVector) throws {
        var conversation = Conversation()
        conversation.receive(vector.bytes)
        try check(vector, conversation.output, conversation.isClosed)
    }

    /// However the network cuts the bytes.
    @Test(arguments: vectors.filter { $0.bytes.count < 4_096 }) func vectorGivesItsReplyByteByByte(
        _ vector: ProtocolVector
    )
        throws
    {
        var conversation = Conversation()
        for byte in vector.bytes { conversation.receive([byte]) }
        try check(vector, conversation.output, conversation.isClosed)
    }

    private func check(_ vector: ProtocolVector, _ output: [UInt8], _ isClosed: Bool) throws {
        #expect(isClosed == vector.expect.closes)
        if let http = vector.expect.http {
            let text = String(decoding: output, as: UTF8.self)
            #expect(text.hasPrefix(http))
            return
        }
        let found = try payloads(output).map { try JSON.parse($0) }
        try #require(found.count == vector.replies.count)
        for text in vector.expect.replyText ?? [] { #expect(String(decoding: output, as: UTF8.self).contains(text)) }
        for (reply, expected) in zip(found, vector.replies) {
            if vector.server == true {
                #expect(reply["result"] != nil && reply["error"] == nil, "\(reply)")
            } else {
                #expect(reply.contains(expected), "\(reply) lacks something of \(expected)")
            }
            if let error = reply["error"] { #expect((error["message"]?.text?.count ?? 0) > 10) }
        }
    }
}
