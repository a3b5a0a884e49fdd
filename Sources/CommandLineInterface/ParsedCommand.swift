/// A command line that fits its command, with values still as text.
///
/// The accessors turn text into values and throw a `UsageError` that names the option, the value and what is
/// expected. Asking for a name that the command does not declare is a mistake of the programmer and stops the program.
package struct ParsedCommand: Sendable {
    package let command: Command
    /// For messages, such as `foretaste build`.
    package let operation: String
    private var values: [String: [String]]
    /// Of the values; none of those that stand on the command line.
    private var sources: [String: [OptionSource]]
    private let arguments: [String: [String]]

    init(
        command: Command, operation: String, values: [String: [String]], sources: [String: [OptionSource]] = [:],
        arguments: [String: [String]]
    ) {
        self.command = command
        self.operation = operation
        self.values = values
        self.sources = sources
        self.arguments = arguments
    }

    package var name: String { command.name }

    /// The same command with an option set to `value`, whatever it was.
    package func setting(_ name: String, to value: String) -> ParsedCommand {
        _ = declared(name)
        var changed = self
        changed.values[name] = [value]
        changed.sources[name] = nil
        return changed
    }

    /// The same command with an option as another one of the same command has it.
    package func taking(_ name: String, from other: ParsedCommand) -> ParsedCommand {
        _ = declared(name)
        var changed = self
        changed.values[name] = other.values[name]
        changed.sources[name] = other.sources[name]
        return changed
    }

    /// Where the option's value stands, the first where there are more; nil where it was not given.
    package func source(_ name: String) -> OptionSource? {
        _ = declared(name)
        guard values[name] != nil else { return nil }
        return sources[name]?.first ?? .commandLine
    }

    /// A value of the option as whoever wrote it finds it again.
    func shown(_ name: String, _ value: String) -> String {
        let place = values[name]?.firstIndex(of: value)
        let source = place.flatMap { sources[name]?[$0] } ?? .commandLine
        return source.shown(name, value)
    }

    package func flag(_ name: String) -> Bool {
        _ = declared(name)
        return values[name] != nil
    }

    /// Whether the option stands on the command line, whatever its default.
    package func isGiven(_ name: String) -> Bool {
        _ = declared(name)
        return values[name] != nil
    }

    /// The value given, else the default, else nil.
    package func optionalString(_ name: String) -> String? {
        let option = declared(name)
        return values[name]?.last ?? option.defaultValue
    }

    /// As `optionalString`, where the option is required or has a default, or is needed after all because of another.
    package func string(_ name: String) throws(UsageError) -> String {
        if let value = optionalString(name) { return value }
        throw UsageError(
            code: .missingOption, operation: operation,
            text: "'--\(name) \(declared(name).valueName ?? "")' is needed and was not given.")
    }

    /// All values of a repeated option, in the order given.
    package func strings(_ name: String) -> [String] {
        _ = declared(name)
        return values[name] ?? []
    }

    package func optionalArgument(_ name: String) -> String? {
        remainingArguments(name).first
    }

    package func argument(_ name: String) throws(UsageError) -> String {
        if let value = optionalArgument(name) { return value }
        throw UsageError(
            code: .missingArgument, operation: operation, text: "\(name) is needed and was not given.")
    }

    package func remainingArguments(_ name: String) -> [String] {
        precondition(command.arguments.contains { $0.name == name }, "\(operation) declares no argument '\(name)'")
        return arguments[name] ?? []
    }

    /// A refusal for a value that fits its option's type and is wrong all the same, such as a folder that is missing.
    /// `expected` may end with a sentence of its own, full stop included.
    package func refusal(_ name: String, value: String, expected: String) -> UsageError {
        UsageError(
            code: .badValue, operation: operation,
            text: shown(name, value) + ": expected \(expected)" + (expected.hasSuffix(".") ? "" : "."))
    }

    private func declared(_ name: String) -> CommandOption {
        guard let option = command.options.first(where: { $0.name == name }) else {
            preconditionFailure("\(operation) declares no option '\(name)'")
        }
        return option
    }
}
