import Foundation
import RecommendationIndex
import TestSupport
import Testing

/// Bundles of every format version that was ever released stay readable, or are refused by name.
@Suite struct GoldenTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Goldens")

    private static var contents: IndexContents { SampleContents.make(itemCount: 12, userCount: 6) }

    /// Before there was a release: refused, with what to do. Version 2 had damped weights where sums are now.
    @Test(arguments: [1, 2]) func olderVersionsAreRefusedByName(format: Int) throws {
        let golden = Self.folder.appending(path: "format-\(format).lmdb").path
        let error = try #require(throws: IndexError.self) {
            _ = try RecommendationIndex.open(versionFile: golden, version: "golden")
        }
        #expect(error.code == .formatVersion && error.found == "version \(format)")
        #expect(error.expected.contains("format version 3") && error.description.contains("build the index again"))
    }

    /// Made by this module when the format was at version 3; a change of it is a change of the format.
    @Test func formatVersion3() throws {
        let golden = Self.folder.appending(path: "format-3.lmdb").path
        let contents = Self.contents
        let index = try RecommendationIndex.open(versionFile: golden, version: "golden")
        #expect(index.manifest.formatVersion == 3)
        #expect(index.verify() == [])
        #expect(IndexContents(reading: index).firstDifference(from: contents) == nil)
    }

    /// The writer still writes the very bytes. The page size is the machine's, so only where it is the golden's.
    @Test func writerStillWritesFormatVersion3() throws {
        guard sysconf(Int32(_SC_PAGESIZE)) == 4096 else {
            print("SKIPPED: writerStillWritesFormatVersion3: the pages of this machine are not of 4096 bytes")
            return
        }
        let directory = try TemporaryDirectory()
        let index = IndexDirectory(path: directory.path("a.index"))
        let version = try index.beginBuild().publish(Self.contents).version
        let written = try directory.bytes(of: "a.index/versions/\(version).lmdb")
        let golden = [UInt8](try Data(contentsOf: Self.folder.appending(path: "format-3.lmdb")))
        #expect(written == golden)
    }
}
