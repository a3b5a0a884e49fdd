/// An executable: either one command, or several subcommands.
package struct Program: Sendable {
    package let name: String
    package let version: String
    package let summary: String
    /// Empty where the program is one command.
    package let commands: [Command]
    /// The command of a program without subcommands.
    package let single: Command?
    /// Of its manual page: 1 for what people call, 8 for what runs by itself.
    package let manualSection: Int

    package init(
        name: String, version: String, summary: String, commands: [Command], manualSection: Int = 1
    ) {
        precondition(Set(commands.map(\.name)).count == commands.count, "\(name): a command is declared twice")
        self.name = name
        self.version = version
        self.summary = summary
        self.commands = commands
        self.single = nil
        self.manualSection = manualSection
    }

    package init(version: String, command: Command, manualSection: Int = 1) {
        self.name = command.name
        self.version = version
        self.summary = command.summary
        self.commands = []
        self.single = command
        self.manualSection = manualSection
    }
}
