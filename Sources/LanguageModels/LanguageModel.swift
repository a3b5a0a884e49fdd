internal import CommandLineInterface

/// A language model behind an address: any chat-completions endpoint, or Gemini's `generateContent`.
package struct LanguageModel: Sendable {
    package enum Form: Sendable, Equatable {
        case chatCompletions
        case generateContent
    }

    package struct Failure: Error, Equatable, CustomStringConvertible {
        package let reason: String
        package var description: String { reason }
    }

    package let url: String
    package let form: Form
    private let name: String
    private let key: String?
    private let timeoutSeconds: Int

    /// Longer answers are none to a question for a few paragraphs.
    private static let byteLimit = 1 << 20

    /// - Parameters:
    ///   - name: of the model, in the body of chat completions; Gemini's address has it.
    ///   - key: sent only over HTTPS, or to this machine.
    package init(url: String, name: String, key: String?, timeoutSeconds: Int) throws(Failure) {
        let lower = url.lowercased()
        let isPlain = lower.hasPrefix("http://")
        guard isPlain || lower.hasPrefix("https://"), url.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
            throw Failure(reason: "expected an address that begins with https:// or http://")
        }
        let rest = lower.drop { $0 != ":" }.dropFirst(3)
        let host = rest.prefix { !"/?#".contains($0) }
        guard !host.contains("@") else {
            throw Failure(reason: "expected an address without a name or a key in it: keys come from the environment")
        }
        let isHere = ["127.0.0.1", "localhost", "[::1]"].contains { host == $0 || host.hasPrefix($0 + ":") }
        guard !isPlain || isHere || key == nil else {
            throw Failure(reason: "the key would go over an open line: give an https:// address")
        }
        guard key?.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) ?? true else {
            throw Failure(reason: "the key has characters that no key has, such as a line break")
        }
        self.url = url
        form = rest.contains(":generatecontent") ? .generateContent : .chatCompletions
        self.name = name
        self.key = key
        self.timeoutSeconds = timeoutSeconds
    }

    /// The model's text.
    package func answer(instruction: String, question: String) throws(Failure) -> String {
        let response: WebPost.Response
        do throws(WebPost.Failure) {
            response = try WebPost(
                url: url, headers: headers, body: Array(body(instruction, question).compact.utf8),
                timeoutSeconds: timeoutSeconds, byteLimit: Self.byteLimit
            ).send()
        } catch {
            throw Failure(reason: error.reason)
        }
        guard response.status == 200 else { throw Failure(reason: "it answered with the status \(response.status)") }
        guard let text = text(response.body) else {
            throw Failure(reason: "its answer has no text where one should be")
        }
        return text
    }

    private var headers: [String] {
        // Without a wait for a go-ahead that some servers never send.
        var headers = ["Content-Type: application/json", "Expect:"]
        if let key {
            headers.append(form == .generateContent ? "x-goog-api-key: \(key)" : "Authorization: Bearer \(key)")
        }
        return headers
    }

    private func body(_ instruction: String, _ question: String) -> JSONText {
        switch form {
        case .chatCompletions:
            [
                "model": .string(name), "temperature": 0,
                "messages": [
                    ["role": "system", "content": .string(instruction)],
                    ["role": "user", "content": .string(question)],
                ],
            ]
        case .generateContent:
            [
                "systemInstruction": ["parts": [["text": .string(instruction)]]],
                "contents": [["role": "user", "parts": [["text": .string(question)]]]],
                "generationConfig": ["temperature": 0],
            ]
        }
    }

    private func text(_ body: [UInt8]) -> String? {
        form == .chatCompletions ? ModelAnswer.ofChat(body) : ModelAnswer.ofGemini(body)
    }
}
