extension Program {
    /// Parses, runs, and says on standard error what went wrong: the whole of a `main`.
    ///
    /// A `UsageError`, from the parser or from `body`, ends with exit code 2, a `RefusedRun` with 3, any other error with 1
    /// and its description, and so does standard output that cannot be written.
    /// - Parameters:
    ///   - arguments: without the program's own name.
    ///   - lower: what stands below the command line of a program that is one command.
    ///   - explaining: what more there is to say of an error, such as where an option comes from.
    package func run(
        _ arguments: [String] = Array(CommandLine.arguments.dropFirst()),
        to output: Terminal = .standardOutput, errors: Terminal = .standardError,
        lower: @escaping OptionLayers = { _ in [] }, explaining: (any Error) -> String? = { _ in nil },
        _ body: (ParsedCommand) throws -> Void
    ) -> ExitCode {
        StandardDescriptors.ensureOpen()
        do {
            switch try parse(arguments, lower: lower) {
            case .show(let text): output.write(text)
            case .run(let command): try body(command)
            }
            if let reason = Terminal.outputFailure {
                errors.write("\(name): cannot write to standard output: \(reason)\n")
                return .failure
            }
            return .success
        } catch let error as UsageError {
            errors.write("\(error)\n" + (explaining(error).map { $0 + "\n" } ?? ""))
            return .usage
        } catch let error as RefusedRun {
            errors.write("\(name): \(error)\n" + (explaining(error).map { $0 + "\n" } ?? ""))
            return .refused
        } catch {
            errors.write("\(name): \(error)\n" + (explaining(error).map { $0 + "\n" } ?? ""))
            return .failure
        }
    }
}
