import Testing

@testable import Embeddings

@Suite struct WordPieceTokenizerTests {
    func pieces(_ text: String, maximum: Int = 16) throws -> [String] {
        let tokenizer = try WordPieceTokenizer(vocabulary: TinyModel.vocabulary, maximumPieceCount: maximum)
        let numbers = tokenizer.pieces(of: text)
        #expect(numbers.first == 1 && numbers.last == 2)
        return numbers.dropFirst().dropLast().map { TinyModel.vocabulary[Int($0)] }
    }

    @Test(arguments: [
        ("Café  CAFE\u{301}", ["cafe", "cafe"]), ("unaffable", ["un", "##aff", "##able"]),
        // The longest prefix wins, even where its rest then has no piece: the word is unknown as a whole.
        ("ab cde cdz", ["a", "##b", "cd", "##e", "[UNK]"]), ("a!b-a", ["a", "!", "b", "-", "a"]),
        ("a京b", ["a", "京", "b"]), ("", []), (" \t\r\n\u{A0}\u{3000}", []), ("a\u{200B}\u{0}\u{FFFD}b", ["a", "##b"]),
        ("한", ["[UNK]"]), ("?", ["[UNK]"]), ("[SEP]", ["[UNK]", "[UNK]", "[UNK]"]), ("aff", ["aff"]),
        ("a\u{0B}b", ["a", "##b"]),
    ]) func smallVocabulary(_ text: String, _ expected: [String]) throws {
        #expect(try pieces(text) == expected)
    }

    @Test func aWordOf100ScalarsIsCutAndOneOf101IsUnknown() throws {
        #expect(try pieces("a" + String(repeating: "b", count: 99), maximum: 256).count == 100)
        #expect(try pieces("a" + String(repeating: "b", count: 100), maximum: 256) == ["[UNK]"])
    }

    @Test func longTextsAreCutBeforeTheLastMark() throws {
        #expect(try pieces("a ab a", maximum: 4) == ["a", "a"])
        #expect(try pieces("unaffable a", maximum: 4) == ["un", "##aff"])
        #expect(try pieces("a", maximum: 2) == [])
    }

    @Test(arguments: [
        ("ÀÇÿ Straße İI", ["acy", "straße", "ii"]), ("don't", ["don", "'", "t"]),
        ("«¿que?»", ["«", "¿", "que", "?", "»"]),
        ("한국", ["\u{1112}\u{1161}\u{11AB}\u{1100}\u{116E}\u{11A8}"]), ("東京タワー", ["東", "京", "タワー"]),
        ("Ё й", ["е", "и"]), ("\u{F900}x", ["\u{8C48}", "x"]), ("$9.99", ["$", "9", ".", "99"]), ("½ ﬁ", ["½", "ﬁ"]),
    ]) func wordsAsOfTheReference(_ text: String, _ expected: [String]) {
        let words = BertWords.words(of: text)
        // By scalars: two spellings of an accent are equal as strings.
        #expect(words.map { Array($0.unicodeScalars) } == expected.map { Array($0.unicodeScalars) })
    }

    @Test func aVocabularyWithoutMarksIsRefused() throws {
        let error = #expect(throws: ModelFileError.self) {
            try WordPieceTokenizer(vocabulary: ["a", "[UNK]"], maximumPieceCount: 8)
        }
        #expect(error?.code == .badVocabulary && error?.expected == "the piece [CLS]")
    }
}
