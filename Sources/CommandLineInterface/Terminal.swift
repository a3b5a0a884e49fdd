import Printing

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
                guard count > 0 else { return }
                offset += count
            }
        }
    }
}
