import Foundation
import RecommendationIndex
import TestSupport
import Testing

#if os(Linux)
    import Glibc

    /// A real full disk: a memory file system of 2 MB, which only root may mount.
    @Suite struct FullDiskTests {
        @Test func fullDiskLeavesTheOldVersionInPlace() throws {
            let directory = try TemporaryDirectory()
            guard unsafe mount("tmpfs", directory.path, "tmpfs", 0, "size=2m") == 0 else {
                print("SKIPPED: fullDiskLeavesTheOldVersionInPlace: mounting is not permitted here (errno \(errno))")
                return
            }
            defer { #expect(unsafe umount2(directory.path, Int32(MNT_DETACH)) == 0) }
            let index = IndexDirectory(path: directory.path("a.index"))
            var small = SampleContents.make(itemCount: 10, userCount: 5)
            let version = try index.beginBuild().publish(small).version
            let large = SampleContents.make(itemCount: 3000, userCount: 100, dimension: 256)
            let error = #expect(throws: IndexError.self) { _ = try index.beginBuild().publish(large) }
            #expect(error?.code == .diskFull, "\(String(describing: error))")
            #expect(error?.remedy.contains("Free some space") == true)
            #expect(try index.versions().map(\.name) == [version])
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: index.path + "/versions") == [version + ".lmdb"])
            #expect(
                try IndexContents(reading: RecommendationIndex.open(index.path)).firstDifference(from: small) == nil)
            small.facts.createdMilliseconds += 1
            #expect(try publish(small, index) == index.currentVersion())
        }

        /// A program that another test is just starting holds every open file until it runs, removed ones too: then the disk
        /// stays full for a moment.
        private func publish(_ contents: IndexContents, _ index: IndexDirectory) throws -> String {
            for _ in 0..<10_000 {
                do {
                    return try index.beginBuild().publish(contents).version
                } catch {
                    guard error.code == .diskFull else { throw error }
                }
            }
            return try index.beginBuild().publish(contents).version
        }
    }
#endif
