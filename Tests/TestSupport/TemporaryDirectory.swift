import Foundation

/// A fresh empty folder that is removed, with all that is in it, when the last reference goes.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("foretaste-test-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        path = url.path
    }

    /// For one that lives as long as the tests.
    package func removeAtExit() { AtExit.run { [self] in remove() } }

    deinit { remove() }

    /// Before its time: for one that a global holds.
    func remove() {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            Diagnostics.report("the temporary folder \(path) stays behind: \(error)")
        }
    }

    package func path(_ name: String) -> String {
        "\(path)/\(name)"
    }

    /// Makes a folder, where it is not there yet.
    package func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
    }

    /// Writes a file and returns its path.
    package func write(_ text: String, to name: String) throws -> String {
        try write(Array(text.utf8), to: name)
    }

    /// Writes a file and returns its path.
    package func write(_ bytes: [UInt8], to name: String) throws -> String {
        let path = path(name)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    package func bytes(of name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }

    package func text(of name: String) throws -> String {
        String(decoding: try bytes(of: name), as: UTF8.self)
    }
}
