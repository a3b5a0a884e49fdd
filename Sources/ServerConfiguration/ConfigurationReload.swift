package import CommandLineInterface
package import RecommendationServer
package import Telemetry

/// What SIGHUP makes of changed options: those that a running server can take over count at once, and the log says of each what
/// became of it. Where something is wrong all options stay as they were.
///
/// A value, so that what to do is decided without a server.
package struct ConfigurationReload: Sendable {
    package struct Change: Sendable, Equatable {
        package let name: String
        /// As text; empty where there was none.
        package let from: String
        package let to: String
        package let isApplied: Bool
    }

    /// What the server works by.
    package private(set) var running: ParsedCommand

    package init(_ started: ParsedCommand) { running = started }

    /// The options that `read` has otherwise, and what the server should work by then.
    package func changes(to read: ParsedCommand) -> (changes: [Change], effective: ParsedCommand) {
        var effective = running
        var changes: [Change] = []
        for option in ServerOptions.all {
            let (from, to) = (Self.text(option, running), Self.text(option, read))
            guard from != to else { continue }
            let isApplied =
                switch option.reload {
                case .restart: false
                case .applied: true
                case .replaced: !from.isEmpty && !to.isEmpty
                }
            if isApplied { effective = effective.taking(option.name, from: read) }
            changes.append(Change(name: option.name, from: from, to: to, isApplied: isApplied))
        }
        return (changes, effective)
    }

    /// Reads the options again and tells what came of it.
    ///
    /// - Parameters:
    ///   - read: the options as they stand now.
    ///   - apply: hands settings to the server, all or nothing.
    package mutating func run(
        log: Log, read: () throws -> ParsedCommand?, apply: (ServerSettings) throws -> Void
    ) {
        do {
            guard let read = try read() else { return }
            // What counts at the next start only is looked at now, while somebody is there to mend it.
            _ = try (ServerSettings(read), LogLevel(read), read.choice("log-format", of: LogFormat.self))
            let (changes, effective) = changes(to: read)
            try apply(try ServerSettings(effective))
            let level = try LogLevel(effective)
            // Whoever makes the log quieter is told so too.
            log.level = min(log.level, level)
            tell(changes, log)
            log.level = level
            running = effective
        } catch {
            let text = (error as? UsageError)?.text ?? "\(error)"
            log.error("options not read again: everything stays as it was", ["error": .text(text)])
        }
    }

    private func tell(_ changes: [Change], _ log: Log) {
        for change in changes {
            let fields: LogFields = [
                "option": .text(change.name), "from": .text(change.from), "to": .text(change.to),
            ]
            if change.isApplied {
                log.info("option taken over", fields)
            } else {
                log.warning("option changed that counts at the next start", fields)
            }
        }
        log.info("options read again", ["changed": .integer(changes.count)])
    }

    private static func text(_ option: ServerOption, _ parsed: ParsedCommand) -> String {
        if option.option.valueName == nil { return parsed.flag(option.name) ? "yes" : "" }
        if option.option.occurrence == .repeated { return parsed.strings(option.name).joined(separator: " ") }
        return parsed.optionalString(option.name) ?? ""
    }
}
