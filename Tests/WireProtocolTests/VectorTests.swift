import Foundation
import TestSupport
import Testing

@testable import WireProtocol

/// The vectors of Protocol/Vectors, run against the decoders without a socket. What only a server can answer
/// (`"server": true`) is checked to be accepted here.
@Suite struct VectorTests {
    struct Vector: Decodable, CustomTestStringConvertible {
        var id: String
        var level: String
        var server: Bool?
        var input: Input
        var expect: Expectation

        struct Input: Decodable {
            var hex: String?
            var payload: String?
            var pieces: [Piece]?
        }

        struct Piece: Decodable {
            var text: String
            var times: Int?
        }

        struct Expectation: Decodable {
            var reply: JSON?
            var replies: [JSON]?
            var replyText: [String]?
            var http: String?
            var closes: Bool
        }

        var testDescription: String { id }

        var bytes: [UInt8] {
            if let hex = input.hex {
                let digits = hex.utf8.map { $0 <= 57 ? $0 - 48 : $0 - 87 }
                return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
            }
            let pieces = input.pieces ?? [Piece(text: input.payload ?? "")]
            return framed(pieces.map { String(repeating: $0.text, count: $0.times ?? 1) }.joined())
        }

        var replies: [JSON] { expect.replies ?? (expect.reply.map { [$0] } ?? []) }
    }

    private struct File: Decodable {
        var protocolVersion: Int
        var vectors: [Vector]
    }

    static let vectors: [Vector] = {
        let folder = URL(filePath: PackageRoot.path("Protocol/Vectors"))
        do {
            return try ["frames", "envelope", "methods"].flatMap { name in
                let file = try JSONDecoder().decode(
                    File.self, from: Data(contentsOf: folder.appending(path: name + ".json")))
                return file.protocolVersion == ProtocolLimits.protocolVersion ? file.vectors : []
            }
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

    @Test(arguments: vectors) func vectorGivesItsReply(_ vector: Vector) throws {
        var conversation = Conversation()
        conversation.receive(vector.bytes)
        try check(vector, conversation.output, conversation.isClosed)
    }

    /// However the network cuts the bytes.
    @Test(arguments: vectors.filter { $0.bytes.count < 4_096 }) func vectorGivesItsReplyByteByByte(_ vector: Vector)
        throws
    {
        var conversation = Conversation()
        for byte in vector.bytes { conversation.receive([byte]) }
        try check(vector, conversation.output, conversation.isClosed)
    }

    private func check(_ vector: Vector, _ output: [UInt8], _ isClosed: Bool) throws {
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
