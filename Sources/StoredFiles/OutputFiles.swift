#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

// Design note. A command's files appear together, or none does:
//
//     each file is written beside its place ▶ all are synced ▶ what is there is kept by a second name
//     ▶ renamed one after the other ▶ the second names go ▶ the directories are synced
//
// Where a rename fails, those before it are taken back. What no file system offers is several renames in one step: a
// process that is killed between two of them, microseconds apart, leaves the first ones new. Where the file system has no
// hard links there is no second name, and what was replaced before a rename failed stays replaced.

/// Files that are put in their places together.
package struct OutputFiles: ~Copyable {
    private var files: [StagedFile] = []
    /// Of an earlier run, which this one does not have.
    private var removals: [String] = []
    private let faults: FileFaults?

    package init(faults: FileFaults? = nil) { self.faults = faults }

    /// A file of this text, in the place of what is there.
    /// - Parameter isPrivate: where nothing is there yet, the file is its owner's alone.
    package mutating func add(_ text: String, at path: String, isPrivate: Bool = false) throws(FileError) {
        let file = try StagedFile(path, isPrivate: isPrivate)
        try file.append(text)
        files.append(file)
    }

    package mutating func add(_ bytes: some Sequence<UInt8>, at path: String) throws(FileError) {
        let file = try StagedFile(path)
        try file.append { $0 += bytes }
        files.append(file)
    }

    package mutating func add(_ file: StagedFile) { files.append(file) }

    /// Removes a file that is there, when the others take their places.
    package mutating func addRemoval(of path: String) { removals.append(path) }

    /// Where this throws anything but `notDurable`, all is as it was before.
    package consuming func publish() throws(FileError) {
        for file in files { try file.finish() }
        var replaced: [Replaced] = []
        do throws(FileError) {
            for file in files where !file.isDirect {
                let before = try Replaced(file.path)
                do throws(FileError) {
                    try file.place(faults)
                } catch {
                    before.forget()
                    throw error
                }
                replaced.append(before)
            }
            for path in removals { try FileSystem.remove(path) }
        } catch {
            for one in replaced.reversed() { one.takeBack() }
            throw error
        }
        for one in replaced { one.forget() }
        let directories = Set(files.filter { !$0.isDirect }.map { FileSystem.directory(of: $0.path) })
        for directory in directories.sorted() {
            do throws(FileError) {
                try FileSystem.syncDirectory(directory, faults: faults)
            } catch {
                throw FileError(
                    .notDurable, operation: "confirm the files in", path: directory, expected: "success",
                    found: error.found)
            }
        }
    }
}

/// What was in a file's place before it.
private struct Replaced {
    private let path: String
    private let wasThere: Bool
    /// The second name; nil where there was nothing, or the file system gives none.
    private let second: String?

    init(_ path: String) throws(FileError) {
        self.path = path
        wasThere = try FileSystem.kind(of: path, followingLinks: false) != .missing
        let name = PartialFiles.name(in: FileSystem.directory(of: path))
        second = unsafe wasThere && linkat(AT_FDCWD, path, AT_FDCWD, name, 0) == 0 ? name : nil
    }

    /// Puts it back. What fails here cannot be told beside the error that led here.
    func takeBack() {
        if let second {
            unsafe _ = rename(second, path)
        } else if !wasThere {
            unsafe _ = unlink(path)
        }
    }

    func forget() {
        if let second { unsafe _ = unlink(second) }
    }
}
