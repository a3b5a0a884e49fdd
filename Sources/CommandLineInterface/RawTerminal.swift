#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The terminal at standard input, whose keys come one by one for as long as this lives. Afterwards it is as it was.
package final class RawTerminal {
    private let before: termios
    private let output = Terminal.standardOutput

    /// Whether a person types and reads.
    package static var isPresent: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

    /// Nil where standard input is no terminal.
    package init?() {
        var attributes = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &attributes) == 0 else { return nil }
        before = attributes
        // Keys as they come, unechoed; what is written ends its lines as ever, and Ctrl-Z still stops the program.
        attributes.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN)
        attributes.c_iflag &= ~tcflag_t(ICRNL | IXON)
        unsafe withUnsafeMutableBytes(of: &attributes.c_cc) { keys in
            // Ctrl-C is a key here: it gives up a line, not the session.
            unsafe keys[Int(VINTR)] = 0
            unsafe keys[Int(VQUIT)] = 0
            unsafe keys[Int(VMIN)] = 1
            unsafe keys[Int(VTIME)] = 0
        }
        guard unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &attributes) == 0 else { return nil }
    }

    deinit {
        var attributes = before
        _ = unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &attributes)
    }

    package var columnCount: Int { output.columnCount ?? 80 }

    /// Nil once nothing follows.
    package func readByte() -> UInt8? {
        var byte: UInt8 = 0
        while true {
            let count = unsafe read(STDIN_FILENO, &byte, 1)
            if count < 0 && errno == EINTR { continue }
            return count == 1 ? byte : nil
        }
    }

    /// What `LineEditor.screen` made.
    package func show(_ screen: String) { output.writeAsIs(screen) }

    package func endLine() { output.writeAsIs("\n") }
    package func clear() { output.writeAsIs("\u{1B}[2J\u{1B}[H") }

    /// Words in columns, as a shell lists files.
    package func list(_ words: [String]) {
        let width = (words.map { DisplayWidth.columns(of: $0) }.max() ?? 0) + 2
        let count = max(columnCount / width, 1)
        for start in stride(from: 0, to: words.count, by: count) {
            let row = words[start..<min(start + count, words.count)].map { word in
                word + String(repeating: " ", count: width - DisplayWidth.columns(of: word))
            }
            output.write(row.joined() + "\n")
        }
    }
}
