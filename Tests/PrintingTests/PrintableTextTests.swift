import Foundation
import Printing
import Testing

@Suite struct PrintableTextTests {
    /// A terminal's escapes, a title of a window, C1's own CSI, marks that turn the direction, and ends of lines.
    static let unsafe = [
        "\u{1B}[31m", "\u{1B}]0;owned\u{7}", "\u{9B}31m", "\u{202E}txt.exe", "\u{2066}a\u{2069}", "\u{200F}", "\u{61C}",
        "\u{2028}", "\r", "\u{0}", "\u{8}", "\u{7F}", "\u{85}",
    ]

    @Test(arguments: unsafe) func isWrittenInDigits(text: String) throws {
        for shown in [PrintableText.lines("a\(text)b"), PrintableText.part("a\(text)b")] {
            #expect(!shown.unicodeScalars.contains { PrintableText.isUnsafe($0) })
            #expect(shown.contains("\\u"))
            // Inside a JSON string it is the same value.
            let value = try JSONDecoder().decode(String.self, from: Data("\"\(shown)\"".utf8))
            #expect(value == "a\(text)b")
        }
    }

    @Test func whatIsHarmlessStays() {
        for text in ["", "plain", "Ünïcödé", "北京", "👩‍👩‍👧", "עברית", "می‌خواهم", "a\u{FE0F}"] {
            #expect(PrintableText.lines(text) == text && PrintableText.part(text) == text)
        }
        #expect(PrintableText.lines("a\n\tb\n") == "a\n\tb\n")
        #expect(PrintableText.part("a\n\tb") == "a\\u000a\\u0009b")
    }
}
