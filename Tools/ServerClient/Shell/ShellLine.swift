import ServiceMethods

/// A line of `foretaste shell` that asks a server: a method, and its parameters as JSON or as `name=value`.
///
///     recommend.user userId=17850 count=5 fields=title,price
///     recommend.user {"userId":"17850","count":5}
///
/// A value is written as the method declares its parameter: a text without quotes, a list with commas. What begins with `{`, `[` or a
/// quotation mark is JSON as it stands. Spaces in a value stand between quotation marks, single or double, around all of it.
package struct ShellLine: Equatable, Sendable {
    package struct Mistake: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    package let method: String
    /// The text of an object; nil where the line names none.
    package let parameters: String?

    package init(_ line: String) throws(Mistake) {
        let text = line.drop { $0 == " " }
        let method = String(text.prefix { $0 != " " && $0 != "{" })
        self.method = method
        let rest = text.dropFirst(method.count).drop { $0 == " " }
        guard !rest.isEmpty, !rest.hasPrefix("{") else {
            parameters = rest.isEmpty ? nil : String(rest)
            return
        }
        let declared = MethodTable.all.first { "\($0.name)" == method }?.parameters ?? []
        var members: [String] = []
        for word in try Self.words(rest) {
            guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
                throw Mistake(
                    description: "'\(word)': expected name=value, or the parameters as one JSON object: \(method) {...}"
                )
            }
            let name = String(word[..<equals])
            let kind = declared.first { $0.name == name }?.kind
            let value = Self.json(String(word[word.index(after: equals)...]), kind)
            members.append(quoted(name) + ":" + value)
        }
        parameters = "{" + members.joined(separator: ",") + "}"
    }

    /// Split at spaces, apart from those between quotation marks or inside of JSON.
    static func words(_ text: some StringProtocol) throws(Mistake) -> [String] {
        var words: [String] = []
        var word = ""
        var quote: Character?
        var depth = 0
        var isEscaped = false
        // Quotation marks around a whole value are the shell's; others belong to JSON.
        var keepsQuotes = false
        for character in text {
            if isEscaped {
                word.append(character)
                isEscaped = false
            } else if let open = quote {
                if character == "\\", keepsQuotes { isEscaped = true }
                if character != open || keepsQuotes { word.append(character) }
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
                keepsQuotes = depth > 0 || !(word.isEmpty || word.hasSuffix("="))
                if keepsQuotes { word.append(character) }
            } else if character == " ", depth == 0 {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                if "{[".contains(character) { depth += 1 }
                if "}]".contains(character) { depth -= 1 }
                word.append(character)
            }
        }
        guard quote == nil, depth <= 0 else {
            throw Mistake(
                description: quote.map { "a quotation mark (\($0)) is not closed" }
                    ?? "a bracket is not closed; JSON stands on one line")
        }
        return word.isEmpty ? words : words + [word]
    }

    /// What is no value of its kind goes as a text: the server says what it expects.
    private static func json(_ text: String, _ kind: ParameterKind?) -> String {
        if text.hasPrefix("{") || text.hasPrefix("[") { return text }
        switch kind {
        case .integer, .number: return Double(text) == nil ? quoted(text) : text
        case .boolean: return text == "true" || text == "false" ? text : quoted(text)
        case .list(let element, _): return list(text, of: element)
        case .vector: return list(text, of: .number(-Double.infinity...Double.infinity))
        case .either(_, .list(let element, _)) where text.contains(","): return list(text, of: element)
        case .either(let first, _): return json(text, first)
        case .requestId: return Int(text) == nil ? quoted(text) : text
        case .string, .name, .choice, .time, .expression, .requests, .object, .anyObject: return quoted(text)
        case nil: return ["true", "false", "null"].contains(text) || Double(text) != nil ? text : quoted(text)
        }
    }

    private static func list(_ text: String, of element: ParameterKind) -> String {
        "[" + text.split(separator: ",").map { json(String($0), element) }.joined(separator: ",") + "]"
    }
}
