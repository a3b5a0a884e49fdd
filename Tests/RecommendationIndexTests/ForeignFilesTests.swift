import Foundation
import RecommendationIndex
import StoredFiles
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Only what is recognisably a build's is removed or replaced.
@Suite struct ForeignFilesTests {
    private let directory: TemporaryDirectory
    private let index: IndexDirectory

    init() throws {
        directory = try TemporaryDirectory()
        index = IndexDirectory(path: directory.path("a.index"))
    }

    private func contents(_ number: Int) -> IndexContents {
        var contents = SampleContents.make(itemCount: 10 + number, userCount: 5)
        contents.facts.createdMilliseconds += Int64(number) * 1000
        return contents
    }

    private func error(_ body: () throws(IndexError) -> Void) -> IndexError? {
        do throws(IndexError) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test func partialFilesOfOthersStay() throws {
        _ = try index.beginBuild().publish(contents(1))
        let others = ["notes.partial", "versions/film.partial", "CURRENT.partial.partial", "versions/build.partial.gz"]
        for name in others { _ = try directory.write("mine", to: "a.index/\(name)") }
        try directory.makeFolder("a.index/folder.partial")
        _ = try index.beginBuild().publish(contents(2))
        for name in others { #expect(try directory.text(of: "a.index/\(name)") == "mine") }
        #expect(FileManager.default.fileExists(atPath: directory.path("a.index/folder.partial")))
    }

    @Test(arguments: ["electric current: 3 A\n", "20260131T235959.123Z-0123abcd and more\n", "\n", "x"])
    func aForeignPointerIsRefused(text: String) throws {
        try directory.makeFolder("a.index")
        _ = try directory.write(text, to: "a.index/CURRENT")
        let refused = error { () throws(IndexError) in _ = try index.beginBuild() }
        #expect(refused?.code == .foreignFile && refused?.path == index.path + "/CURRENT")
        #expect(try directory.text(of: "a.index/CURRENT") == text)
        #expect(try FileManager.default.contentsOfDirectory(atPath: index.path) == ["CURRENT"])
    }

    /// A pointer that a power loss emptied is one of ours, where there are versions.
    @Test func anEmptyPointerOfAnIndexIsMended() throws {
        _ = try index.beginBuild().publish(contents(1))
        _ = try directory.write("", to: "a.index/CURRENT")
        let version = try index.beginBuild().publish(contents(2)).version
        #expect(try index.currentVersion() == version)
        let other = IndexDirectory(path: directory.path("b.index"))
        try directory.makeFolder("b.index")
        _ = try directory.write("", to: "b.index/CURRENT")
        #expect(error { () throws(IndexError) in _ = try other.beginBuild() }?.code == .foreignFile)
    }

    @Test(arguments: ["CURRENT.partial", "CURRENT", "versions/build.partial", "build.lock", "publish.lock"])
    func nothingIsWrittenThroughALink(name: String) throws {
        let versions = try (1...2).map { try index.beginBuild().publish(contents($0)).version }
        let target = try directory.write("another's", to: "target")
        let before = try directory.text(of: "a.index/CURRENT")
        let path = "\(index.path)/\(name)"
        _ = unsafe unlink(path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
        let built = error { () throws(IndexError) in _ = try index.beginBuild().publish(contents(3)) }
        #expect(built != nil)
        if name != "versions/build.partial", name != "build.lock" {
            #expect(error { () throws(IndexError) in try index.activate(versions[0]) } != nil)
        }
        #expect(try directory.text(of: "target") == "another's")
        let kept = try FileManager.default.destinationOfSymbolicLink(atPath: path)
        #expect(kept == target)
        if name != "CURRENT" { #expect(try directory.text(of: "a.index/CURRENT") == before) }
    }

    @Test func aSecondBuildSaysWhoHasTheDirectory() throws {
        let build = try index.beginBuild()
        let refused = error { () throws(IndexError) in _ = try index.beginBuild() }
        #expect(refused?.code == .buildInProgress)
        #expect(refused?.found.contains("process \(getpid()) since 2") == true, "\(refused?.found ?? "")")
        let mode =
            try FileManager.default.attributesOfItem(atPath: index.path + "/build.lock")[.posixPermissions] as? Int
        #expect(mode == 0o600)
        _ = try build.publish(contents(1))
    }

    @Test func aPointerThatTheDiskDoesNotConfirmIsTold() throws {
        let first = try index.beginBuild().publish(contents(1)).version
        var failing = index
        let path = index.path
        failing.faults = { operation, place in operation == .syncDirectory && place == path ? EIO : nil }
        let refused = error { () throws(IndexError) in _ = try failing.beginBuild().publish(contents(2)) }
        #expect(refused?.code == .notDurable)
        #expect(refused?.remedy.contains("The new version is current, but may not survive a power loss") == true)
        let second = try index.currentVersion()
        #expect(second != first)
        #expect(try index.versions().map(\.name) == [second, first])
        #expect(try RecommendationIndex.open(index.path).verify().isEmpty)
        let back = error { () throws(IndexError) in try failing.activate(first) }
        #expect(back?.code == .notDurable)
        #expect(try index.currentVersion() == first)
    }

    @Test func permissionsHaveTheirOwnError() {
        let denied = FileError(
            .permissionDenied, operation: "look at", path: "x", expected: "success", found: "Permission denied [13]")
        #expect(IndexError(denied, isReading: true).code == .permissionDenied)
        #expect(IndexError(denied).code == .notWritable)
        #expect(IndexError(denied, isReading: true).description.contains("You may not read it"))
    }
}
