import KeyValueStore
import RecommendationIndex
import TestSupport
import Testing

/// Damage of any byte is reported by open or verify, or has no effect at all; it is never a signal.
@Suite struct DamageTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func write(_ contents: IndexContents, blockByteLimit: Int) throws -> [UInt8] {
        var options = IndexBuild.Options()
        options.blockByteLimit = blockByteLimit
        let index = IndexDirectory(path: directory.path("a.index"))
        let version = try index.beginBuild().publish(contents, options: options).version
        return try directory.bytes(of: "a.index/versions/\(version).lmdb")
    }

    private enum Outcome: Equatable { case refused, found, harmless, unnoticed(String) }

    private func outcome(of bytes: [UInt8], _ contents: IndexContents) throws -> Outcome {
        _ = try directory.write(bytes, to: "bad.lmdb")
        do {
            let index = try RecommendationIndex.open(versionFile: directory.path("bad.lmdb"), version: "bad")
            // What the server does with a damaged but openable index must not crash either.
            let read = IndexContents(reading: index)
            for id in contents.itemIds { _ = index.items.index(of: id) }
            if !index.verify().isEmpty { return .found }
            if let difference = read.firstDifference(from: contents) { return .unnoticed(difference) }
            return .harmless
        } catch {
            return .refused
        }
    }

    @Test(arguments: [IndexFormat.defaultBlockByteLimit, 1200])
    func flippedBytesAreNoticed(blockByteLimit: Int) throws {
        let contents = SampleContents.make(itemCount: 60, userCount: 30)
        let bytes = try write(contents, blockByteLimit: blockByteLimit)
        var generator = SampleGenerator(seed: 42)
        var counts = (refused: 0, found: 0, harmless: 0)
        for round in 0..<700 {
            var changed = bytes
            // Half of the flips hit a page's first bytes, where the structure is.
            let offset =
                round % 2 == 0
                ? generator.next(below: bytes.count)
                : generator.next(below: bytes.count / 4096) * 4096 + generator.next(below: 600)
            changed[offset] ^= UInt8(1 + generator.next(below: 255))
            switch try outcome(of: changed, contents) {
            case .refused: counts.refused += 1
            case .found: counts.found += 1
            case .harmless: counts.harmless += 1
            case .unnoticed(let part): Issue.record("byte \(offset): \(part) differs and nobody noticed")
            }
        }
        // All three happen, so the test tests what it says.
        #expect(counts.refused > 25 && counts.found > 25 && counts.harmless > 25, "\(counts)")
    }

    @Test func truncationAnywhereIsRefused() throws {
        let bytes = try write(SampleContents.make(itemCount: 60, userCount: 30), blockByteLimit: 1 << 20)
        var generator = SampleGenerator(seed: 7)
        for count in [0, 1, 4096, 8192, bytes.count - 4096, bytes.count - 1]
            + (0..<50).map({ _ in generator.next(below: bytes.count) })
        {
            _ = try directory.write(Array(bytes.prefix(count)), to: "bad.lmdb")
            let error = #expect(throws: IndexError.self) {
                _ = try RecommendationIndex.open(versionFile: directory.path("bad.lmdb"), version: "bad")
            }
            #expect(error?.code == (count < 152 ? .notAnIndex : .truncated))
        }
    }

    /// The file's own bytes are found by what they say, so that each kind of damage has its own error.
    @Test func kindsOfDamageHaveTheirOwnErrors() throws {
        let contents = SampleContents.make(itemCount: 60, userCount: 30)
        let bytes = try write(contents, blockByteLimit: 1 << 20)
        let manifest = try #require(bytes.firstRange(of: Array("foretaste-index\t3\n".utf8))).lowerBound
        func error(_ change: (inout [UInt8]) -> Void) throws -> IndexError {
            var changed = bytes
            change(&changed)
            _ = try directory.write(changed, to: "bad.lmdb")
            return try #require(throws: IndexError.self) {
                _ = try RecommendationIndex.open(versionFile: directory.path("bad.lmdb"), version: "bad")
            }
        }
        let otherVersion = try error { $0[manifest - 44] = 1 }
        #expect(otherVersion.code == .formatVersion)
        #expect(otherVersion.found == "version 1")
        #expect(
            otherVersion.expected
                == "format version 3, which this program reads; build the index again with `foretaste build`")
        #expect(try error { $0[manifest - 48] = 0 }.code == .notAnIndex)
        #expect(try error { $0[manifest + 20] ^= 1 }.code == .corruptManifest)
        #expect(try error { $0[manifest - 16] = 0xFF }.code == .corruptManifest)
        // Pages of earlier transactions hold the key too.
        let missing = try error { bytes in
            for range in bytes.ranges(of: Array("items.vectors/0000".utf8)) {
                bytes[range.lowerBound] = UInt8(ascii: "j")
            }
        }
        #expect(missing.code == .missingSection)
    }

    @Test func otherStoresAreNotIndexes() throws {
        let environment = try Environment(creating: directory.path("other.lmdb"), mapByteCount: 1 << 20)
        var transaction = try environment.beginWrite()
        unsafe try transaction.reserve("manifest/0000", byteCount: 5000) { room in
            unsafe room.initializeMemory(as: UInt8.self, repeating: 1)
        }
        try transaction.commit()
        try environment.sync()
        let error = #expect(throws: IndexError.self) {
            _ = try RecommendationIndex.open(versionFile: directory.path("other.lmdb"), version: "x")
        }
        #expect(error?.code == .notAnIndex)
    }

    @Test func changedPayloadIsNamedByItsSection() throws {
        let contents = SampleContents.make(itemCount: 60, userCount: 30)
        var bytes = try write(contents, blockByteLimit: 1 << 20)
        let title = try #require(bytes.firstRange(of: Array("Title 7 ".utf8))).lowerBound
        bytes[title] = UInt8(ascii: "t")
        _ = try directory.write(bytes, to: "bad.lmdb")
        let findings = try RecommendationIndex.open(versionFile: directory.path("bad.lmdb"), version: "x").verify()
        #expect(findings.map(\.section) == ["items.properties.records"])
        #expect(findings.first?.description.contains("expected checksum") == true)
    }
}
