import TestSupport
import Testing
import WireProtocol

/// Every vector of Protocol/Vectors against a real server, over a real socket, on a connection of its own.
@Suite struct VectorConformanceTests {
    /// Sent behind a vector: its answer says that the server left the connection open and had nothing more to say.
    private static let probe = #"{"id":"probe","method":"ping"}"#

    @Test func everyVectorGivesItsReply() throws {
        let shop = try BuiltShop()
        let server = try shop.serve()
        let vectors = try ProtocolVector.readAll(protocolVersion: ProtocolLimits.protocolVersion)
        #expect(vectors.count >= 200)
        for vector in vectors { try check(vector, port: server.port) }
        let log = try server.stop().output
        #expect(!log.contains("Z error "), "\(log)")
    }

    /// One server, one byte in each segment: however the network cuts the bytes.
    @Test func smallVectorsGiveTheirReplyByteByByte() throws {
        let shop = try BuiltShop()
        let server = try shop.serve()
        let vectors = try ProtocolVector.readAll(protocolVersion: ProtocolLimits.protocolVersion)
        for vector in vectors where vector.bytes.count < 100 {
            try check(vector, port: server.port) { client in
                for byte in vector.bytes {
                    do {
                        try client.send([byte])
                    } catch  where vector.expect.closes || vector.expect.http != nil {
                        return  // The server refused before the last byte, as it should.
                    }
                }
            }
        }
    }

    private func check(
        _ vector: ProtocolVector, port: UInt16, sending: ((TestClient) throws -> Void)? = nil
    ) throws {
        let client = try TestClient(port: port)
        if let sending { try sending(client) } else { try client.send(vector.bytes) }
        if vector.expect.closes {
            client.finishSending()
            try checkReplies(vector, try client.receiveUntilClose())
            return
        }
        var output: [UInt8] = []
        for _ in vector.replies { output += framed(try client.receiveFrame()) }
        try checkReplies(vector, output)
        // A vector without a reply is the beginning of a frame: a probe would be taken for its rest.
        guard !vector.replies.isEmpty else { return }
        let answer = try client.ask(Self.probe)
        #expect(answer["id"]?.text == "probe", "\(vector): the connection did not stay open and silent: \(answer)")
    }

    private func checkReplies(_ vector: ProtocolVector, _ output: [UInt8]) throws {
        if let http = vector.expect.http {
            #expect(String(decoding: output, as: UTF8.self).hasPrefix(http), "\(vector)")
            return
        }
        let replies = try payloads(output).map { try JSON.parse($0) }
        guard replies.count == vector.replies.count else {
            Issue.record("\(vector): \(replies.count) replies instead of \(vector.replies.count): \(replies)")
            return
        }
        for text in vector.expect.replyText ?? [] {
            #expect(String(decoding: output, as: UTF8.self).contains(text), "\(vector)")
        }
        for (reply, expected) in zip(replies, vector.replies) {
            #expect(reply.contains(expected), "\(vector): \(reply) lacks something of \(expected)")
            try checkSchemas(vector, reply)
        }
    }

    private func checkSchemas(_ vector: ProtocolVector, _ reply: JSON) throws {
        let findings = try JSONSchema(file: "reply").findings(in: reply)
        #expect(findings.isEmpty, "\(vector): \(findings)")
        guard let result = reply["result"], let text = vector.text else { return }
        let request = try JSON.parse(Array(text.utf8)).withoutNulls
        let method = try #require(request["method"]?.text)
        let schema = method.hasPrefix("recommend.") ? "recommend" : method
        let wrong = [
            try JSONSchema(file: "request").findings(in: request),
            try JSONSchema(file: "\(method).params").findings(in: request["params"] ?? .object([:])),
            try JSONSchema(file: "\(schema).result").findings(in: result),
        ]
        #expect(wrong == [[], [], []], "\(vector): \(wrong)")
    }
}
