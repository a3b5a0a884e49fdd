/// What a program, or one subcommand of it, understands.
package struct Command: Sendable {
    package struct Example: Sendable {
        package let line: String
        package let meaning: String

        package init(_ line: String, _ meaning: String) {
            self.line = line
            self.meaning = meaning
        }
    }

    /// One word, or two or three for one of a family (`segment rfm`, `segment personas of`).
    package let name: String
    /// One line for the list of commands.
    package let summary: String
    /// Further paragraphs for the command's own help; may be empty.
    package let discussion: String
    package let arguments: [CommandArgument]
    package let options: [CommandOption]
    package let examples: [Example]

    static let help = CommandOption.flag("help", short: "h", help: "Show this help.")

    /// `--help` is added to the options. Two options of one name, or an argument after one that takes all the rest,
    /// are mistakes of the programmer and stop the program.
    package init(
        name: String, summary: String, discussion: String = "", arguments: [CommandArgument] = [],
        options: [CommandOption] = [], examples: [Example] = []
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.arguments = arguments
        self.options = options + [Self.help]
        self.examples = examples
        precondition(Set(self.options.map(\.name)).count == self.options.count, "\(name): an option is declared twice")
        let shorts = self.options.compactMap(\.short)
        precondition(Set(shorts).count == shorts.count, "\(name): a short option is declared twice")
        for argument in arguments.dropLast() {
            precondition(argument.occurrence != .remaining, "\(name): nothing may follow '\(argument.name)'")
        }
    }
}
