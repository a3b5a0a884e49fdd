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
        let (command, rest) = try self.command(at: arguments[...])
        return try CommandParser(command: command, operation: "\(name) \(command.name)").parse(rest)
    }

    /// The command that the words begin with, whose name may be two words (`segment rfm`) or three, and the words after it.
    private func command(at words: ArraySlice<String>) throws(UsageError) -> (Command, rest: ArraySlice<String>) {
        for length in [3, 2] where words.count >= length {
            let name = words.prefix(length).joined(separator: " ")
            if let command = commands.first(where: { $0.name == name }) { return (command, words.dropFirst(length)) }
        }
        let first = words.first ?? ""
        let family = commands.map(\.name).filter { $0.hasPrefix("\(first) ") }
        guard family.isEmpty else {
            let second = words.dropFirst().first.map { "'\($0)' is none of its commands" } ?? "it was given alone"
            throw UsageError(
                code: .unknownCommand, operation: name,
                text: "'\(first)' is followed by a second word, and \(second). There are \(listed(family)).")
        }
        return (try command(named: first), words.dropFirst())
    }

    private func help(about arguments: ArraySlice<String>) throws(UsageError) -> Invocation {
        guard !arguments.isEmpty else { return .show(HelpText.text(for: self)) }
        let (command, _) = try command(at: arguments)
        return .show(HelpText.text(for: command, operation: "\(name) \(command.name)"))
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
