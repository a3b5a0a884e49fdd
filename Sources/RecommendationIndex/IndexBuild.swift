package import KeyValueStore
internal import StoredFiles

/// A build that has an index directory to itself until the value is dropped, and publishes at most one version.
package struct IndexBuild: ~Copyable {
    package let directory: IndexDirectory
    private let lock: FileLock

    init(directory: IndexDirectory, lock: consuming FileLock) {
        self.directory = directory
        self.lock = lock
    }

    /// What a caller may choose; the defaults are right for everyone but tests.
    package struct Options: Sendable {
        /// Versions that stay, the new one included; at least 1.
        package var keptVersionCount = IndexDirectory.defaultKeptVersionCount
        package var blockByteLimit = IndexFormat.defaultBlockByteLimit
        package var faults: StoreFaults?

        package init() {}
    }

    package struct Published: Sendable, Equatable {
        /// The name of the new version, which is current.
        package let version: String
        /// Why versions beyond those to keep could not be removed; the next build tries again.
        package let removalError: IndexError?
    }

    /// Writes, verifies and publishes. Where it throws, nothing is published, nothing is left behind, and the version
    /// that was current still is.
    package consuming func publish(
        _ contents: IndexContents, options: Options = Options()
    ) throws(IndexError) -> Published {
        precondition(options.keptVersionCount >= 1)
        let partial = directory.partialVersionPath
        // The writer opens it by its name: made here, it is nobody else's.
        try withFiles { () throws(FileError) in try FileSystem.create(partial, []) }
        do throws(IndexError) {
            let checksum = try IndexWriter.write(
                contents, to: partial, blockByteLimit: options.blockByteLimit, faults: options.faults)
            let name = VersionName(
                createdMilliseconds: contents.facts.createdMilliseconds, manifestChecksum: checksum
            ).text
            try withFiles { () throws(FileError) in try FileSystem.sync(partial) }
            try verify(partial, version: name)
            return try publish(partial, as: name, keptCount: options.keptVersionCount)
        } catch {
            // The first error is the one to tell; what cannot be removed is the next build's.
            _ = Result { () throws(FileError) in try FileSystem.remove(partial) }
            throw error
        }
    }

    private borrowing func verify(_ partial: String, version: String) throws(IndexError) {
        let findings = try RecommendationIndex.openForVerification(versionFile: partial, version: version).verify()
        guard let first = findings.first else { return }
        throw IndexError(
            .verificationFailed, operation: "verify", path: partial, expected: "\(first.section): \(first.expected)",
            found: "\(first.found) (\(findings.count) findings)")
    }

    private borrowing func publish(
        _ partial: String, as name: String, keptCount: Int
    ) throws(IndexError) -> Published {
        let lock = try directory.publishLock()
        // A pointer that is not there yet, or is damaged, names no version to keep.
        let previous = try? directory.currentVersion()
        let file = directory.file(ofVersion: name)
        try withFiles { () throws(FileError) in try FileSystem.move(partial, to: file) }
        do throws(IndexError) {
            try withFiles { () throws(FileError) in try FileSystem.syncDirectory(directory.versionsPath) }
            try directory.point(to: name)
        } catch {
            // A pointer that cannot be read does not name this version.
            let isCurrent = (try? directory.currentVersion()) == name
            // It does where it was replaced and only its durability is in doubt, or where the same version was there before.
            if !isCurrent { _ = Result { () throws(FileError) in try FileSystem.remove(file) } }
            throw error
        }
        var removalError: IndexError?
        do throws(IndexError) {
            try directory.removeOldVersions(current: name, previous: previous, keptCount: keptCount)
        } catch {
            removalError = error
        }
        lock.release()
        return Published(version: name, removalError: removalError)
    }
}
