package import CommandLineInterface

/// The options as a file of them: explained, with the values they have, and as comments those that have none of their own.
package enum ConfigurationText {
    private static let columns = 100

    package static func text(for parsed: ParsedCommand) -> String {
        var lines = [
            "# Options of foretaste-server, a 'name = value' a line. The command line and FORETASTE_* variables win over",
            "# what stands here. SIGHUP takes over what is marked so; the rest counts at the next start.",
        ]
        for option in ServerOptions.all {
            lines.append("")
            lines += explanation(of: option).map { "# " + $0 }
            lines += values(of: option.option, in: parsed)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func explanation(of option: ServerOption) -> [String] {
        var text = option.option.help
        if option.option.occurrence == .required { text += " Required." }
        if option.option.occurrence == .repeated { text += " May stand on several lines." }
        switch option.reload {
        case .restart: break
        case .applied: text += " Taken over by SIGHUP."
        case .replaced: text += " Another one in its place is taken over by SIGHUP."
        }
        return wrapped(text)
    }

    private static func values(of option: CommandOption, in parsed: ParsedCommand) -> [String] {
        let texts =
            option.valueName == nil
            ? (parsed.flag(option.name) ? ["yes"] : [])
            : parsed.source(option.name) == nil
                ? []
                : option.occurrence == .repeated
                    ? parsed.strings(option.name) : [parsed.optionalString(option.name)].compactMap { $0 }
        guard let source = parsed.source(option.name), !texts.isEmpty else {
            return ["# \(option.name) = \(option.defaultValue ?? option.valueName ?? "no")"]
        }
        let lines = texts.map { "\(option.name) = \($0)" }
        if case .environment(let variable) = source { return ["# From \(variable):"] + lines }
        return lines
    }

    private static func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > columns {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return line.isEmpty ? lines : lines + [line]
    }
}
