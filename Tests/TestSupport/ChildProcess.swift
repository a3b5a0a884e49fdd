import Foundation

/// A running program whose output is collected.
///
// SAFETY: `process` is configured and started in the initialiser and not changed after it; Foundation's Process lets
// any thread signal and await a started one. The rest is constant and Sendable.
package final class ChildProcess: @unchecked Sendable {
    let standardOutput: OutputCollector
    let standardError: OutputCollector
    private let process = Process()
    private let folder: TemporaryDirectory
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - mergesErrors: standard error goes where standard output goes, in the order written.
    ///   - input: what standard input holds. It comes from a file, so a child that does not read it costs nothing.
    package init(
        path: String, _ arguments: [String], environment: [String: String] = [:], directory: String? = nil,
        input: [UInt8] = [], mergesErrors: Bool = false
    ) throws {
        folder = try TemporaryDirectory()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
        process.standardOutput = output
        process.standardError = mergesErrors ? output : errors
        process.standardInput = try FileHandle(forReadingAtPath: folder.write(input, to: "input"))
        let ended = ended
        process.terminationHandler = { _ in ended.signal() }
        standardOutput = OutputCollector(reading: output)
        standardError = OutputCollector(reading: errors)
        // Foundation closes our end of the pipes that the child got; this one it would not.
        if mergesErrors { try errors.fileHandleForWriting.close() }
        do {
            try Self.withoutBlockedSignals(process.run)
        } catch {
            throw TestSupportError("\(path) cannot be started: \(error)")
        }
    }

    /// Tests run on threads that block signals, and a child inherits that: SIGTERM would never reach it.
    private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
        var (none, before) = (sigset_t(), sigset_t())
        unsafe sigemptyset(&none)
        unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    package var isRunning: Bool { process.isRunning }

    package var processIdentifier: Int32 { process.processIdentifier }

    package var writtenSoFar: String {
        String(decoding: standardOutput.soFar() + standardError.soFar(), as: UTF8.self)
    }

    /// Whether the program writes that text on standard error, within that time and before it ends.
    package func writesError(
        containing text: String, timeoutSeconds: Double = Subprocess.usualTimeoutSeconds
    ) -> Bool {
        standardError.first(before: Date(timeIntervalSinceNow: timeoutSeconds)) { $0.contains(text) ? true : nil }
            ?? false
    }

    package func send(_ signal: Int32) {
        _ = Foundation.kill(process.processIdentifier, signal)
    }

    package func kill() {
        send(SIGKILL)
    }

    /// Ends it and leaves nothing behind.
    func discard() {
        kill()
        folder.remove()
    }

    /// Nil where the program still runs, or something it started still holds its output, after that time. To be
    /// called once.
    package func wait(timeoutSeconds: Double = Subprocess.usualTimeoutSeconds) -> Subprocess.Outcome? {
        let deadline = Date(timeIntervalSinceNow: timeoutSeconds)
        guard ended.wait(timeout: .now() + timeoutSeconds) == .success,
            let output = standardOutput.complete(before: deadline),
            let errors = standardError.complete(before: deadline)
        else { return nil }
        let wasSignalled = process.terminationReason == .uncaughtSignal
        let status = process.terminationStatus
        return Subprocess.Outcome(
            exitCode: wasSignalled ? nil : status, signal: wasSignalled ? status : nil, outputBytes: output,
            errorBytes: errors)
    }
}
