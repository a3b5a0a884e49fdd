#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A directory that a command fills with files.
struct OutputDirectory {
    let path: String

    /// Whether files could be written there, before the work whose results they are; nothing is made yet.
    func check() throws {
        var nearest = path
        while unsafe access(nearest, F_OK) != 0, errno == ENOENT, nearest != "/", nearest != "." {
            nearest =
                nearest.contains("/") ? String(nearest[..<(nearest.lastIndex(of: "/") ?? nearest.startIndex)]) : "."
            if nearest.isEmpty { nearest = "/" }
        }
        guard unsafe access(nearest + "/.", W_OK | X_OK) == 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw RunFailure(
                description: "cannot write into \(path): \(nearest): \(reason). Give another directory with --out.")
        }
    }

    /// Makes the directory where it is missing.
    func make() throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw RunFailure(
                description: "cannot make the directory \(path): \(Self.reason(error)). Give another one with --out.")
        }
    }

    /// In place of what the file was; it is never seen half written.
    func write(_ text: String, to name: String) throws {
        do {
            try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"), options: .atomic)
        } catch {
            throw RunFailure(description: "cannot write \(path)/\(name): \(Self.reason(error))")
        }
    }

    /// Removes a file of an earlier run that this one does not have.
    func removeIfThere(_ name: String) throws {
        guard unsafe unlink("\(path)/\(name)") != 0, errno != ENOENT else { return }
        throw RunFailure(
            description: "cannot remove \(path)/\(name), of an earlier run: \(unsafe String(cString: strerror(errno)))")
    }

    /// What the system says, without the name of Foundation's error.
    private static func reason(_ error: any Error) -> String {
        guard let underlying = unsafe (error as? CocoaError)?.userInfo["NSUnderlyingError"] as? POSIXError else {
            return "\(error)"
        }
        return unsafe String(cString: strerror(underlying.code.rawValue))
    }
}
