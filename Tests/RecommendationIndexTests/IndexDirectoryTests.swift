import Foundation
import KeyValueStore
import RecommendationIndex
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct IndexDirectoryTests {
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

    @discardableResult
    private func publish(_ number: Int, _ options: IndexBuild.Options = .init()) throws -> String {
        try index.beginBuild().publish(contents(number), options: options).version
    }

    private func names(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path(path)).sorted()
    }

    private func expectError(_ code: IndexError.Code, _ body: () throws -> Void) -> IndexError? {
        let error = #expect(throws: IndexError.self) { try body() }
        #expect(error?.code == code, "\(String(describing: error))")
        return error
    }

    @Test func newestVersionsAreKeptAndOthersRemoved() throws {
        let versions = try (1...4).map { try publish($0) }
        #expect(try index.versions().map(\.name) == [versions[3], versions[2]])
        #expect(try index.versions().map(\.isCurrent) == [true, false])
        #expect(try names("a.index") == ["CURRENT", "build.lock", "publish.lock", "versions"])
        #expect(try names("a.index/versions") == [versions[2] + ".lmdb", versions[3] + ".lmdb"])
        #expect(try RecommendationIndex.open(index.path + "/").itemCount == 14)
    }

    @Test func numberOfKeptVersionsCanBeChosen() throws {
        var options = IndexBuild.Options()
        options.keptVersionCount = 3
        let versions = try (1...4).map { try publish($0, options) }
        #expect(try index.versions().map(\.name) == versions[1...].reversed())
        options.keptVersionCount = 1
        let last = try publish(5, options)
        #expect(try index.versions().map(\.name) == [last])
    }

    @Test func rollBackAndForth() throws {
        let versions = try (1...2).map { try publish($0) }
        try index.activate(versions[0])
        #expect(try index.currentVersion() == versions[0])
        #expect(try RecommendationIndex.open(index.path).itemCount == 11)
        try index.activate(versions[1])
        #expect(try RecommendationIndex.open(index.path).itemCount == 12)
        // The version that was gone back to outlives the next build, the one that was left does not.
        try index.activate(versions[0])
        let third = try publish(3)
        #expect(try index.versions().map(\.name) == [third, versions[0]])
    }

    @Test func activatingWhatIsNotThere() throws {
        let version = try publish(1)
        for name in ["", "latest", "../../etc/passwd", "20200101T000000.000Z-00000000"] {
            let error = expectError(.noSuchVersion) { try index.activate(name) }
            #expect(error?.expected == "one of \(version)")
        }
        #expect(try index.currentVersion() == version)
    }

    @Test func activatingADamagedVersionChangesNothing() throws {
        let versions = try (1...2).map { try publish($0) }
        _ = try directory.write([UInt8](repeating: 0, count: 9000), to: "a.index/versions/\(versions[0]).lmdb")
        _ = expectError(.notAnIndex) { try index.activate(versions[0]) }
        #expect(try index.currentVersion() == versions[1])
    }

    @Test func secondBuildAtOnceIsRefused() throws {
        let first = try index.beginBuild()
        let error = expectError(.buildInProgress) { _ = try index.beginBuild() }
        #expect(error?.description.contains("Wait until the other build has ended") == true)
        _ = try first.publish(contents(1))
        try publish(2)
        #expect(try index.versions().count == 2)
    }

    @Test func concurrentBuildersNeverBothSucceed() async throws {
        let index = index
        let outcomes = await withTaskGroup(of: String.self) { group in
            for number in 1...8 {
                group.addTask {
                    do {
                        return try index.beginBuild().publish(self.contents(number)).version
                    } catch {
                        return (error as? IndexError)?.code.rawValue ?? "\(error)"
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let published = outcomes.filter { VersionName($0) != nil }
        #expect(!published.isEmpty)
        #expect(published.count + outcomes.count { $0 == "buildInProgress" } == 8)
        #expect(published.contains(try index.currentVersion()))
        #expect(try RecommendationIndex.open(index.path).verify() == [])
    }

    @Test func readerKeepsItsVersionWhileOthersArePublished() throws {
        try publish(1)
        let reader = try RecommendationIndex.open(index.path)
        for number in 2...5 { try publish(number) }
        #expect(try !names("a.index/versions").contains(reader.version + ".lmdb"))
        #expect(IndexContents(reading: reader).firstDifference(from: contents(1)) == nil)
        #expect(reader.verify() == [])
        #expect(try RecommendationIndex.open(index.path).itemCount == 15)
    }

    @Test func readersOpenWhileVersionsChange() async throws {
        try publish(0)
        let index = index
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for number in 1...20 { _ = try index.beginBuild().publish(self.contents(number)) } }
            group.addTask {
                for _ in 0..<100 { try #expect(RecommendationIndex.open(index.path).itemCount >= 10) }
            }
            try await group.waitForAll()
        }
        #expect(try RecommendationIndex.open(index.path).itemCount == 30)
    }

    @Test func whatAnInterruptedBuildLeftIsCleared() throws {
        let version = try publish(1)
        _ = try directory.write([1, 2, 3], to: "a.index/versions/build.partial")
        _ = try directory.write([], to: "a.index/CURRENT.partial")
        _ = try directory.write([], to: "a.index/build.lock")
        #expect(try RecommendationIndex.open(index.path).version == version)
        let second = try publish(2)
        #expect(try names("a.index") == ["CURRENT", "build.lock", "publish.lock", "versions"])
        #expect(try names("a.index/versions") == [version + ".lmdb", second + ".lmdb"])
    }

    @Test(arguments: [StoreOperation.begin, .reserve, .commit, .sync, .openEnvironment])
    func faultAtAnyStepLeavesTheOldVersion(operation: StoreOperation) throws {
        let version = try publish(1)
        // 23 sections and the manifest have a transaction each, after the one that makes the table.
        let failingCalls = [.sync, .openEnvironment].contains(operation) ? [1] : [1, 2, 7, 24]
        for failingCall in failingCalls {
            let counter = CallCounter()
            var options = IndexBuild.Options()
            options.faults = { $0 == operation && counter.next() == failingCall ? ENOSPC : nil }
            let error = try #require(expectError(.diskFull) { try publish(2, options) })
            #expect(error.remedy.contains("the version that was current still is"))
            #expect(try index.versions().map(\.name) == [version])
            #expect(try names("a.index/versions") == [version + ".lmdb"])
        }
        #expect(try RecommendationIndex.open(index.path).verify() == [])
    }

    @Test func pointerThatCannotBeReplacedLeavesTheOldVersion() throws {
        let version = try publish(1)
        let build = try index.beginBuild()
        try FileManager.default.createDirectory(
            atPath: index.path + "/CURRENT.partial", withIntermediateDirectories: false)
        do throws(IndexError) {
            let published = try build.publish(contents(2))
            Issue.record("published \(published.version)")
        } catch {
            #expect(error.path == index.path + "/CURRENT.partial")
        }
        #expect(try index.versions().map(\.name) == [version])
        #expect(try names("a.index/versions") == [version + ".lmdb"])
    }

    @Test func oldVersionThatCannotBeRemovedIsToldAndTheNewOneStands() throws {
        try publish(1)
        // A directory in the shape of an old version cannot be unlinked.
        let stuck = "20200101T000000.000Z-00000000"
        try FileManager.default.createDirectory(
            atPath: index.file(ofVersion: stuck), withIntermediateDirectories: false)
        let published = try index.beginBuild().publish(contents(2))
        #expect(published.removalError?.path == index.file(ofVersion: stuck))
        #expect(try index.currentVersion() == published.version)
    }

    @Test func contentsThatVerifyRefusesAreNotPublished() throws {
        let version = try publish(1)
        var bad = contents(2)
        bad.popularity[3] = .nan
        let error = expectError(.verificationFailed) { _ = try index.beginBuild().publish(bad) }
        #expect(error?.description.contains("items.popularity: finite numbers from 0") == true)
        #expect(try index.versions().map(\.name) == [version])
        #expect(try names("a.index/versions") == [version + ".lmdb"])
    }

    @Test func placesWhereNoIndexCanBe() throws {
        _ = try directory.write(Array("a,b\n".utf8), to: "file.csv")
        let overFile = expectError(.notWritable) {
            _ = try IndexDirectory(path: directory.path("file.csv")).beginBuild()
        }
        #expect(overFile?.found == "a file")
        #expect(try directory.bytes(of: "file.csv") == Array("a,b\n".utf8))
        _ = expectError(.pathMissing) { _ = try IndexDirectory(path: directory.path("x/y/a.index")).beginBuild() }
        _ = expectError(.pathMissing) { _ = try IndexDirectory(path: directory.path("file.csv/a.index")).beginBuild() }
        // Permissions do not bind root, but /proc refuses everyone.
        #if os(Linux)
            let inProc = #expect(throws: IndexError.self) { _ = try IndexDirectory(path: "/proc/a.index").beginBuild() }
            #expect(inProc?.operation == "make the directory")
        #endif
    }

    @Test func readOnlyDirectoryIsRefused() throws {
        let version = try publish(1)
        guard geteuid() != 0 else {
            print(
                "SKIPPED: readOnlyDirectoryIsRefused: permissions do not bind root; /proc and a file in the place stand in"
            )
            return
        }
        for path in [index.path, index.path + "/versions"] { unsafe chmod(path, 0o555) }
        defer { for path in [index.path, index.path + "/versions"] { unsafe chmod(path, 0o755) } }
        _ = expectError(.notWritable) { try publish(2) }
        #expect(try RecommendationIndex.open(index.path).version == version)
    }

    @Test(arguments: [
        ("", "no such path"), ("file.csv", "a file"), ("empty", "no CURRENT"),
    ])
    func pathsThatAreNoIndex(name: String, what: String) throws {
        _ = try directory.write(Array("a,b\n".utf8), to: "file.csv")
        try FileManager.default.createDirectory(atPath: directory.path("empty"), withIntermediateDirectories: true)
        let path = name.isEmpty ? directory.path("missing.index") : directory.path(name)
        let error = expectError(name.isEmpty ? .pathMissing : .notAnIndex) { _ = try RecommendationIndex.open(path) }
        #expect(error?.path == path, "\(what)")
        #expect(error?.remedy.isEmpty == false)
    }

    @Test func damagedPointerIsNamedAndTheNextBuildMendsIt() throws {
        try publish(1)
        for text in ["", "garbage", "20200101T000000.000Z-00000000", "../../x\n", String(repeating: "x", count: 9000)] {
            _ = try directory.write(Array(text.utf8), to: "a.index/CURRENT")
            let error = expectError(.damaged) { _ = try RecommendationIndex.open(index.path) }
            #expect(error?.path == index.path + "/CURRENT")
        }
        _ = try directory.write(Array("20200101T000000.000Z-00000000\n".utf8), to: "a.index/CURRENT")
        _ = expectError(.noSuchVersion) { _ = try RecommendationIndex.open(index.path) }
        let second = try publish(2)
        #expect(try RecommendationIndex.open(index.path).version == second)
    }
}

/// Counts calls; LMDB is called by one thread of a build, the class is only passed through a Sendable closure.
// SAFETY: one build runs at a time and calls it from one thread.
private final class CallCounter: @unchecked Sendable {
    private var count = 0

    func next() -> Int {
        count += 1
        return count
    }
}
