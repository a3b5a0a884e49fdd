package import CommandLineInterface

/// One setting of the server: a flag, a variable and a line of its file, by the same name.
package struct ServerOption: Sendable {
    package enum Reload: Sendable {
        /// Counts at the next start.
        case restart
        /// A running server takes another value over.
        case applied
        /// As `applied`, where there was a value and still is one: what opens or closes the server to somebody counts at the next start.
        case replaced
    }

    package let option: CommandOption
    package let reload: Reload

    init(_ option: CommandOption, _ reload: Reload = .restart) {
        self.option = option
        self.reload = reload
    }

    package var name: String { option.name }
    package var variable: String { OptionLayer.variable(of: option, ServerOptions.prefix) }
}
