import Embeddings
import Testing

@Suite struct TextTokenizerTests {
    @Test(
        arguments: [
            ("", []),
            ("  ,.! ", []),
            ("Toy Story (1995)", ["toy", "story", "1995"]),
            ("don't", ["don", "t"]),
            ("Café CAFÉ cafe\u{301} cafe", ["cafe", "cafe", "cafe", "cafe"]),
            ("Straße Łódź Ærø œuvre İstanbul", ["strasse", "lodz", "aero", "oeuvre", "istanbul"]),
            ("WI-FI 6E 802.11ax", ["wi", "fi", "6e", "802", "11ax"]),
            ("Привет МИР", ["привет", "мир"]),
            ("日本語テスト abc", ["日", "本", "語", "テ", "ス", "ト", "abc"]),
            ("a😀b_c\u{0}d", ["a", "b", "c", "d"]),
            ("٣ घर", ["٣", "घर"]),
        ] as [(String, [String])])
    func words(text: String, expected: [String]) {
        #expect(TextTokenizer.words(of: text) == expected)
    }

    @Test func endlessWordsAreCut() {
        let words = TextTokenizer.words(of: String(repeating: "x", count: 10_000) + " y")
        #expect(words == [String(repeating: "x", count: 64), "y"])
    }
}
