/// One argument that a command takes by its place.
package struct CommandArgument: Sendable {
    package enum Occurrence: Sendable {
        case required
        case optional
        /// Takes all that is left, none included; only the last argument may be so.
        case remaining
    }

    /// As the usage text shows it, such as `DIR`.
    package let name: String
    package let help: String
    package let occurrence: Occurrence

    package init(_ name: String, _ occurrence: Occurrence = .required, help: String) {
        self.name = name
        self.occurrence = occurrence
        self.help = help
    }
}
