import Foundation
import KeyValueStore
import RecommendationIndex
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A process that dies by SIGKILL in the middle of a build. The exit test runs its body in a child process.
@Suite struct KilledBuildTests {
    @Test func killedBuildLeavesTheOldVersionAndTheNextOneCleans() async throws {
        let directory = try TemporaryDirectory()
        let index = IndexDirectory(path: directory.path("a.index"))
        let contents = SampleContents.make(itemCount: 200, userCount: 50)
        let version = try index.beginBuild().publish(contents).version
        let path = index.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            var options = IndexBuild.Options()
            // The last thing before the file is synced: everything is written, nothing is published.
            options.faults = { operation in
                if operation == .sync { kill(getpid(), SIGKILL) }
                return nil
            }
            var second = SampleContents.make(itemCount: 200, userCount: 50)
            second.facts.createdMilliseconds += 1
            _ = try IndexDirectory(path: path).beginBuild().publish(second, options: options)
        }
        let litter = try FileManager.default.contentsOfDirectory(atPath: path + "/versions").sorted()
        #expect(litter == [version + ".lmdb", "build.partial"])
        #expect(try IndexContents(reading: RecommendationIndex.open(path)).firstDifference(from: contents) == nil)
        var third = contents
        third.facts.createdMilliseconds += 2
        let newVersion = try index.beginBuild().publish(third).version
        let names = try FileManager.default.contentsOfDirectory(atPath: path + "/versions").sorted()
        #expect(names == [version + ".lmdb", newVersion + ".lmdb"])
    }
}
