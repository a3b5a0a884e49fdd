import Foundation
import SyntheticShop
import TestSupport
import Testing

@Suite struct ShopDeterminismTests {
    private func written(_ configuration: ShopConfiguration) throws -> [String: [UInt8]] {
        let folder = try TemporaryDirectory()
        _ = try ShopGenerator.generate(configuration, to: folder.path)
        return Dictionary(
            uniqueKeysWithValues: try ShopFile.allCases.map { ($0.rawValue, try folder.bytes(of: $0.rawValue)) })
    }

    /// FNV-1a, 64 bits.
    private func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    /// The bytes of a seed are a promise: demonstrations and figures in documents stand on them. Whoever changes them
    /// on purpose changes these numbers and says so.
    @Test func theBytesOfASeedAreFixed() throws {
        let files = try written(ShopConfiguration(userCount: 120, itemCount: 80, seed: 42))
        let hashes = files.mapValues { String(hash($0), radix: 16) }
        #expect(
            hashes == [
                "items.jsonl": "6eac51db5a35395e", "users.csv": "360edde1dfdc4430",
                "interactions.csv": "7613b33cbfc48360", "planted.jsonl": "21a53a9f76234cdb",
            ])
    }

    @Test func sameSeedSameShopOtherSeedOtherShop() throws {
        let first = try written(ShopConfiguration(userCount: 50, itemCount: 40, seed: 1))
        #expect(try written(ShopConfiguration(userCount: 50, itemCount: 40, seed: 1)) == first)
        let other = try written(ShopConfiguration(userCount: 50, itemCount: 40, seed: 2))
        for file in ShopFile.allCases { #expect(other[file.rawValue] != first[file.rawValue]) }
    }

    @Test func moreUsersDoNotChangeTheFirst() throws {
        let few = try written(ShopConfiguration(userCount: 20, itemCount: 40, seed: 1))
        let many = try written(ShopConfiguration(userCount: 60, itemCount: 40, seed: 1))
        #expect(few["items.jsonl"] == many["items.jsonl"])
        let beginning = try #require(few["interactions.csv"])
        #expect(many["interactions.csv"]?.starts(with: beginning) == true)
    }

    @Test func anOldShopIsReplaced() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("a/b")
        _ = try ShopGenerator.generate(ShopConfiguration(userCount: 50, itemCount: 40, seed: 1), to: path)
        let summary = try ShopGenerator.generate(ShopConfiguration(userCount: 1, itemCount: 1, seed: 1), to: path)
        let rows = try folder.text(of: "a/b/interactions.csv").split(separator: "\n")
        #expect(rows.count == summary.interactionCount + 1)
        #expect(try folder.text(of: "a/b/items.jsonl").split(separator: "\n").count == 1)
    }

    @Test func progressEndsWithAllUsers() throws {
        let folder = try TemporaryDirectory()
        var told: [Int] = []
        _ = try ShopGenerator.generate(ShopConfiguration(userCount: 150, itemCount: 12, seed: 1), to: folder.path) {
            told.append($0)
        }
        #expect(told == [64, 128, 150])
    }

    @Test(arguments: [(0, 1), (1, 0), (-1, 1), (10_000_001, 1), (1, 1_000_001)])
    func refusesSizes(userCount: Int, itemCount: Int) throws {
        let folder = try TemporaryDirectory()
        let error = #expect(throws: ShopError.self) {
            try ShopGenerator.generate(
                ShopConfiguration(userCount: userCount, itemCount: itemCount, seed: 1), to: folder.path("shop"))
        }
        #expect(error?.code == .badConfiguration)
        #expect(!FileManager.default.fileExists(atPath: folder.path("shop")))
    }

    @Test func aFileInPlaceOfTheFolderIsNamed() throws {
        let folder = try TemporaryDirectory()
        let file = try folder.write("", to: "file")
        let error = #expect(throws: ShopError.self) { try ShopGenerator.generate(ShopConfiguration(), to: file) }
        #expect(error?.code == .fileNotOpened)
        #expect(error?.text.hasPrefix("\(file)/items.jsonl: ") == true)
        let below = #expect(throws: ShopError.self) {
            try ShopGenerator.generate(ShopConfiguration(), to: "\(file)/below")
        }
        #expect(below?.code == .folderNotCreated)
    }

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "this system has no /dev/full to write to"))
    func aFullDiskIsTold() throws {
        let folder = try TemporaryDirectory()
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("interactions.csv"), withDestinationPath: "/dev/full")
        let error = #expect(throws: ShopError.self) {
            try ShopGenerator.generate(ShopConfiguration(userCount: 50, itemCount: 40, seed: 1), to: folder.path)
        }
        #expect(error?.code == .fileNotWritten)
        #expect(error?.text.contains("interactions.csv: ") == true)
    }
}
