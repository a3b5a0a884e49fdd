#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The text in a model's answer; nil where there is none.
enum ModelAnswer {
    private struct Chat: Decodable {
        struct Choice: Decodable {
            struct Message: Decodable {
                let content: String
            }
            let message: Message
        }
        let choices: [Choice]
    }

    private struct Gemini: Decodable {
        struct Candidate: Decodable {
            struct Content: Decodable {
                struct Part: Decodable {
                    let text: String
                }
                let parts: [Part]
            }
            let content: Content
        }
        let candidates: [Candidate]
    }

    static func ofChat(_ body: [UInt8]) -> String? { decoded(Chat.self, body)?.choices.first?.message.content }

    static func ofGemini(_ body: [UInt8]) -> String? {
        decoded(Gemini.self, body)?.candidates.first.map { $0.content.parts.map(\.text).joined() }
    }

    private static func decoded<Value: Decodable>(_ type: Value.Type, _ body: [UInt8]) -> Value? {
        // Whatever it is that cannot be read, there is no text in it.
        let outcome = Result { try JSONDecoder().decode(type, from: Data(body)) }
        guard case .success(let value) = outcome else { return nil }
        return value
    }
}
