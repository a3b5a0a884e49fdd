import ServiceMethods
import TestSupport
import Testing
import WireProtocol

/// Every vector of Protocol/Vectors, on a connection of its own, against what answers frames and against a running server.
@Suite struct VectorConformanceTests {
    /// Sent behind a vector: its answer says that the server left the connection open and had nothing more to say.
    private static let probe = #"{"id":"probe","method":"ping"}"#

    static let vectors: [ProtocolVector] = {
        do {
            return try ProtocolVector.readAll(
                protocolVersion: ProtocolLimits.protocolVersion, folder: PackageRoot.path("Protocol/Vectors"))
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

    /// Each method has a vector, whether it is answered or refused: another method comes with its own.
    @Test func everyMethodHasAVector() throws {
        let asked = Set(Self.vectors.compactMap(Self.method))
        #expect(MethodTable.names.all.filter { !asked.contains($0) } == [])
    }

    /// Those that some vector has a result of.
    static let answeredMethods = Set(vectors.filter { $0.replies.contains { $0["result"] != nil } }.compactMap(method))

    private static func method(_ vector: ProtocolVector) -> String? {
        guard let text = vector.text, let request = try? JSON.parse(text.utf8) else { return nil }
        return request["method"]?.text
    }

    @Test(arguments: Transport.allCases) func everyVectorGivesItsReply(_ transport: Transport) throws {
        for vector in Self.vectors { try check(vector, on: try transport.connect()) }
        let log = try ConformanceShop.shared.get().server.log
        #expect(!log.contains("Z error "), "\(log)")
    }

    /// However the network cuts the bytes. A socket is slow to cut so fine.
    @Test(arguments: [(Transport.inProcess, 4_096), (.socket, 100)])
    func smallVectorsGiveTheirReplyByteByByte(_ transport: Transport, _ limit: Int) throws {
        for vector in Self.vectors where vector.bytes.count < limit {
            try check(vector, on: try transport.connect()) { client in
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
        _ vector: ProtocolVector, on client: any TestConnection,
        sending: ((any TestConnection) throws -> Void)? = nil
    ) throws {
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
            if let error = reply["error"] { #expect((error["message"]?.text?.count ?? 0) > 10, "\(vector)") }
            try checkSchemas(vector, reply)
        }
    }

    private func checkSchemas(_ vector: ProtocolVector, _ reply: JSON) throws {
        let findings = try JSONSchema(file: "reply").findings(in: reply)
        #expect(findings.isEmpty, "\(vector): \(findings)")
        guard let result = reply["result"], let text = vector.text else { return }
        let request = try JSON.parse(Array(text.utf8)).withoutNulls
        let method = try #require(request["method"]?.text)
        let schema = JSONSchema.ofResult(method)
        let wrong = [
            try JSONSchema(file: "request").findings(in: request),
            try JSONSchema(file: "\(method).params").findings(in: request["params"] ?? .object([:])),
            try JSONSchema(file: schema).findings(in: result),
        ]
        #expect(wrong == [[], [], []], "\(vector): \(wrong)")
    }
}
