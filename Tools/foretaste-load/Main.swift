import CommandLineInterface

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `foretaste-load`: what `Tools/benchmark` measures with. Every command prints one JSON object.
@main
struct Main {
    private static let program = Program(
        name: "foretaste-load", version: "0.1.0", summary: "Measure a running server, the scoring, the readers.",
        commands: [
            DriveCommand.command, DrawCommand.command, ScoreCommand.command, RulesCommand.command, ReadCommand.command,
        ])

    static func main() {
        exit(program.run(Array(CommandLine.arguments.dropFirst()), dispatch).rawValue)
    }

    private static func dispatch(_ parsed: ParsedCommand) throws {
        switch parsed.name {
        case DriveCommand.command.name: try DriveCommand.run(parsed)
        case DrawCommand.command.name: try DrawCommand.run(parsed)
        case ScoreCommand.command.name: try ScoreCommand.run(parsed)
        case RulesCommand.command.name: try RulesCommand.run(parsed)
        case ReadCommand.command.name: try ReadCommand.run(parsed)
        default: preconditionFailure("the program lists a command that nobody runs")
        }
    }
}

/// A run that failed for a reason that one sentence tells.
struct LoadFailure: Error, CustomStringConvertible {
    let description: String
}
