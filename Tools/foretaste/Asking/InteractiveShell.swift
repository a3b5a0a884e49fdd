import CommandLineInterface
import ServerClient
import StoredFiles

/// `foretaste shell` at a terminal: lines with editing, completion and a history.
struct InteractiveShell {
    private let session: ShellSession
    private let history: HistoryFile

    init(_ session: ShellSession, history: HistoryFile) {
        self.session = session
        self.history = history
    }

    func run() {
        var editor = LineEditor(history: history.read())
        let completion = ShellCompletion(servers: session.serverNames)
        Terminal.standardOutput.write("help lists the methods, Tab completes, quit ends.\n")
        while let line = read(&editor, completion) {
            var trimmed = line.drop { $0 == " " }
            while trimmed.last == " " { trimmed.removeLast() }
            let text = String(trimmed)
            guard !text.isEmpty else { continue }
            // Keys are not kept.
            if !text.hasPrefix("auth") { editor.remember(text) }
            if case .ended = session.take(text) { break }
        }
        history.write(editor.history)
    }

    /// Nil at the end of the input.
    private func read(_ editor: inout LineEditor, _ completion: ShellCompletion) -> String? {
        guard let terminal = RawTerminal() else { return readLine() }
        let prompt = "\(session.reach.name)> "
        terminal.show(editor.screen(prompt: prompt, columnCount: terminal.columnCount))
        while let byte = terminal.readByte() {
            switch editor.take(byte, complete: completion.completion) {
            case .editing: break
            case .entered(let line):
                terminal.endLine()
                return line
            case .abandoned: terminal.endLine()
            case .ended:
                terminal.endLine()
                return nil
            case .choices(let words):
                terminal.endLine()
                terminal.list(words)
            case .clearsScreen: terminal.clear()
            }
            terminal.show(editor.screen(prompt: prompt, columnCount: terminal.columnCount))
        }
        return nil
    }
}

/// What was entered in earlier sessions: a line each, for its owner alone.
struct HistoryFile {
    private static let byteLimit = 4 << 20

    private let path: String?

    /// - Parameter path: nil: nothing is kept.
    init(_ path: String?) { self.path = path }

    /// Nothing where there is none, or none that can be read.
    func read() -> [String] {
        // A first session has none, and a history that cannot be read is no reason to ask nothing.
        guard let path, let bytes = try? FileSystem.readFile(path, byteLimit: Self.byteLimit) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map { String($0) }
    }

    func write(_ lines: [String]) {
        guard let path, !lines.isEmpty else { return }
        do {
            var files = OutputFiles()
            try files.add(lines.joined(separator: "\n") + "\n", at: path, isPrivate: true)
            try files.publish()
        } catch {
            Terminal.standardError.write("the lines are not kept: \(error)\n")
        }
    }
}
