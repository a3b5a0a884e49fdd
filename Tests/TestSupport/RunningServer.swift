import Foundation

/// A real `foretaste-server` on a free port of this machine. It is killed when the last reference goes, if it was not
/// stopped before.
package final class RunningServer: Sendable {
    /// What the server chose.
    package let port: UInt16
    private let child: ChildProcess

    /// Starts it and waits until it says where it listens.
    ///
    /// - Parameter arguments: beside `--listen`, such as `["--index", path]`.
    /// - Throws: where it ends, or says nothing, within that time; the text tells what it wrote.
    package convenience init(
        _ arguments: [String], environment: [String: String] = [:],
        timeoutSeconds: Double = Subprocess.usualTimeoutSeconds
    ) throws {
        try self.init(
            path: try BuiltProducts.path(of: "foretaste-server"), arguments + ["--listen", "127.0.0.1:0"],
            environment: environment, timeoutSeconds: timeoutSeconds)
    }

    /// As the other, for any program that says where it listens.
    package init(
        path: String, _ arguments: [String], environment: [String: String] = [:],
        timeoutSeconds: Double = Subprocess.usualTimeoutSeconds
    ) throws {
        let child = try ChildProcess(path: path, arguments, environment: environment, mergesErrors: true)
        let deadline = Date(timeIntervalSinceNow: timeoutSeconds)
        guard let port = child.standardOutput.first(before: deadline, Self.port(announcedIn:)) else {
            child.kill()
            throw TestSupportError("\(path) did not say where it listens; it wrote: \(child.writtenSoFar)")
        }
        self.child = child
        self.port = port
    }

    deinit {
        child.kill()
    }

    /// For a server that lives as long as the tests: it is killed when they end, since nothing else lets go of it.
    package func stopAtExit() { AtExit.run { [child] in child.discard() } }

    package var processIdentifier: Int32 { child.processIdentifier }

    /// The port in the first complete line that holds `listening` and `127.0.0.1:PORT`, whatever else the line holds,
    /// so a plain line and a structured one will both do.
    package static func port(announcedIn text: String) -> UInt16? {
        guard let end = text.lastIndex(of: "\n") else { return nil }
        for line in text[..<end].split(separator: "\n") where line.contains("listening") {
            guard let address = line.range(of: "127.0.0.1:") else { continue }
            if let port = UInt16(line[address.upperBound...].prefix { $0.isASCII && $0.isNumber }) { return port }
        }
        return nil
    }

    /// Where it answers HTTP, as its log says; it does so before it says where it listens.
    package var httpPort: UInt16? {
        for line in log.split(separator: "\n") where line.contains("answering HTTP") {
            guard let address = line.range(of: "127.0.0.1:") else { continue }
            return UInt16(line[address.upperBound...].prefix { $0.isASCII && $0.isNumber })
        }
        return nil
    }

    /// What it wrote up to now, on standard output and standard error.
    package var log: String { child.writtenSoFar }

    /// Whether it writes that text within that time.
    package func logs(_ text: String, timeoutSeconds: Double = Subprocess.usualTimeoutSeconds) -> Bool {
        let deadline = Date(timeIntervalSinceNow: timeoutSeconds)
        return child.standardOutput.first(before: deadline) { $0.contains(text) ? true : nil } ?? false
    }

    /// What it holds of the machine's memory; 0 where the system does not tell (it is not Linux).
    package var residentBytes: Int {
        get throws {
            let path = "/proc/\(processIdentifier)/statm"
            guard FileManager.default.fileExists(atPath: path) else { return 0 }
            let fields = try String(contentsOfFile: path, encoding: .utf8).split(separator: " ")
            return (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
        }
    }

    /// Sends a signal and does not wait.
    package func send(signal: Int32) {
        child.send(signal)
    }

    /// Sends SIGTERM and waits for the end. The outcome's output holds standard error too.
    ///
    /// - Throws: where it has not ended within that time; it is then killed.
    @discardableResult
    package func stop(timeoutSeconds: Double = Subprocess.usualTimeoutSeconds) throws -> Subprocess.Outcome {
        try stop(signal: SIGTERM, timeoutSeconds: timeoutSeconds)
    }

    /// As `stop`, by another signal, such as SIGKILL in a test of crashes.
    @discardableResult
    package func stop(signal: Int32, timeoutSeconds: Double = Subprocess.usualTimeoutSeconds) throws
        -> Subprocess.Outcome
    {
        child.send(signal)
        return try waitForEnd(timeoutSeconds: timeoutSeconds)
    }

    /// Waits for the end that something else brings about. To be called once.
    package func waitForEnd(timeoutSeconds: Double = Subprocess.usualTimeoutSeconds) throws -> Subprocess.Outcome {
        guard let outcome = child.wait(timeoutSeconds: timeoutSeconds) else {
            child.kill()
            throw TestSupportError("the server did not end; it wrote: \(child.writtenSoFar)")
        }
        return outcome
    }
}
