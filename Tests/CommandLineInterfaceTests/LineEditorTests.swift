import Testing

@testable import CommandLineInterface

@Suite struct LineEditorTests {
    private func none(_: String) -> LineEditor.Completion { .init(replacing: 0, by: []) }

    private func typed(_ keys: String, _ editor: inout LineEditor) -> LineEditor.Outcome {
        var outcome = LineEditor.Outcome.editing
        for byte in keys.utf8 { outcome = editor.take(byte, complete: none) }
        return outcome
    }

    private func line(_ keys: String, history: [String] = []) -> String? {
        var editor = LineEditor(history: history)
        guard case .entered(let line) = typed(keys + "\r", &editor) else { return nil }
        return line
    }

    @Test func keysMoveAndChange() {
        #expect(line("abc") == "abc")
        #expect(line("abc\u{1B}[D\u{1B}[DX") == "aXbc")
        #expect(line("abc\u{01}X\u{05}Y") == "XabcY")
        #expect(line("abc\u{1B}[H\u{1B}[3~") == "bc")
        #expect(line("abc\u{1B}OD\u{7F}") == "ac")
        #expect(line("one two  \u{17}X") == "one X")
        #expect(line("one two\u{02}\u{02}\u{02}\u{0B}X") == "one X")
        #expect(line("one two\u{02}\u{02}\u{02}\u{15}") == "two")
        #expect(line("ab\u{04}\u{02}\u{04}") == "a")
        // At an end nothing happens, and keys that mean nothing do nothing.
        #expect(line("\u{7F}\u{1B}[D\u{1B}[C\u{1B}[1;5Cx\u{1B}x\u{1B}[24~\u{00}\u{1F}y") == "xy")
    }

    @Test func charactersOfSeveralBytesAreOne() {
        #expect(line("aé☃😀\u{7F}\u{7F}b") == "aéb")
        #expect(line("e\u{301}\u{7F}x") == "x")
        // What is no UTF-8 is dropped, and what follows is taken.
        var editor = LineEditor()
        for byte in [0xFF, 0xFF, 0xFF, 0xFF, 0x61] as [UInt8] { _ = editor.take(byte, complete: none) }
        #expect(editor.text == "a")
    }

    @Test func earlierLinesComeBack() {
        let history = ["first", "second"]
        #expect(line("\u{1B}[A", history: history) == "second")
        #expect(line("\u{1B}[A\u{10}", history: history) == "first")
        #expect(line("\u{1B}[A\u{1B}[A\u{1B}[A", history: history) == "first")
        #expect(line("new\u{1B}[A\u{1B}[B!", history: history) == "new!")
        #expect(line("\u{1B}[B", history: history) == "")
        var editor = LineEditor(history: [], historyLimit: 2)
        for line in ["a", "a", "b", "", "c"] { editor.remember(line) }
        #expect(editor.history == ["b", "c"])
    }

    @Test func controlEndsAndGivesUp() {
        var editor = LineEditor()
        #expect(typed("abc\u{03}", &editor) == .abandoned)
        #expect(editor.text.isEmpty)
        #expect(typed("\u{04}", &editor) == .ended)
        #expect(typed("\u{0C}", &editor) == .clearsScreen)
        #expect(typed("x\n", &editor) == .entered("x"))
    }

    @Test func tabCompletesAsFarAsItIsClear() {
        var editor = LineEditor()
        func tab(_ words: [String]) -> LineEditor.Outcome {
            editor.take(0x09) { before in
                let last = before.split(separator: " ", omittingEmptySubsequences: false).last ?? ""
                return .init(replacing: last.count, by: words.filter { $0.hasPrefix(last) })
            }
        }
        let words = ["recommend.user", "recommend.item", "ping"]
        _ = typed("r", &editor)
        #expect(tab(words) == .editing && editor.text == "recommend.")
        #expect(tab(words) == .choices(["recommend.user", "recommend.item"]))
        _ = typed("u", &editor)
        #expect(tab(words) == .editing && editor.text == "recommend.user")
        _ = typed(" x", &editor)
        #expect(tab(words) == .editing && editor.text == "recommend.user x")
    }

    @Test func aLongLineScrollsUnderItsCursor() {
        var editor = LineEditor()
        _ = typed(String(repeating: "a", count: 30) + "z", &editor)
        #expect(
            editor.screen(prompt: "> ", columnCount: 20) == "\r> " + String(repeating: "a", count: 16) + "z\u{1B}[K")
        _ = typed("\u{01}", &editor)
        #expect(
            editor.screen(prompt: "> ", columnCount: 20)
                == "\r> " + String(repeating: "a", count: 17) + "\u{1B}[K\u{1B}[17D")
        #expect(LineEditor().screen(prompt: "> ", columnCount: 0) == "\r> \u{1B}[K")
    }
}
