import Spelling

/// The layers below a command line, the upper one first, for the values that it gives by option.
package typealias OptionLayers = (_ given: [String: [String]]) throws(UsageError) -> [OptionLayer]

/// Reads the words after a command's name.
///
/// A word is, in this order: everything after `--` an argument; `--name=VALUE`; `--name` with the next word as its
/// value; `-x` or `-x VALUE`; else an argument. A value that itself begins with `--` must be written `--name=VALUE`,
/// because `--index --quiet` is a forgotten value far more often than a folder called `--quiet`. `-` and negative
/// numbers are arguments, not options.
struct CommandParser {
    let command: Command
    /// For messages, such as `foretaste build`.
    let operation: String
    /// Whether the command is the whole program.
    var isProgram = false
    /// Commands whose names begin with this one's, for the help.
    var family: [Command] = []
    /// What stands below the words.
    var lower: OptionLayers = { _ in [] }

    func parse(_ words: ArraySlice<String>) throws(UsageError) -> Invocation {
        var values: [String: [String]] = [:]
        var arguments: [String] = []
        var rest = words
        while let word = rest.popFirst() {
            if word == "--" {
                arguments += rest
                break
            }
            guard isOption(word) else {
                arguments.append(word)
                continue
            }
            let (written, attached) = split(word)
            let option = try option(written: written)
            if option.name == Command.help.name {
                return .show(
                    HelpText.text(for: command, operation: operation, isProgram: isProgram, family: family))
            }
            if option.occurrence != .repeated, !option.isRepeatable, values[option.name] != nil {
                throw refusal(.repeatedOption, "'--\(option.name)' is given twice. Keep one of them.")
            }
            let value = try value(of: option, written: written, attached: attached, rest: &rest)
            values[option.name, default: []].append(value)
        }
        var sources: [String: [OptionSource]] = [:]
        for layer in try lower(values) { layer.fill(&values, &sources) }
        values = values.filter { !$0.value.isEmpty }
        let isInquiry = command.options.contains { $0.isInquiry && values[$0.name] != nil }
        for option in command.options
        where option.occurrence == .required && values[option.name] == nil && !isInquiry {
            throw refusal(
                .missingOption, "'--\(option.name) \(option.valueName ?? "")' is needed and was not given.")
        }
        return .run(
            ParsedCommand(
                command: command, operation: operation, values: values, sources: sources,
                arguments: try placed(arguments)))
    }

    private func isOption(_ word: String) -> Bool {
        guard word.hasPrefix("-"), word != "-" else { return false }
        return Double(word) == nil
    }

    private func split(_ word: String) -> (written: String, attached: String?) {
        guard word.hasPrefix("--"), let equals = word.firstIndex(of: "=") else { return (word, nil) }
        return (String(word[..<equals]), String(word[word.index(after: equals)...]))
    }

    private func option(written: String) throws(UsageError) -> CommandOption {
        let found = command.options.first { option in
            written == "--\(option.name)" || option.short.map { written == "-\($0)" } ?? false
        }
        if let found { return found }
        let names = command.options.map(\.name)
        let typed = String(written.drop { $0 == "-" })
        let advice =
            EditDistance.nearest(to: typed, among: names).map { "Did you mean '--\($0)'?" }
            ?? "An argument that begins with '-' is written after '--'."
        throw refusal(.unknownOption, "there is no option '\(written)'. \(advice)")
    }

    private func value(
        of option: CommandOption, written: String, attached: String?, rest: inout ArraySlice<String>
    ) throws(UsageError) -> String {
        guard let valueName = option.valueName else {
            if let attached {
                throw refusal(.unexpectedValue, "'\(written)' takes no value, but '\(attached)' was given.")
            }
            return ""
        }
        if let attached { return attached }
        guard let next = rest.first, !next.hasPrefix("--") else {
            let found = rest.first.map { "it is followed by '\($0)'" } ?? "it is the last word"
            throw refusal(
                .missingValue,
                "'\(written)' needs a value, \(valueName), but \(found). Write '\(written) \(valueName)'.")
        }
        rest.removeFirst()
        return next
    }

    /// The given arguments by the names of the declared ones.
    private func placed(_ given: [String]) throws(UsageError) -> [String: [String]] {
        var placed: [String: [String]] = [:]
        var rest = given[...]
        for argument in command.arguments {
            if argument.occurrence == .remaining {
                placed[argument.name] = Array(rest)
                rest = []
            } else if let word = rest.popFirst() {
                placed[argument.name] = [word]
            } else if argument.occurrence == .required {
                throw refusal(.missingArgument, "\(argument.name) is needed and was not given.")
            }
        }
        if let extra = rest.first {
            throw refusal(
                .unexpectedArgument, "'\(extra)' is not expected here. An option's name begins with '--'.")
        }
        return placed
    }

    private func refusal(_ code: UsageError.Code, _ text: String) -> UsageError {
        UsageError(code: code, operation: operation, text: text)
    }
}
