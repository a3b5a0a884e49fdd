import CommandLineInterface
import Testing

/// Nothing that comes from others makes the terminal do anything.
@Suite struct TerminalTests {
    @Test func whatIsWrittenIsShown() {
        let capture = TextCapture()
        capture.terminal.write("title \u{1B}]0;x\u{7}\u{202E}gpj.exe\u{9B}2J\r\n\tnext\n")
        #expect(capture.text == "title \\u001b]0;x\\u0007\\u202egpj.exe\\u009b2J\\u000d\n\tnext\n")
    }

    @Test func cellsOfATable() {
        var table = TextTable([.left("title"), .right("n")])
        table.add(["a\u{1B}[1mb\nc", "1"])
        #expect(table.text == "title          n\n-------------  -\na\\u001b[1mb c  1\n")
    }

    @Test func stagesOfABar() {
        var written = ""
        let bar = ProgressBar(style: .lines, seconds: { 0 }, write: { written += $0 })
        bar.begin("read a\u{1B}[2Jb\nforged", unit: "rows")
        bar.say("said \u{9B}")
        bar.end("note \u{202E}")
        #expect(!written.contains("\u{1B}") && !written.contains("\u{9B}") && !written.contains("\u{202E}"))
        #expect(written.split(separator: "\n").count == 2, "\(written)")
    }

    /// Of a usage error, whose text has the wrong argument in it.
    @Test func errors() {
        let (output, errors) = (TextCapture(), TextCapture())
        _ = SampleProgram.program.run(["\u{1B}[31mx"], to: output.terminal, errors: errors.terminal) { _ in }
        #expect(!errors.text.contains("\u{1B}") && errors.text.contains("\\u001b[31mx"))
    }
}
