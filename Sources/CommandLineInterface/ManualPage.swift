/// The manual page of a program in troff's man macros (man 7 groff_man), made of the same declarations as `--help`.
enum ManualPage {
    static func text(for program: Program) -> String {
        var lines = [
            ".\\\" Made by '\(program.name) --manual'.",
            ".TH \(program.name.uppercased()) \(program.manualSection) \"\" \"\(escaped(program.name)) \(program.version)\"",
            ".SH NAME",
            "\(escaped(program.name)) \\- \(escaped(sentence(program.summary)))",
            ".SH SYNOPSIS",
        ]
        if let single = program.single {
            lines += [".B \(escaped(HelpText.usage(of: single, operation: program.name)))"]
            lines += section("DESCRIPTION", paragraphs(single))
            lines += section("OPTIONS", options(of: single) + tagged("--version", "Show the version."))
            lines += section("EXAMPLES", examples(of: single))
        } else {
            lines += [".B \(escaped(program.name))", ".I COMMAND", "[options]"]
            lines += section("DESCRIPTION", [text(program.summary)])
            lines += section("COMMANDS", program.commands.flatMap { self.command($0, of: program) })
            lines += section("OPTIONS", tagged("--help", "Show what there is; after a command, its options."))
            lines += tagged("--version", "Show the version.")
        }
        lines += section("EXIT STATUS", exitCodes)
        return lines.joined(separator: "\n") + "\n"
    }

    private static let exitCodes =
        tagged("0", "What was asked for is done.") + tagged("1", "The run failed; standard error says why.")
        + tagged("2", "The command line was wrong, and nothing was run.")
        + tagged("3", "The run would have done harm, and was stopped before it.")

    private static func command(_ command: Command, of program: Program) -> [String] {
        let usage = HelpText.usage(of: command, operation: "\(program.name) \(command.name)")
        return [".SS \(escaped(command.name))", ".B \(escaped(usage))", ".PP"] + paragraphs(command)
            + command.arguments.flatMap { tagged($0.name, $0.help) } + options(of: command)
            + (command.examples.isEmpty ? [] : [".PP", "Examples:"] + examples(of: command))
    }

    private static func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : [".SH \(title)"] + lines
    }

    private static func paragraphs(_ command: Command) -> [String] {
        let more = command.discussion.split(separator: "\n\n").flatMap { [".PP", text(String($0))] }
        return [text(command.summary)] + more
    }

    private static func options(of command: Command) -> [String] {
        command.options.flatMap { tagged(HelpText.heading(of: $0), HelpText.explanation(of: $0)) }
    }

    private static func examples(of command: Command) -> [String] {
        command.examples.flatMap { tagged($0.line, $0.meaning) }
    }

    private static func tagged(_ tag: String, _ meaning: String) -> [String] {
        [".TP", ".B \(escaped(tag))", text(meaning)]
    }

    /// Without its full stop, as a manual's first line has none.
    private static func sentence(_ summary: String) -> String {
        summary.hasSuffix(".") ? String(summary.dropLast()) : summary
    }

    private static func text(_ text: String) -> String {
        // A line that begins with a dot or a quotation mark would be an instruction.
        let line = escaped(text.split(whereSeparator: \.isNewline).joined(separator: " "))
        return line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "'": result += "\\(aq"
            case "\"": result += "\\(dq"
            default: result.append(character)
            }
        }
    }
}
