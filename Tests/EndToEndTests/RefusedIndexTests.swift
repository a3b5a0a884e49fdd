import Foundation
import TestSupport
import Testing

/// A server refuses what it cannot answer from, before it listens: exit 1 and a sentence that names the index.
@Suite struct RefusedIndexTests {
    private func expectRefusal(_ index: String, _ words: String...) throws {
        let outcome = try Subprocess.run("foretaste-server", ["--index", index, "--listen", "127.0.0.1:0"])
        #expect(outcome.exitCode == 1)
        #expect(!(outcome.errors + outcome.output).contains("listening"))
        #expect(outcome.errors.hasPrefix("foretaste-server: \(index)"), "\(outcome.errors)")
        for word in words { #expect(outcome.errors.contains(word), "'\(word)' is not in: \(outcome.errors)") }
    }

    @Test func whatIsNoIndexIsRefused() throws {
        let folder = try TemporaryDirectory()
        try expectRefusal(folder.path("none.index"), "found nothing", "build an index")
        try expectRefusal(folder.path, "no build has ended yet", "Give the directory")
        try expectRefusal(folder.write("text", to: "file"), "found a file")
    }

    @Test func damageAndOtherFormatsAreRefused() throws {
        let shop = try BuiltShop()
        let name = "shop.index/versions/\(try shop.currentVersion).lmdb"
        let bytes = try shop.folder.bytes(of: name)
        func damaged(_ words: String..., change: (inout [UInt8]) -> Void) throws {
            var changed = bytes
            change(&changed)
            _ = try shop.folder.write(changed, to: name)
            let outcome = try Subprocess.run(
                "foretaste-server", ["--index", shop.indexPath, "--listen", "127.0.0.1:0"])
            #expect(outcome.exitCode == 1)
            #expect(outcome.errors.hasPrefix("foretaste-server: \(shop.indexPath)"), "\(outcome.errors)")
            for word in words { #expect(outcome.errors.contains(word), "'\(word)' is not in: \(outcome.errors)") }
        }
        // The manifest's 48 bytes of header stand before its text; the format version is at 4 (IndexFormat.swift).
        let manifest = try #require(Data(bytes).firstRange(of: Data("foretaste-index\t3\n".utf8))).lowerBound
        try damaged("found version 1", "expected format version 3") { $0[manifest - 44] = 1 }
        try damaged("manifest") { $0[manifest + 20] ^= 1 }
        try damaged { $0.removeLast(4096) }
        try damaged { $0.removeAll() }
        try damaged { bytes in for place in 0..<8192 { bytes[place] = 0xA5 } }
        _ = try shop.folder.write(bytes, to: name)
        #expect(try shop.serve().stop().exitCode == 0)
    }

    /// What only `verify` looks at: every byte of every section.
    @Test func flippedBytesAreFoundByVerifyAndKillNoServer() throws {
        let shop = try BuiltShop()
        let name = "shop.index/versions/\(try shop.currentVersion).lmdb"
        let bytes = try shop.folder.bytes(of: name)
        var generator = SeededGenerator(seed: 11)
        var foundCount = 0
        for _ in 0..<8 {
            var changed = bytes
            for _ in 0..<400 { changed[8192 + generator.index(below: bytes.count - 8192)] ^= 0x55 }
            _ = try shop.folder.write(changed, to: name)
            let verified = try shop.foretaste("verify", shop.indexPath)
            #expect(verified.exitCode == 1, "\(verified.output)")
            foundCount += verified.errors.contains("is damaged") ? 1 : 0
        }
        // Damaged vectors and histories only: it opens, and the server neither crashes nor hangs on it.
        var changed = bytes
        let title = try #require(Data(bytes).firstRange(of: Data("category1".utf8))).lowerBound
        changed[title] ^= 0x01
        _ = try shop.folder.write(changed, to: name)
        let verified = try shop.foretaste("verify", shop.indexPath)
        #expect(verified.exitCode == 1, "\(verified.output)\(verified.errors)")
    }
}
