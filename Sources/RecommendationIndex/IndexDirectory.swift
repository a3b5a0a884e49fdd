// The directory of an index:
//
//     NAME.index/
//       CURRENT                  the name of the current version and a line feed; replaced by renaming
//       build.lock               held by a build from start to end
//       publish.lock             held for the moment in which CURRENT and the set of versions change
//       versions/<name>.lmdb     immutable once it has this name
//       **/*.partial             of a build that runs or was interrupted; the next build removes it
//
// A version is written under a .partial name, synced, verified and renamed; then CURRENT is. A crash at any moment
// leaves CURRENT naming a whole version. Locks are the kernel's: they go with the process, however it ends, and the
// empty lock files stay.

/// The versions of an index in a directory.
package struct IndexDirectory: Sendable {
    package let path: String

    /// One for service and one to go back to.
    package static let defaultKeptVersionCount = 2
    static let partialExtension = ".partial"

    package init(path: String) {
        // A path is a name here and is joined to names.
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    package struct Version: Sendable, Equatable {
        package let name: String
        package let byteCount: Int
        package let isCurrent: Bool
    }

    var currentPath: String { path + "/CURRENT" }
    var versionsPath: String { path + "/versions" }

    package func file(ofVersion name: String) -> String {
        versionsPath + "/" + name + IndexFormat.versionFileExtension
    }

    /// The name that CURRENT holds.
    package func currentVersion() throws(IndexError) -> String {
        try checkIsIndex()
        let bytes = try FileSystem.readSmallFile(currentPath)
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasSuffix("\n"), let name = VersionName(String(text.dropLast())) else {
            throw IndexError(
                .damaged, operation: "open", path: currentPath, expected: "the name of a version",
                found: "\"\(text.prefix(80))\"")
        }
        return name.text
    }

    /// Newest first.
    package func versions() throws(IndexError) -> [Version] {
        let current = try currentVersion()
        return try versionNames().reversed().map { name in
            Version(name: name, byteCount: FileSystem.byteCount(of: file(ofVersion: name)), isCurrent: name == current)
        }
    }

    /// Makes a version current, an older one to roll back. Possible while a build runs.
    package func activate(_ version: String) throws(IndexError) {
        try checkIsIndex()
        guard VersionName(version) != nil, FileSystem.kind(of: file(ofVersion: version)) == .file else {
            let known = try versionNames().joined(separator: ", ")
            throw IndexError(
                .noSuchVersion, operation: "activate", path: path, expected: "one of \(known)", found: version)
        }
        let lock = try publishLock()
        // A version that cannot be opened is no version to go back to.
        _ = try RecommendationIndex.open(versionFile: file(ofVersion: version), version: version)
        try point(to: version)
        lock.release()
    }

    /// Starts a build: takes the directory, made if it is missing, and clears what an interrupted build left.
    /// Throws at once where another build has it.
    package func beginBuild() throws(IndexError) -> IndexBuild {
        switch FileSystem.kind(of: path) {
        case .file, .other:
            throw IndexError(
                .notWritable, operation: "build", path: path, expected: "a directory or a new name", found: "a file")
        case .missing, .directory: break
        }
        try FileSystem.makeDirectory(path)
        try FileSystem.makeDirectory(versionsPath)
        guard let lock = try FileLock(path + "/build.lock", waiting: false) else {
            throw IndexError(
                .buildInProgress, operation: "build", path: path, expected: "no other build into this directory",
                found: "one that runs")
        }
        try removePartialFiles()
        return IndexBuild(directory: self, lock: lock)
    }

    // MARK: For builds

    /// Waits for the holder, which has it for milliseconds only.
    func publishLock() throws(IndexError) -> FileLock {
        guard let lock = try FileLock(path + "/publish.lock", waiting: true) else {
            throw IndexError(.inputOutput, operation: "lock", path: path, expected: "the lock", found: "none")
        }
        return lock
    }

    /// Replaces CURRENT in one step; returns when the disk has it.
    func point(to version: String) throws(IndexError) {
        let partial = currentPath + Self.partialExtension
        do throws(IndexError) {
            try FileSystem.writeSmallFile(partial, Array((version + "\n").utf8))
            try FileSystem.sync(partial)
            try FileSystem.move(partial, to: currentPath)
            try FileSystem.sync(path)
        } catch {
            // The first error is the one to tell; what cannot be removed is the next build's.
            _ = Result { () throws(IndexError) in try FileSystem.remove(partial) }
            throw error
        }
    }

    /// Deletes versions beyond the newest: `current` and `previous` stay, then the newest up to `keptCount` in all.
    /// Readers keep what they have open.
    func removeOldVersions(current: String, previous: String?, keptCount: Int) throws(IndexError) {
        let names = try versionNames()
        var kept = [current]
        if keptCount > 1, let previous, previous != current, names.contains(previous) { kept.append(previous) }
        for name in names.reversed() where kept.count < keptCount && !kept.contains(name) { kept.append(name) }
        for name in names where !kept.contains(name) { try FileSystem.remove(file(ofVersion: name)) }
    }

    private func removePartialFiles() throws(IndexError) {
        for directory in [path, versionsPath] {
            for name in try FileSystem.names(in: directory) where name.hasSuffix(Self.partialExtension) {
                try FileSystem.remove(directory + "/" + name)
            }
        }
    }

    private func checkIsIndex() throws(IndexError) {
        switch FileSystem.kind(of: path) {
        case .missing:
            throw IndexError(
                .pathMissing, operation: "open", path: path, expected: "the directory of an index", found: "nothing")
        case .file, .other:
            throw IndexError(
                .notAnIndex, operation: "open", path: path, expected: "the directory of an index", found: "a file")
        case .directory: break
        }
        guard FileSystem.kind(of: currentPath) == .file else {
            throw IndexError(
                .notAnIndex, operation: "open", path: path, expected: "a directory with a file CURRENT",
                found: "none in it: not an index, or no build has ended yet")
        }
    }

    /// Oldest first.
    private func versionNames() throws(IndexError) -> [String] {
        var names: [VersionName] = []
        for file in try FileSystem.names(in: versionsPath) where file.hasSuffix(IndexFormat.versionFileExtension) {
            if let name = VersionName(String(file.dropLast(IndexFormat.versionFileExtension.count))) {
                names.append(name)
            }
        }
        return names.sorted().map(\.text)
    }
}
