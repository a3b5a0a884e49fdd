import StoredFiles

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A directory that a command fills with files.
struct OutputDirectory {
    let path: String

    /// Whether files could be written there, before the work whose results they are; nothing is made yet.
    func check(option: String = "out") throws {
        var nearest = path
        while unsafe access(nearest, F_OK) != 0, errno == ENOENT, nearest != "/", nearest != "." {
            nearest =
                nearest.contains("/") ? String(nearest[..<(nearest.lastIndex(of: "/") ?? nearest.startIndex)]) : "."
            if nearest.isEmpty { nearest = "/" }
        }
        guard unsafe access(nearest + "/.", W_OK | X_OK) == 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw RunFailure(
                description:
                    "cannot write into \(path): \(nearest): \(reason). Give another directory with --\(option).")
        }
    }

    /// Puts the files, by their names, into the directory, which is made where it is missing: all together, or none.
    /// `absent`: files of an earlier run that this one does not have.
    func write(_ files: [(name: String, text: String)], absent: [String] = []) throws {
        try FileSystem.makeDirectories(path)
        var output = OutputFiles()
        for (name, text) in files { try output.add(text, at: "\(path)/\(name)") }
        for name in absent { output.addRemoval(of: "\(path)/\(name)") }
        try output.publish()
    }
}
