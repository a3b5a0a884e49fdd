package import StoredFiles

/// What lies in a live store's directory.
package struct LiveStoreFiles: Sendable {
    package let directory: String
    package var data: String { "\(directory)/live.mdb" }
    package var lock: String { "\(directory)/lock" }
    /// LMDB's, of the readers of all processes.
    package var readers: String { "\(directory)/live.mdb-lock" }
    /// Of a restore that takes its place at the end.
    package var partial: String { "\(directory)/live.partial" }

    private static let names: Set<String> = ["live.mdb", "live.mdb-lock", "lock", "live.partial", "live.partial-lock"]

    package init(directory: String) { self.directory = directory }

    /// Makes the directory where it is missing, for its owner alone. One that holds other things is refused.
    package func prepare() throws(FileError) {
        try FileSystem.makePrivateDirectory(directory)
        guard try FileSystem.kind(of: data) == .missing else { return }
        if let other = try firstOther() {
            throw FileError(
                .notOurs, operation: "use as a live store", path: directory,
                expected: "an empty directory, or a live store",
                found: "'\(other)'")
        }
    }

    /// A file that no live store has; nil where there is none.
    package func firstOther() throws(FileError) -> String? {
        try FileSystem.names(in: directory).first { !Self.names.contains($0) }
    }
}
