import Foundation

/// Runs a program to its end.
package struct Subprocess: Sendable {
    package struct Outcome: Sendable {
        /// Of the program, or nil where a signal ended it.
        package let exitCode: Int32?
        /// That ended the program, or nil.
        package let signal: Int32?
        package let outputBytes: [UInt8]
        package let errorBytes: [UInt8]

        package var output: String { String(decoding: outputBytes, as: UTF8.self) }
        package var errors: String { String(decoding: errorBytes, as: UTF8.self) }
    }

    /// Long enough for a debug build on a machine that has much else to do; a test that meets it has failed.
    package static let usualTimeoutSeconds = 600.0

    /// Runs one of this package's executables, found beside the tests.
    ///
    /// - Parameters:
    ///   - input: fed to standard input, which is then closed.
    ///   - environment: added to the one inherited.
    /// - Throws: where it is not built, cannot be started, or does not end in time; it is then killed.
    package static func run(
        _ product: String, _ arguments: [String] = [], input: [UInt8] = [], environment: [String: String] = [:],
        directory: String? = nil, timeoutSeconds: Double = usualTimeoutSeconds
    ) throws -> Outcome {
        try run(
            path: try BuiltProducts.path(of: product), arguments, input: input, environment: environment,
            directory: directory, timeoutSeconds: timeoutSeconds)
    }

    /// As the other, for any executable.
    package static func run(
        path: String, _ arguments: [String] = [], input: [UInt8] = [], environment: [String: String] = [:],
        directory: String? = nil, timeoutSeconds: Double = usualTimeoutSeconds
    ) throws -> Outcome {
        let child = try ChildProcess(
            path: path, arguments, environment: environment, directory: directory, input: input)
        guard let outcome = child.wait(timeoutSeconds: timeoutSeconds) else {
            child.kill()
            throw TestSupportError(
                "\(path) \(arguments.joined(separator: " ")) did not end in \(timeoutSeconds) s and was killed; "
                    + "it wrote: \(child.writtenSoFar)")
        }
        return outcome
    }
}
