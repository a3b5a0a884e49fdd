import Foundation

/// One of Protocol/Vectors: bytes for a new connection and what must come back. Protocol/README.md explains the members.
package struct ProtocolVector: Decodable, Sendable, CustomStringConvertible {
    package let id: String
    package let level: String
    /// Whether the result depends on an index, so that only a server can give it.
    package let server: Bool?
    package let input: Input
    package let expect: Expectation

    package struct Input: Decodable, Sendable {
        package let hex: String?
        package let payload: String?
        package let pieces: [Piece]?
        package let frames: [String]?
    }

    package struct Piece: Decodable, Sendable {
        package let text: String
        package let times: Int?
    }

    package struct Expectation: Decodable, Sendable {
        package let reply: JSON?
        package let replies: [JSON]?
        package let replyText: [String]?
        package let http: String?
        package let closes: Bool
    }

    private struct File: Decodable {
        let protocolVersion: Int
        let vectors: [ProtocolVector]
    }

    package var description: String { id }

    package var bytes: [UInt8] {
        if let hex = input.hex {
            let digits = hex.utf8.map { $0 <= 57 ? $0 - 48 : $0 - 87 }
            return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
        }
        if let frames = input.frames { return frames.flatMap { framed($0) } }
        return framed(text ?? "")
    }

    /// What the frame holds, where the vector is one frame of text.
    package var text: String? {
        guard input.hex == nil, input.frames == nil else { return nil }
        let pieces = input.pieces ?? [Piece(text: input.payload ?? "", times: 1)]
        return pieces.map { String(repeating: $0.text, count: $0.times ?? 1) }.joined()
    }

    package var replies: [JSON] { expect.replies ?? (expect.reply.map { [$0] } ?? []) }

    /// Those of the files for servers that are of this version.
    /// - Parameter folder: `Protocol/Vectors`.
    package static func readAll(protocolVersion: Int, folder: String) throws -> [ProtocolVector] {
        try ["frames", "envelope", "methods"].flatMap { name in
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).json"))
            let file = try JSONDecoder().decode(File.self, from: data)
            return file.protocolVersion == protocolVersion ? file.vectors : []
        }
    }

    /// What a server's output lacks; nil where it is as it must be.
    /// - Parameter output: all that came, frames with their lengths.
    package func difference(of output: [UInt8]) -> String? {
        let text = String(decoding: output, as: UTF8.self)
        if let http = expect.http { return text.hasPrefix(http) ? nil : "not answered as HTTP" }
        if let missing = expect.replyText?.first(where: { !text.contains($0) }) {
            return "the text \(missing) is missing"
        }
        let frames = payloads(output)
        guard frames.count == replies.count else { return "\(frames.count) replies instead of \(replies.count)" }
        for (frame, expected) in zip(frames, replies) {
            // Why it is none does not matter.
            guard let reply = try? JSON.parse(frame) else { return "a reply is no JSON" }
            guard reply.contains(expected) else {
                return "the reply \(String(decoding: frame.prefix(500), as: UTF8.self)) lacks something"
            }
        }
        return nil
    }
}
