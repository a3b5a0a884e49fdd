import Spelling

extension Program {
    /// - Parameter arguments: without the program's own name.
    package func parse(_ arguments: [String]) throws(UsageError) -> Invocation {
        if let first = arguments.first, first == "--version" { return .show("\(name) \(version)\n") }
        if let single {
            return try CommandParser(command: single, operation: name, isProgram: true).parse(arguments[...])
        }
        guard let first = arguments.first else {
            throw UsageError(
                code: .missingCommand, operation: name,
                text: "no command was given. The commands are \(listed(commands.map(\.name))).")
        }
        if first == "--help" || first == "-h" { return .show(HelpText.text(for: self)) }
        if first == "help" { return try help(about: arguments.dropFirst()) }
        let command = try self.command(named: first)
        return try CommandParser(command: command, operation: "\(name) \(first)").parse(arguments.dropFirst())
    }

    private func help(about arguments: ArraySlice<String>) throws(UsageError) -> Invocation {
        guard let topic = arguments.first else { return .show(HelpText.text(for: self)) }
        return .show(HelpText.text(for: try command(named: topic), operation: "\(name) \(topic)"))
    }

    private func command(named typed: String) throws(UsageError) -> Command {
        if let command = commands.first(where: { $0.name == typed }) { return command }
        if typed.hasPrefix("-") {
            throw UsageError(
                code: .unknownOption, operation: name,
                text: "'\(typed)' stands before the command. Options follow it: '\(name) COMMAND \(typed)'.")
        }
        let names = commands.map(\.name)
        let advice =
            EditDistance.nearest(to: typed, among: names).map { "Did you mean '\($0)'?" }
            ?? "The commands are \(listed(names))."
        throw UsageError(
            code: .unknownCommand, operation: name, text: "there is no command '\(typed)'. \(advice)")
    }
}

/// `a, b and c`.
func listed(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
}
