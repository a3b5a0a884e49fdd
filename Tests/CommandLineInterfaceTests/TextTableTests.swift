import CommandLineInterface
import Testing

@Suite struct TextTableTests {
    @Test func alignsColumns() {
        var table = TextTable([.left("Model"), .right("NDCG@10"), .left("Note", columnLimit: 8)])
        table.add(["hybrid", "0.1730", ""])
        table.add(["popularity alone", "-0.1", "a note that is too long"])
        #expect(
            table.text == """
                Model             NDCG@10  Note
                ----------------  -------  --------
                hybrid             0.1730
                popularity alone     -0.1  a note …

                """)
    }

    @Test func countsColumnsOfTheScreenNotCharacters() {
        var table = TextTable([.left("Title", columnLimit: 6), .right("N")])
        for title in ["日本語", "日本語版", "e\u{301}te\u{301}", "👩‍👩‍👧x", "a\nb\tc"] { table.add([title, "1"]) }
        #expect(
            table.text == """
                Title   N
                ------  -
                日本語  1
                日本…   1
                e\u{301}te\u{301}     1
                👩‍👩‍👧x     1
                a b c   1

                """)
    }

    @Test func withoutRowsThereAreHeadings() {
        #expect(TextTable([.left("A"), .right("B")]).text == "A  B\n-  -\n")
    }

    @Test(arguments: [
        ("", 0), ("abc", 3), ("naïve", 5), ("日本", 4), ("e\u{301}", 1), ("🎉", 2), ("❤️", 2), ("Ａ", 2), ("\u{200B}", 0),
        ("한국", 4),
    ])
    func widths(text: String, columns: Int) {
        #expect(DisplayWidth.columns(of: text) == columns)
    }

    @Test func cutting() {
        #expect(DisplayWidth.cut("abcdef", toColumns: 6) == "abcdef")
        #expect(DisplayWidth.cut("abcdef", toColumns: 5) == "abcd…")
        #expect(DisplayWidth.cut("日本語", toColumns: 4) == "日…")
        #expect(DisplayWidth.cut("abc", toColumns: 1) == "…")
        #expect(DisplayWidth.cut("abc", toColumns: 0) == "")
    }
}
