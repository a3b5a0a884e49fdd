import Spelling

/// Values of a command's options that stand below its command line: in a file, or in the environment.
///
/// What a layer says of an option stands for all that the layers below it say of it, also where it can be repeated. A flag is `yes` or `no`.
package struct OptionLayer: Sendable {
    struct Value: Sendable {
        let text: String
        let source: OptionSource
    }

    /// By option; without a value where a flag is `no`.
    private(set) var values: [String: [Value]] = [:]

    /// - Parameters:
    ///   - path: for messages.
    ///   - reserved: options that no file may set.
    package init(
        file text: String, path: String, for command: Command, operation: String, reserved: [String] = []
    ) throws(UsageError) {
        let options = Self.settable(command, except: reserved)
        for line in OptionLines(text).lines {
            let place = "\(path), line \(line.number)"
            guard let option = options.first(where: { $0.name == line.name }) else {
                throw Self.unknown(line.name, place: place, among: options.map(\.name), reserved, operation)
            }
            guard values[option.name] == nil || option.isRepeatableInFile else {
                throw UsageError(
                    code: .repeatedOption, operation: operation,
                    text: "\(place): '\(option.name)' stands there a second time. Keep one of them.")
            }
            guard let text = line.value ?? (option.valueName == nil ? "yes" : nil), !text.isEmpty else {
                throw UsageError(
                    code: .missingValue, operation: operation,
                    text: "\(place): '\(option.name)' needs a value. Write '\(option.name) = "
                        + "\(option.valueName ?? "yes")', or leave the line out.")
            }
            try add(text, to: option, .file(path: path, lineNumber: line.number), operation)
        }
    }

    /// Variables that are options' names in capitals behind a prefix, such as `FORETASTE_LOG_LEVEL`. An empty one counts as none;
    /// one of an option that can be repeated has spaces between its values.
    ///
    /// - Parameters:
    ///   - reserved: options that no variable may set.
    ///   - others: variables of that prefix that mean something else.
    package init(
        environment: [String: String], prefix: String, for command: Command, operation: String,
        reserved: [String] = [], others: Set<String> = []
    ) throws(UsageError) {
        let options = Self.settable(command, except: reserved)
        // In the order of names, so that of two mistakes the same one is told each time.
        for (variable, text) in environment.sorted(by: { $0.key < $1.key })
        where variable.hasPrefix(prefix) && !others.contains(variable) && !text.isEmpty {
            guard let option = options.first(where: { Self.variable(of: $0, prefix) == variable }) else {
                let names = options.map { Self.variable(of: $0, "") }
                // What is like no option may be somebody else's, as what a container's host adds.
                guard let near = EditDistance.nearest(to: String(variable.dropFirst(prefix.count)), among: names)
                else { continue }
                throw UsageError(
                    code: .unknownOption, operation: operation,
                    text: "the variable '\(variable)' is none of the options. Did you mean '\(prefix)\(near)'?")
            }
            let texts = option.isRepeatableInFile ? text.split(separator: " ").map { String($0) } : [text]
            for text in texts { try add(text, to: option, .environment(variable), operation) }
        }
    }

    package static func variable(of option: CommandOption, _ prefix: String) -> String {
        prefix + option.name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
    }

    /// What of this layer the words, and the layers above, do not say.
    func fill(_ values: inout [String: [String]], _ sources: inout [String: [OptionSource]]) {
        for (name, found) in self.values where values[name] == nil {
            values[name] = found.map(\.text)
            sources[name] = found.map(\.source)
        }
    }

    private mutating func add(
        _ text: String, to option: CommandOption, _ source: OptionSource, _ operation: String
    ) throws(UsageError) {
        guard option.valueName == nil else {
            values[option.name, default: []].append(Value(text: text, source: source))
            return
        }
        switch text {
        case "yes", "true", "on", "1": values[option.name] = [Value(text: "", source: source)]
        case "no", "false", "off", "0": values[option.name] = []
        default:
            throw UsageError(
                code: .badValue, operation: operation,
                text: source.shown(option.name, text) + ": expected 'yes' or 'no'.")
        }
    }

    private static func settable(_ command: Command, except reserved: [String]) -> [CommandOption] {
        command.options.filter { $0.name != Command.help.name && !$0.isInquiry && !reserved.contains($0.name) }
    }

    private static func unknown(
        _ name: String, place: String, among names: [String], _ reserved: [String], _ operation: String
    ) -> UsageError {
        let advice =
            reserved.contains(name)
            ? "It stands on the command line or in the environment."
            : EditDistance.nearest(to: name, among: names).map { "Did you mean '\($0)'?" }
                ?? "See '\(operation) --help' for those there are."
        return UsageError(
            code: .unknownOption, operation: operation,
            text: "\(place): there is no option '\(name)' for a file. \(advice)")
    }
}

extension CommandOption {
    fileprivate var isRepeatableInFile: Bool { occurrence == .repeated || isRepeatable }
}
