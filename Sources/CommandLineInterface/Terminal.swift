import Printing
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Standard output or standard error, written without a buffer, and what is known of the screen behind it.
package struct Terminal: Sendable {
    package static let standardOutput = Terminal(descriptor: STDOUT_FILENO)
    package static let standardError = Terminal(descriptor: STDERR_FILENO)

    private let descriptor: Int32

    private struct OutputState {
        /// Standard output was closed when the program began; its number leads nowhere.
        var isClosed = false
        /// The first error number of a write that failed for another reason than that its reader has gone.
        var failure: Int32?
    }

    private static let output = Mutex(OutputState())

    /// Why standard output could not be written; nil where it could, or nothing was.
    static var outputFailure: String? {
        output.withLock { $0.failure }.map { unsafe String(cString: strerror($0)) }
    }

    static func noteClosedOutput() { output.withLock { $0.isClosed = true } }

    private static func note(failure number: Int32?) {
        output.withLock { state in
            guard let number = number ?? (state.isClosed ? EBADF : nil), number != EPIPE else { return }
            state.failure = state.failure ?? number
        }
    }

    /// Borrows the descriptor: the caller closes it, after the last write.
    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    package var isInteractive: Bool { isatty(descriptor) == 1 }

    /// The width at this moment, or nil where nothing is known of it.
    package var columnCount: Int? {
        var size = winsize()
        let status = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size)
        return status == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
    }

    /// Writes all of the text, in which nothing but line feeds and tabs makes the terminal do anything: see `PrintableText`.
    package func write(_ text: String) { writeAsIs(PrintableText.lines(text)) }

    /// Writes all of the text, what controls the terminal included: for texts of our own. A reader that has gone away ends the
    /// writing without an error: there is nobody left to tell.
    func writeAsIs(_ text: String) {
        if descriptor == STDOUT_FILENO { Self.note(failure: nil) }
        var text = text
        text.withUTF8 { bytes in
            var offset = 0
            while offset < bytes.count {
                let rest = unsafe UnsafeBufferPointer(rebasing: bytes[offset...])
                #if canImport(Glibc)
                    let count = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
                #else
                    let count = unsafe Darwin.write(descriptor, rest.baseAddress, rest.count)
                #endif
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else {
                    if descriptor == STDOUT_FILENO { Self.note(failure: errno) }
                    return
                }
                offset += count
            }
        }
    }
}
