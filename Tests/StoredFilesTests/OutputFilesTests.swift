import Foundation
import StoredFiles
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files that appear together: all of them, or none.
@Suite struct OutputFilesTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func takeTheirPlacesAndLeaveNothing() throws {
        _ = try folder.write("old", to: "a")
        try folder.makeFolder("deep/er")
        var files = OutputFiles()
        try files.add("new a", at: folder.path("a"))
        try files.add([1, 2, 3] as [UInt8], at: folder.path("deep/er/b"))
        #expect(try folder.text(of: "a") == "old")
        try files.publish()
        #expect(try folder.text(of: "a") == "new a" && folder.bytes(of: "deep/er/b") == [1, 2, 3])
        #expect(try names() == ["a", "deep"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("deep/er")) == ["b"])
    }

    @Test func nothingIsThereWhereTheyAreDropped() throws {
        do {
            var files = OutputFiles()
            try files.add("new", at: folder.path("a"))
        }
        #expect(try names().isEmpty)
    }

    /// The third of four cannot take its place: the first two are as they were, one old, one absent.
    @Test func oneThatFailsTakesTheOthersBack() throws {
        for name in ["a", "c", "d"] { _ = try folder.write("old \(name)", to: name) }
        let third = folder.path("c")
        var files = OutputFiles { operation, path in operation == .rename && path == third ? EIO : nil }
        for name in ["a", "b", "c", "d"] { try files.add("new \(name)", at: folder.path(name)) }
        files.addRemoval(of: folder.path("d"))
        do throws(FileError) {
            try files.publish()
            Issue.record("a rename that failed was not told")
        } catch {
            #expect(error.operation == "replace" && error.path == third)
        }
        #expect(try names() == ["a", "c", "d"])
        for name in ["a", "c", "d"] { #expect(try folder.text(of: name) == "old \(name)") }
    }

    @Test func removalsGoWithTheOthers() throws {
        _ = try folder.write("old", to: "gone")
        var files = OutputFiles()
        try files.add("new", at: folder.path("a"))
        files.addRemoval(of: folder.path("gone"))
        files.addRemoval(of: folder.path("never there"))
        try files.publish()
        #expect(try names() == ["a"])
    }

    /// A device is written as it is: here the disk that is always full.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "this system has no /dev/full"))
    func fullDiskLeavesTheOldFiles() throws {
        _ = try folder.write("old", to: "a")
        var files = OutputFiles()
        try files.add("new", at: folder.path("a"))
        try files.add("new", at: "/dev/full")
        do throws(FileError) {
            try files.publish()
            Issue.record("a full disk was written")
        } catch {
            #expect(error.code == .diskFull && error.description.contains("Free some space"))
        }
        #expect(try folder.text(of: "a") == "old" && names() == ["a"])
    }

    @Test func unconfirmedIsToldAsItIs() throws {
        var files = OutputFiles { operation, _ in operation == .syncDirectory ? EIO : nil }
        try files.add("new", at: folder.path("a"))
        do throws(FileError) {
            try files.publish()
            Issue.record("a failed sync was not told")
        } catch {
            #expect(error.code == .notDurable && error.description.contains("may not survive a power loss"))
        }
        #expect(try folder.text(of: "a") == "new")
    }

    /// A link stays one, and what it leads to is replaced in one step as any file is.
    @Test func linksStayAndWhatTheyLeadToIsReplaced() throws {
        _ = try folder.write("old", to: "target")
        try folder.makeFolder("d")
        for (name, target) in [("link", "target"), ("second", "link"), ("d/up", "../target"), ("dangling", "nowhere")] {
            try FileManager.default.createSymbolicLink(atPath: folder.path(name), withDestinationPath: target)
            var files = OutputFiles()
            try files.add("by \(name)", at: folder.path(name))
            try files.publish()
            let led = try FileManager.default.destinationOfSymbolicLink(atPath: folder.path(name))
            #expect(try led == target && folder.text(of: name) == "by \(name)")
        }
        #expect(try folder.text(of: "target") == "by d/up" && folder.text(of: "nowhere") == "by dangling")
        #expect(try names() == ["d", "dangling", "link", "nowhere", "second", "target"])
        try FileManager.default.createSymbolicLink(atPath: folder.path("circle"), withDestinationPath: "circle")
        #expect(throws: FileError.self) { try StagedFile(folder.path("circle")) }
    }

    @Test func devicesAndWhatAProcessHasOpenAreWrittenAsTheyAre() throws {
        var files = OutputFiles()
        try files.add("x", at: "/dev/null")
        let path = try folder.write("before ", to: "open")
        let descriptor = unsafe open(path, O_WRONLY)
        defer { close(descriptor) }
        // As /dev/stdout, where standard output goes into a file.
        try files.add("after", at: "/dev/fd/\(descriptor)")
        try files.publish()
        #expect(try folder.text(of: "open") == "before after" && names() == ["open"])
        #expect(
            try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
                == .typeCharacterSpecial)
    }

    @Test func permissionsOfTheOldFileStay() throws {
        let path = try folder.write("secret", to: "a")
        unsafe chmod(path, 0o600)
        var files = OutputFiles()
        try files.add("new", at: path)
        try files.publish()
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    /// Of a killed run; others' files of nearly such names, and those of a run that is at work, stay.
    @Test func onlyWhatIsOursAndNobodyHasIsRemoved() throws {
        let ours = ".foretaste-0123456789abcdef.partial"
        let others = [
            "report.html.partial", "build.partial", ".foretaste-0123456789ABCDEF.partial", ".foretaste-.partial",
            ".foretaste-0123456789abcdef0.partial", ".foretaste-0123456789abcdef.partial.gz",
        ]
        for name in [ours] + others { _ = try folder.write("x", to: name) }
        let link = ".foretaste-fedcba9876543210.partial"
        try FileManager.default.createSymbolicLink(
            atPath: folder.path(link), withDestinationPath: folder.path("report.html.partial"))
        var first = OutputFiles()
        try first.add("1", at: folder.path("first"))
        #expect(try !names().contains(ours))
        var second = OutputFiles()
        try second.add("2", at: folder.path("second"))
        try first.publish()
        try second.publish()
        #expect(try names() == (others + [link, "first", "second"]).sorted())
    }

    @Test func directoriesAreNoFiles() throws {
        try folder.makeFolder("d")
        for path in [folder.path("d"), folder.path("new/")] {
            var files = OutputFiles()
            do throws(FileError) {
                try files.add("x", at: path)
                Issue.record("\(path) was taken for a file")
            } catch {
                #expect(error.code == .isDirectory)
            }
        }
        #expect(try names() == ["d"])
    }
}

@Suite struct FileSystemTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    @Test func createNeverWritesThroughALink() throws {
        _ = try folder.write("another's", to: "target")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("a"), withDestinationPath: folder.path("target"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("b"), withDestinationPath: folder.path("nowhere"))
        for name in ["a", "b", "target"] {
            let error = #expect(throws: FileError.self) { try FileSystem.create(folder.path(name), [1]) }
            #expect(error?.code == .notOurs)
        }
        #expect(try folder.text(of: "target") == "another's")
        #expect(!FileManager.default.fileExists(atPath: folder.path("nowhere")))
    }

    @Test func leftoversArePlainFiles() throws {
        _ = try folder.write("x", to: "file")
        try folder.makeFolder("folder")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link"), withDestinationPath: folder.path("file"))
        for name in ["folder", "link"] {
            let error = #expect(throws: FileError.self) { try FileSystem.removeLeftover(folder.path(name)) }
            #expect(error?.code == .notOurs)
        }
        #expect(try FileSystem.removeLeftover(folder.path("file")))
        #expect(try !FileSystem.removeLeftover(folder.path("file")))
    }

    @Test func identitiesAreOfFilesAndNotOfPaths() throws {
        let path = try folder.write("x", to: "file")
        let other = try folder.write("x", to: "other")
        try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: path)
        #expect(unsafe link(path, folder.path("hard")) == 0)
        let identity = FileIdentity(of: path)
        #expect(identity != nil)
        for same in ["link", "hard", "./file"] { #expect(FileIdentity(of: folder.path(same)) == identity) }
        #expect(FileIdentity(of: other) != identity && FileIdentity(of: folder.path("none")) == nil)
    }
}
