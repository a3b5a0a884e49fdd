import Interactions
import RecommendationIndex
import TestSupport
import Testing

/// What a reply takes from an index as it is, is looked at when the index is opened: no damage of it reaches a request.
@Suite struct ServedValuesTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// The error of opening an index whose bytes `old`, which are there, have become `new`.
    private func refusal(_ contents: IndexContents, _ old: [UInt8], _ new: [UInt8]) throws -> IndexError? {
        let index = IndexDirectory(path: directory.path("a.index"))
        let version = try index.beginBuild().publish(contents).version
        var bytes = try directory.bytes(of: "a.index/versions/\(version).lmdb")
        let ranges = bytes.ranges(of: old)
        try #require(!ranges.isEmpty)
        for range in ranges { bytes.replaceSubrange(range, with: new) }
        _ = try directory.write(bytes, to: "bad.lmdb")
        return #expect(throws: IndexError.self) {
            _ = try RecommendationIndex.open(versionFile: directory.path("bad.lmdb"), version: "bad")
        }
    }

    private func bytes(_ number: Float) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt32($0))) }
    }

    @Test(arguments: [Float.infinity, -.infinity, .nan, -1, -.leastNonzeroMagnitude])
    func numbersOfItems(damage: Float) throws {
        let marker: Float = 12_345.678
        let kinds: [(WritableKeyPath<IndexContents, [Float]>, String)] = [
            (\.popularity, "items.popularity"), (\.trending, "items.trending"),
            (\.recentPopularity, "items.recentPopularity"),
        ]
        for (path, section) in kinds {
            var contents = SampleContents.make(itemCount: 40, userCount: 5)
            contents[keyPath: path][17] = marker
            let error = try refusal(contents, bytes(marker), bytes(damage))
            #expect(error?.code == .damaged && error?.operation.contains(section) == true, "\(section) \(damage)")
        }
    }

    @Test func namesThatAreNotUTF8() throws {
        var contents = SampleContents.make(itemCount: 40, userCount: 5)
        contents.itemIds[39] = "zzé"
        let ids = try refusal(contents, Array("zzé".utf8), Array("zz".utf8) + [0xC3, 0x28])
        #expect(ids?.operation.contains("items.ids.bytes") == true)
        contents.itemProperties[3] = [.init("größe", .number(1))]
        let names = try refusal(
            contents, Array("größe".utf8), Array("gr".utf8) + [0xFF, 0xFE] + Array("ß".utf8) + [0x65])
        #expect(names?.operation.contains("properties.names.bytes") == true)
    }

    /// Names that are not ASCII are none the worse.
    @Test func otherLettersAreGood() throws {
        var contents = SampleContents.make(itemCount: 40, userCount: 5)
        contents.itemIds[39] = "zz北京"
        contents.itemProperties[3] = [.init("größe", .number(1))]
        let index = IndexDirectory(path: directory.path("a.index"))
        _ = try index.beginBuild().publish(contents)
        #expect(try RecommendationIndex.open(index.path).verify().isEmpty)
    }
}
