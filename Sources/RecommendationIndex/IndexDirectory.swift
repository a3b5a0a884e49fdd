package import StoredFiles

// The directory of an index:
//
//     NAME.index/
//       CURRENT                  the name of the current version and a line feed; replaced by renaming
//       build.lock               held by a build from start to end
//       publish.lock             held for the moment in which CURRENT and the set of versions change
//       versions/<name>.lmdb     immutable once it has this name
//       CURRENT.partial, versions/build.partial
//                                of a build that runs or was interrupted; the next build removes them
//
// Nothing else is removed or written: what lies under one of these names and cannot be a build's, as a symbolic link or a
// CURRENT that names no version, is an error.
//
// A version is written under a .partial name, synced, verified and renamed; then CURRENT is. A crash at any moment
// leaves CURRENT naming a whole version. Locks are the kernel's: they go with the process, however it ends, and the
// lock files stay, readable by their owner only.

/// The versions of an index in a directory.
package struct IndexDirectory: Sendable {
    package let path: String
    /// For tests.
    package var faults: FileFaults?

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
    private var partialCurrentPath: String { currentPath + Self.partialExtension }
    var partialVersionPath: String { versionsPath + "/build" + Self.partialExtension }

    package func file(ofVersion name: String) -> String {
        versionsPath + "/" + name + IndexFormat.versionFileExtension
    }

    /// The name that CURRENT holds.
    package func currentVersion() throws(IndexError) -> String {
        try checkIsIndex()
        let bytes = try withFiles(reading: true) { () throws(FileError) in try FileSystem.readSmallFile(currentPath) }
        guard let name = Self.version(named: bytes) else {
            throw IndexError(
                .damaged, operation: "open", path: currentPath, expected: "the name of a version",
                found: String(reflecting: String(String(decoding: bytes, as: UTF8.self).prefix(80))))
        }
        return name.text
    }

    private static func version(named bytes: [UInt8]) -> VersionName? {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.hasSuffix("\n") ? VersionName(String(text.dropLast())) : nil
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
        guard VersionName(version) != nil, try kind(of: file(ofVersion: version)) == .file else {
            let known = try versionNames().joined(separator: ", ")
            throw IndexError(
                .noSuchVersion, operation: "activate", path: path, expected: "one of \(known)", found: version)
        }
        let lock = try publishLock()
        // A version that cannot be opened is no version to go back to.
        _ = try RecommendationIndex.open(versionFile: file(ofVersion: version), version: version)
        try checkCurrentIsOurs()
        try point(to: version)
        lock.release()
    }

    /// Starts a build: takes the directory, made if it is missing, and clears what an interrupted build left.
    /// Throws at once where another build has it.
    package func beginBuild() throws(IndexError) -> IndexBuild {
        switch try kind(of: path) {
        case .file, .link, .other:
            throw IndexError(
                .notWritable, operation: "build", path: path, expected: "a directory or a new name", found: "a file")
        case .missing, .directory: break
        }
        try withFiles { () throws(FileError) in try FileSystem.makeDirectory(path) }
        try checkCurrentIsOurs()
        try withFiles { () throws(FileError) in try FileSystem.makeDirectory(versionsPath) }
        let lockPath = path + "/build.lock"
        let held = try withFiles { () throws(FileError) in try FileLock(lockPath, waiting: false) }
        guard let lock = held else {
            throw IndexError(
                .buildInProgress, operation: "build", path: path, expected: "no other build into this directory",
                found: "one that runs (\(FileLock.holder(of: lockPath)))")
        }
        try withFiles { () throws(FileError) in try FileSystem.removeLeftover(partialVersionPath) }
        // Another process may be making a version current at this moment.
        let publishing = try publishLock()
        try withFiles { () throws(FileError) in try FileSystem.removeLeftover(partialCurrentPath) }
        publishing.release()
        return IndexBuild(directory: self, lock: lock)
    }

    // MARK: For builds

    /// Waits for the holder, which has it for milliseconds only.
    func publishLock() throws(IndexError) -> FileLock {
        let held = try withFiles { () throws(FileError) in try FileLock(path + "/publish.lock", waiting: true) }
        guard let lock = held else {
            throw IndexError(.inputOutput, operation: "lock", path: path, expected: "the lock", found: "none")
        }
        return lock
    }

    /// Replaces CURRENT in one step; returns when the disk has it. The publish lock is held.
    func point(to version: String) throws(IndexError) {
        let partial = partialCurrentPath
        try withFiles { () throws(FileError) in
            try FileSystem.removeLeftover(partial)
            try FileSystem.create(partial, Array((version + "\n").utf8))
            do throws(FileError) {
                try FileSystem.move(partial, to: currentPath, faults: faults)
            } catch {
                // The first error is the one to tell; what cannot be removed is the next build's.
                _ = Result { () throws(FileError) in try FileSystem.remove(partial) }
                throw error
            }
        }
        do throws(FileError) {
            try FileSystem.syncDirectory(path, faults: faults)
        } catch {
            throw IndexError(
                .notDurable, operation: "confirm version \(version)", path: path, expected: "success",
                found: error.found)
        }
    }

    /// Deletes versions beyond the newest: `current` and `previous` stay, then the newest up to `keptCount` in all.
    /// Readers keep what they have open.
    func removeOldVersions(current: String, previous: String?, keptCount: Int) throws(IndexError) {
        let names = try versionNames()
        var kept = [current]
        if keptCount > 1, let previous, previous != current, names.contains(previous) { kept.append(previous) }
        for name in names.reversed() where kept.count < keptCount && !kept.contains(name) { kept.append(name) }
        for name in names where !kept.contains(name) {
            try withFiles { () throws(FileError) in try FileSystem.remove(file(ofVersion: name)) }
        }
    }

    private func kind(of path: String, followingLinks: Bool = true) throws(IndexError) -> FileSystem.Kind {
        try withFiles(reading: true) { () throws(FileError) in
            try FileSystem.kind(of: path, followingLinks: followingLinks)
        }
    }

    /// Throws where CURRENT is something else than a build writes: it would be replaced. An empty one may be left of a power
    /// loss, where there are versions.
    private func checkCurrentIsOurs() throws(IndexError) {
        let kind = try kind(of: currentPath, followingLinks: false)
        if kind == .missing { return }
        var found = "what is no plain file"
        if kind == .file {
            let bytes = try withFiles(reading: true) { () throws(FileError) in try FileSystem.readSmallFile(currentPath)
            }
            if Self.version(named: bytes) != nil { return }
            if bytes.isEmpty, try self.kind(of: versionsPath) == .directory, try !versionNames().isEmpty { return }
            found = String(reflecting: String(String(decoding: bytes, as: UTF8.self).prefix(80)))
        }
        throw IndexError(
            .foreignFile, operation: "write", path: currentPath, expected: "no file, or one that names a version",
            found: found)
    }

    private func checkIsIndex() throws(IndexError) {
        switch try kind(of: path) {
        case .missing:
            throw IndexError(
                .pathMissing, operation: "open", path: path, expected: "the directory of an index", found: "nothing")
        case .file, .link, .other:
            throw IndexError(
                .notAnIndex, operation: "open", path: path, expected: "the directory of an index", found: "a file")
        case .directory: break
        }
        guard try kind(of: currentPath) == .file else {
            throw IndexError(
                .notAnIndex, operation: "open", path: path, expected: "a directory with a file CURRENT",
                found: "none in it: not an index, or no build has ended yet")
        }
    }

    /// Oldest first.
    private func versionNames() throws(IndexError) -> [String] {
        var names: [VersionName] = []
        let files = try withFiles(reading: true) { () throws(FileError) in try FileSystem.names(in: versionsPath) }
        for file in files where file.hasSuffix(IndexFormat.versionFileExtension) {
            if let name = VersionName(String(file.dropLast(IndexFormat.versionFileExtension.count))) {
                names.append(name)
            }
        }
        return names.sorted().map(\.text)
    }
}
