import CommandLineInterface
import Foundation
import TestSupport

/// A file in place of a terminal.
final class TextCapture {
    let terminal: Terminal
    private let file: FileHandle
    private let path: String
    private let folder: TemporaryDirectory?

    init() {
        let folder = try? TemporaryDirectory()
        let path = folder.flatMap { try? $0.write("", to: "captured") } ?? "/dev/null"
        let file = FileHandle(forWritingAtPath: path) ?? .nullDevice
        self.folder = folder
        self.path = path
        self.file = file
        terminal = Terminal(descriptor: file.fileDescriptor)
    }

    /// What was written up to now.
    var text: String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? "nothing was captured"
    }
}
