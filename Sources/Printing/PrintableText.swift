// What is not ours (titles, ids, file names, labels, what a server says) may hold characters that make a terminal or an editor
// do or show something else: escape sequences, marks that turn the direction of what follows, ends of lines that look like
// a new message. They are written as JSON writes them, `\u001b`, so that text stays readable and JSON stays JSON of the same
// value.

/// Text as it may be shown: the one place that decides what is written as it is.
package enum PrintableText {
    /// Control characters (Unicode's category Cc, DEL and U+0080 to U+009F among them), separators of lines and paragraphs, and
    /// the marks of Unicode's bidirectional algorithm that "Trojan Source" (Boucher, Anderson 2021) names.
    package static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F: true
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// A text of several lines: line feeds and tabs are its own, all else that is unsafe is written in digits.
    package static func lines(_ text: String) -> String { escaped(text) { $0 == "\n" || $0 == "\t" } }

    /// A part of a line: line feeds and tabs are written in digits too.
    package static func part(_ text: String) -> String { escaped(text) { _ in false } }

    /// `\u001b`.
    package static func digits(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    private static func escaped(_ text: String, except isAllowed: (Unicode.Scalar) -> Bool) -> String {
        func needsDigits(_ scalar: Unicode.Scalar) -> Bool { isUnsafe(scalar) && !isAllowed(scalar) }
        // Most text has nothing to escape and is not copied.
        guard text.unicodeScalars.contains(where: needsDigits) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if needsDigits(scalar) { result += digits(of: scalar) } else { result.unicodeScalars.append(scalar) }
        }
        return result
    }
}
