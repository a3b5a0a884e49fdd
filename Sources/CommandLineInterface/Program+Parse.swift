import Spelling

extension Program {
    /// - Parameters:
    ///   - arguments: without the program's own name.
    ///   - lower: what stands below the command line of a program that is one command.
    package func parse(
        _ arguments: [String], lower: @escaping OptionLayers = { _ in [] }
    ) throws(UsageError) -> Invocation {
        switch arguments.first {
        case "--version": return .show("\(name) \(version)\n")
        case "--manual": return .show(ManualPage.text(for: self))
        case "--completion": return .show(try completions(for: arguments.dropFirst().first))
        default: break
        }
        if let single {
            return try CommandParser(command: single, operation: name, isProgram: true, lower: lower)
                .parse(arguments[...])
        }
        guard let first = arguments.first else {
            throw UsageError(
                code: .missingCommand, operation: name,
                text: "no command was given. The commands are \(listed(commands.map(\.name))).")
        }
        if first == "--help" || first == "-h" { return .show(HelpText.text(for: self)) }
        if first == "help" { return try help(about: arguments.dropFirst()) }
        if ["--help", "-h"].contains(arguments.dropFirst().first), isFamily(first) { return .show(familyHelp(first)) }
        let (command, rest) = try self.command(at: arguments[...])
        return try CommandParser(
            command: command, operation: "\(name) \(command.name)", family: family(command.name)
        ).parse(rest)
    }

    private func completions(for shell: String?) throws(UsageError) -> String {
        if let known = shell.flatMap(Shell.init) { return known.completions(of: self) }
        throw UsageError(
            code: .missingValue, operation: name,
            text: "'--completion' is followed by the name of a shell: \(listed(Shell.allCases.map(\.rawValue))).")
    }

    /// The commands whose names are that name and further words.
    private func family(_ name: String) -> [Command] { commands.filter { $0.name.hasPrefix("\(name) ") } }

    /// Whether the word is the first of commands' names and no command itself.
    private func isFamily(_ word: String) -> Bool {
        !commands.contains { $0.name == word } && !family(word).isEmpty
    }

    private func familyHelp(_ word: String) -> String { HelpText.text(ofFamily: word, family(word), in: self) }

    /// The command that the words begin with, whose name may be two words (`segment rfm`) or three, and the words after it.
    private func command(at words: ArraySlice<String>) throws(UsageError) -> (Command, rest: ArraySlice<String>) {
        for length in [3, 2] where words.count >= length {
            let name = words.prefix(length).joined(separator: " ")
            if let command = commands.first(where: { $0.name == name }) { return (command, words.dropFirst(length)) }
        }
        let first = words.first ?? ""
        if isFamily(first) {
            let second = words.dropFirst().first.map { "'\($0)' is none of its commands" } ?? "it was given alone"
            throw UsageError(
                code: .unknownCommand, operation: "\(name) \(first)",
                text: "'\(first)' is followed by a second word, and \(second). "
                    + "There are \(listed(family(first).map(\.name))).")
        }
        return (try command(named: first), words.dropFirst())
    }

    private func help(about arguments: ArraySlice<String>) throws(UsageError) -> Invocation {
        guard let first = arguments.first else { return .show(HelpText.text(for: self)) }
        if arguments.count == 1, isFamily(first) { return .show(familyHelp(first)) }
        let (command, _) = try command(at: arguments)
        return .show(
            HelpText.text(
                for: command, operation: "\(name) \(command.name)", family: family(command.name)))
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
