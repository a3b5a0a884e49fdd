package import CommandLineInterface
import StoredFiles

/// How the server was called: the words, the variables, and the file that they name, which can be read again.
package struct ServerInvocation: Sendable {
    /// Many times what all options with their explanations take.
    static let fileByteLimit = 1 << 20
    /// Variables of the prefix that are others': of the packaged service, and of a client.
    private static let others: Set<String> = ["FORETASTE_OPTIONS", "FORETASTE_KEY"]

    package let arguments: [String]
    package let environment: [String: String]

    /// - Parameter arguments: without the program's own name.
    package init(arguments: [String], environment: [String: String]) {
        self.arguments = arguments
        self.environment = environment
    }

    private var operation: String { ServerOptions.program.name }

    /// What stands below the command line: the variables, then the file.
    package func layers(_ given: [String: [String]]) throws(UsageError) -> [OptionLayer] {
        guard let command = ServerOptions.program.single else { return [] }
        let variables = try OptionLayer(
            environment: environment, prefix: ServerOptions.prefix, for: command, operation: operation,
            reserved: [ServerOptions.file], others: Self.others.union([fileVariable]))
        guard let path = given[ServerOptions.file]?.first ?? environment[fileVariable], !path.isEmpty else {
            return [variables]
        }
        let file = try OptionLayer(
            file: try text(path), path: path, for: command, operation: operation, reserved: [ServerOptions.file])
        return [variables, file]
    }

    /// What it comes to now. For a call that was read before, so that it asks for no help.
    package func parsed() throws(UsageError) -> ParsedCommand? {
        guard case .run(let parsed) = try ServerOptions.program.parse(arguments, lower: layers) else { return nil }
        return parsed
    }

    private var fileVariable: String { ServerOptions.prefix + "CONFIG" }

    private func text(_ path: String) throws(UsageError) -> String {
        let bytes: [UInt8]
        do {
            bytes = try FileSystem.readFile(path, byteLimit: Self.fileByteLimit)
        } catch {
            throw UsageError(code: .badValue, operation: operation, text: "--config \(error)")
        }
        guard bytes.count < Self.fileByteLimit, let text = String(validating: bytes, as: UTF8.self) else {
            throw UsageError(
                code: .badValue, operation: operation,
                text: "--config \(path): expected lines 'name = value' of UTF-8, less than 1 MiB of them. "
                    + "'\(operation) --print-config' prints such a file.")
        }
        return text
    }
}
