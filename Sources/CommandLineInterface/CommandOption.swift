/// One `--name` that a command understands.
package struct CommandOption: Sendable {
    package enum Occurrence: Sendable {
        /// Must be given.
        case required
        /// May be given once.
        case optional
        /// May be given any number of times; the values keep their order.
        case repeated
    }

    /// Without dashes.
    package let name: String
    /// One letter for `-x`, or nil.
    package let short: Character?
    /// What stands for the value in the usage text, such as `FILE`; nil makes the option a flag.
    package let valueName: String?
    /// One or more sentences.
    package let help: String
    /// The value when the option is not given; shown in the help.
    package let defaultValue: String?
    package let occurrence: Occurrence
    /// Whether a required option may be given more than once.
    package private(set) var isRepeatable = false
    /// Whether it asks the program about itself, so that what is required otherwise may be left out.
    package private(set) var isInquiry = false
    /// Whether the value is a path that the command writes.
    package private(set) var isOutput = false
    /// Where the value is a directory, the names of the files that the command may write into it.
    package private(set) var outputFiles: [String] = []

    private init(
        name: String, short: Character?, valueName: String?, help: String, defaultValue: String?,
        occurrence: Occurrence
    ) {
        self.name = name
        self.short = short
        self.valueName = valueName
        self.help = help
        self.defaultValue = defaultValue
        self.occurrence = occurrence
    }

    package static func flag(_ name: String, short: Character? = nil, help: String) -> CommandOption {
        CommandOption(
            name: name, short: short, valueName: nil, help: help, defaultValue: nil, occurrence: .optional)
    }

    package static func value(
        _ name: String, _ valueName: String, short: Character? = nil, default defaultValue: String? = nil,
        help: String
    ) -> CommandOption {
        CommandOption(
            name: name, short: short, valueName: valueName, help: help, defaultValue: defaultValue,
            occurrence: .optional)
    }

    package static func required(
        _ name: String, _ valueName: String, short: Character? = nil, help: String
    ) -> CommandOption {
        CommandOption(
            name: name, short: short, valueName: valueName, help: help, defaultValue: nil, occurrence: .required)
    }

    package static func repeated(
        _ name: String, _ valueName: String, short: Character? = nil, help: String
    ) -> CommandOption {
        CommandOption(
            name: name, short: short, valueName: valueName, help: help, defaultValue: nil, occurrence: .repeated)
    }

    /// The same option, which may be given any number of times.
    package var repeatable: CommandOption {
        var option = self
        option.isRepeatable = true
        return option
    }

    /// The same flag, beside which nothing is required.
    package var asInquiry: CommandOption {
        var option = self
        option.isInquiry = true
        return option
    }

    /// The same option, whose value is a path that the command writes.
    package var asOutput: CommandOption { asOutput([]) }

    /// The same option, whose value is a directory that the command writes files of these names into.
    package func asOutput(_ files: [String]) -> CommandOption {
        var output = self
        output.isOutput = true
        output.outputFiles = files
        return output
    }
}
