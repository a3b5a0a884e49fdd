import CommandLineInterface
import TestSupport
import Testing

/// What is made of a program's declarations beside its help: the manual page, and what a shell offers.
@Suite struct ManualTests {
    private static let program = Program(
        name: "fore-taste", version: "1.2.3", summary: "Builds and asks.",
        commands: [
            SampleProgram.build,
            Command(
                name: "segment rfm", summary: "Segments by value.",
                discussion: "'net' and \\ are words.\n\n.dots begin a paragraph.",
                options: [
                    .value("items", "FILE", help: "It's the catalogue."), .flag("quiet", short: "q", help: "No."),
                ],
                examples: [.init("fore-taste segment rfm", "All.")]),
            Command(name: "segment visits", summary: "Segments of visits."),
        ], manualSection: 8)

    private func shown(_ words: String...) throws -> String {
        guard case .show(let text) = try Self.program.parse(words) else { throw TestSupportError("it ran") }
        return text
    }

    @Test func theManualHasEveryCommandAndOption() throws {
        let text = try shown("--manual")
        for command in Self.program.commands {
            #expect(text.contains("\n.SS \(command.name)\n"))
            for option in command.options { #expect(text.contains("\\-\\-\(option.name.replacing("-", with: "\\-"))")) }
        }
        #expect(
            text.contains(".TH FORE-TASTE 8 \"\" \"fore\\-taste 1.2.3\"\n.SH NAME\nfore\\-taste \\- Builds and asks\n"))
        // Only instructions begin with a dot; nothing begins with a quotation mark.
        let macros: Set = [".TH", ".SH", ".SS", ".B", ".I", ".PP", ".TP", ".\\\""]
        for line in text.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
            #expect(macros.contains(String(line.split(separator: " ")[0])), "\(line)")
        }
        #expect(
            text.contains("\n\\&.dots begin a paragraph.\n") && text.contains("\n\\(aqnet\\(aq and \\e are words.\n"))
    }

    /// What bash offers at the end of the words, of which the last is being typed.
    private func offered(_ words: String...) throws -> [String] {
        let list = words.map { "'\($0)'" }.joined(separator: " ")
        let script =
            try shown("--completion", "bash")
            + "COMP_WORDS=(\(list)); COMP_CWORD=\(words.count - 1); _fore_taste; printf '%s\\n' \"${COMPREPLY[@]}\""
        let outcome = try Subprocess.run(path: "/usr/bin/env", ["bash", "-euc", script])
        #expect(outcome.exitCode == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        return outcome.output.split(separator: "\n").map(String.init)
    }

    @Test func bashOffersCommandsAndTheirOptions() throws {
        #expect(try offered("fore-taste", "") == ["build", "segment"])
        #expect(try offered("fore-taste", "b") == ["build"])
        #expect(try offered("fore-taste", "segment", "") == ["rfm", "visits"])
        #expect(try offered("fore-taste", "segment", "rfm", "--") == ["--items", "--quiet", "--help"])
        #expect(try offered("fore-taste", "segment", "rfm", "-q", "--it") == ["--items"])
        #expect(try offered("fore-taste", "build", "--s") == ["--split", "--shrinkage"])
        // A value is a file, as an argument is.
        #expect(try offered("fore-taste", "segment", "rfm", "--items", "/dev/nul") == ["/dev/null"])
        #expect(try offered("fore-taste", "build", "/dev/nul") == ["/dev/null"])
    }

    @Test func bashOffersOptionsOfAProgramWithoutCommands() throws {
        let program = Program(
            version: "1", command: Command(name: "one", summary: "One.", options: [.value("index", "DIR", help: "It.")])
        )
        guard case .show(let functions) = try program.parse(["--completion", "bash"]) else { return }
        let script = functions + "COMP_WORDS=(one --i); COMP_CWORD=1; _one; printf '%s\\n' \"${COMPREPLY[@]}\""
        let outcome = try Subprocess.run(path: "/usr/bin/env", ["bash", "-euc", script])
        #expect(outcome.output == "--index\n" && outcome.errors.isEmpty, "\(outcome.errors)")
    }

    @Test func otherShellsHaveAllToo() throws {
        let fish = try shown("--completion", "fish")
        #expect(fish.contains("-l items -r -d 'It'\\''s the catalogue.'") && fish.contains("-l quiet -s q -d 'No.'"))
        #expect(fish.contains("-a rfm -d 'Segments by value.'"))
        #expect(try shown("--completion", "zsh").hasPrefix("#compdef fore-taste\n"))
        for words in [["--completion"], ["--completion", "tcsh"]] {
            let error = #expect(throws: UsageError.self) { try Self.program.parse(words) }
            #expect(error.map { "\($0)" }?.contains("bash, zsh and fish") == true)
        }
    }
}
