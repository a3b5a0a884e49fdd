/// The text of `--help`, at most 80 columns wide where words allow it: what a terminal shows unless it was widened.
enum HelpText {
    private static let columns = 80
    /// An option's explanation starts here, on a line of its own where the option itself is longer.
    private static let explanationColumn = 26

    static func text(for program: Program) -> String {
        var lines = wrapped(program.summary, indent: 0)
        lines += ["", "Usage: \(program.name) COMMAND [options]"] + list(program.commands)
        lines += ["", "Options:"]
        lines += entry("-h, --help", "Show this help; after a command, that command's.")
        lines += entry("--version", "Show the version.")
        lines += entry("--manual", "Print the manual page, for 'man -l -'.")
        lines += entry("--completion SHELL", "Print completions for bash, zsh or fish.")
        lines += ["", "See '\(program.name) COMMAND --help' for a command's options and examples.", ""]
        return lines.joined(separator: "\n")
    }

    /// Of the commands that have their first word in common.
    static func text(ofFamily word: String, _ commands: [Command], in program: Program) -> String {
        let lines =
            ["Usage: \(program.name) \(word) COMMAND [options]"] + list(commands)
            + ["", "See '\(program.name) \(word) COMMAND --help' for a command's options and examples.", ""]
        return lines.joined(separator: "\n")
    }

    private static func list(_ commands: [Command]) -> [String] {
        ["", "Commands:"] + commands.flatMap { entry($0.name, $0.summary) }
    }

    static func text(
        for command: Command, operation: String, isProgram: Bool = false, family: [Command] = []
    ) -> String {
        var lines = wrapped(command.summary, indent: 0)
        lines += ["", "Usage: " + usage(of: command, operation: operation)]
        for paragraph in command.discussion.split(separator: "\n\n") {
            lines += [""] + wrapped(String(paragraph), indent: 0)
        }
        if !command.arguments.isEmpty {
            lines += ["", "Arguments:"]
            for argument in command.arguments { lines += entry(argument.name, argument.help) }
        }
        if !family.isEmpty { lines += list(family) }
        lines += ["", "Options:"]
        // What everybody needs comes first.
        let required = command.options.filter { $0.occurrence == .required }
        for option in required + command.options.filter({ $0.occurrence != .required }) {
            lines += entry(heading(of: option), explanation(of: option))
        }
        if isProgram {
            lines += entry("--version", "Show the version.")
            lines += entry("--manual", "Print the manual page, for 'man -l -'.")
            lines += entry("--completion SHELL", "Print completions for bash, zsh or fish.")
        }
        if !command.examples.isEmpty {
            lines += ["", "Examples:"]
            for example in command.examples {
                lines += ["  \(example.line)"] + wrapped(example.meaning, indent: 6)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func usage(of command: Command, operation: String) -> String {
        var words = [operation]
        for option in command.options where option.occurrence == .required {
            words.append("--\(option.name) \(option.valueName ?? "")")
        }
        words.append("[options]")
        for argument in command.arguments {
            switch argument.occurrence {
            case .required: words.append(argument.name)
            case .optional: words.append("[\(argument.name)]")
            case .remaining: words.append("[\(argument.name) ...]")
            }
        }
        return words.joined(separator: " ")
    }

    static func heading(of option: CommandOption) -> String {
        let short = option.short.map { "-\($0), " } ?? ""
        let value = option.valueName.map { " \($0)" } ?? ""
        return "\(short)--\(option.name)\(value)"
    }

    static func explanation(of option: CommandOption) -> String {
        var text = option.help
        switch option.occurrence {
        case .required: text += " Required."
        case .repeated: text += " May be repeated."
        case .optional: break
        }
        if let value = option.defaultValue { text += " Default: \(value)." }
        return text
    }

    private static func entry(_ heading: String, _ explanation: String) -> [String] {
        var lines = wrapped(explanation, indent: explanationColumn)
        let start = "  \(heading)"
        guard start.count + 2 <= explanationColumn, let first = lines.first else { return [start] + lines }
        lines[0] = start + first.dropFirst(start.count)
        return lines
    }

    private static func wrapped(_ text: String, indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = margin
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            if line.count > indent, line.count + 1 + word.count > columns {
                lines.append(line)
                line = margin
            }
            line += (line.count > indent ? " " : "") + word
        }
        if line.count > indent { lines.append(line) }
        return lines
    }
}
