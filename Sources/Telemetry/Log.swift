internal import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A structured log of one line per event. Usable from any thread without a lock.
///
/// A loop that logs must not wait for whoever reads the log: where the descriptor accepts nothing for
/// `patienceMilliseconds`, the line is dropped and counted, and further lines are dropped at once until it accepts
/// again. The next line that gets through is followed by one that tells the number.
package final class Log: Sendable {
    /// Long enough for a reader that was only descheduled, short beside a request's deadline.
    static let patienceMilliseconds: Int32 = 10

    private let fileDescriptor: Int32
    private let format: LogFormat
    private let levelValue: Atomic<UInt8>
    private let droppedCount = Atomic<Int>(0)

    /// - Parameter fileDescriptor: stays open as long as the log is used; it is never closed here.
    package init(level: LogLevel = .info, format: LogFormat = .text, fileDescriptor: Int32 = STDERR_FILENO) {
        self.format = format
        self.fileDescriptor = fileDescriptor
        levelValue = Atomic(level.rawValue)
    }

    package var level: LogLevel {
        get { LogLevel(rawValue: levelValue.load(ordering: .relaxed)) ?? .info }
        set { levelValue.store(newValue.rawValue, ordering: .relaxed) }
    }

    /// Lines that could not be written and were not reported yet.
    package var dropped: Int { droppedCount.load(ordering: .relaxed) }

    package func debug(_ message: String, _ fields: @autoclosure () -> LogFields = [:]) {
        if isEnabled(.debug) { write(.debug, message, fields()) }
    }

    package func info(_ message: String, _ fields: @autoclosure () -> LogFields = [:]) {
        if isEnabled(.info) { write(.info, message, fields()) }
    }

    package func warning(_ message: String, _ fields: @autoclosure () -> LogFields = [:]) {
        if isEnabled(.warning) { write(.warning, message, fields()) }
    }

    package func error(_ message: String, _ fields: @autoclosure () -> LogFields = [:]) {
        if isEnabled(.error) { write(.error, message, fields()) }
    }

    package func isEnabled(_ level: LogLevel) -> Bool {
        level.rawValue >= levelValue.load(ordering: .relaxed)
    }

    private func write(_ level: LogLevel, _ message: String, _ fields: LogFields) {
        let line = LogLine(
            milliseconds: WallClock.milliseconds(), level: level, message: message, fields: fields, format: format)
        guard writeWhole(line.bytes) else {
            droppedCount.add(1, ordering: .relaxed)
            return
        }
        let lost = droppedCount.exchange(0, ordering: .relaxed)
        guard lost > 0 else { return }
        let notice = LogLine(
            milliseconds: WallClock.milliseconds(), level: .warning, message: "log lines were dropped",
            fields: ["count": .integer(lost)], format: format)
        if !writeWhole(notice.bytes) { droppedCount.add(lost, ordering: .relaxed) }
    }

    /// A descriptor that is writable takes a line of `LogLine.byteLimit` bytes without blocking.
    private func writeWhole(_ bytes: [UInt8]) -> Bool {
        let patience = droppedCount.load(ordering: .relaxed) == 0 ? Self.patienceMilliseconds : 0
        var written = 0
        while written < bytes.count {
            var watched = pollfd(fd: fileDescriptor, events: Int16(POLLOUT), revents: 0)
            guard unsafe poll(&watched, 1, patience) == 1 else { return false }
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[written...])
                return unsafe systemWrite(fileDescriptor, rest)
            }
            if count < 0 && errno != EINTR { return false }
            written += max(count, 0)
        }
        return true
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
        unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #else
        unsafe Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
}
