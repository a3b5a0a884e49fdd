/// A file of options as it is written: one `name = value` a line, a flag as its name alone, `#` for comments.
///
///     # where clients reach it
///     listen = 127.0.0.1:7411
///     insecure
package struct OptionLines: Sendable {
    package struct Line: Sendable, Equatable {
        package let name: String
        /// Nil where the name stands alone.
        package let value: String?
        /// From 1.
        package let number: Int
    }

    package let lines: [Line]

    package init(_ text: String) {
        var lines: [Line] = []
        for (place, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = Self.trimmed(line)
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            let value = line.firstIndex(of: "=").map { Self.trimmed(line[line.index(after: $0)...]) }
            lines.append(
                Line(
                    name: String(Self.trimmed(line.prefix { $0 != "=" })), value: value.map { String($0) },
                    number: place + 1))
        }
        self.lines = lines
    }

    private static func trimmed(_ text: some StringProtocol) -> Substring {
        var text = Substring(text)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
