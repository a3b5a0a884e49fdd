extension Program {
    /// Parses, runs, and says on standard error what went wrong: the whole of a `main`.
    ///
    /// A `UsageError`, from the parser or from `body`, ends with exit code 2; any other error with 1 and its
    /// description.
    /// - Parameter arguments: without the program's own name.
    package func run(
        _ arguments: [String] = Array(CommandLine.arguments.dropFirst()),
        to output: Terminal = .standardOutput, errors: Terminal = .standardError,
        _ body: (ParsedCommand) throws -> Void
    ) -> ExitCode {
        StandardDescriptors.ensureOpen()
        do {
            switch try parse(arguments) {
            case .show(let text): output.write(text)
            case .run(let command): try body(command)
            }
            return .success
        } catch let error as UsageError {
            errors.write("\(error)\n")
            return .usage
        } catch {
            errors.write("\(name): \(error)\n")
            return .failure
        }
    }
}
