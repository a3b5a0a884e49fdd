import Interactions
import LinearAlgebra
import RecommendationIndex
import TestSupport
import Testing

@Suite struct RoundTripTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func publish(
        _ contents: IndexContents, into name: String = "a.index", blockByteLimit: Int? = nil
    ) throws -> RecommendationIndex {
        let index = IndexDirectory(path: directory.path(name))
        var options = IndexBuild.Options()
        if let blockByteLimit { options.blockByteLimit = blockByteLimit }
        let version = try index.beginBuild().publish(contents, options: options).version
        let opened = try RecommendationIndex.open(directory.path(name))
        #expect(opened.version == version)
        return opened
    }

    @Test(arguments: [(0, 0), (0, 3), (1, 0), (1, 1), (40, 25), (500, 300)])
    func everythingComesBack(itemCount: Int, userCount: Int) throws {
        let contents = SampleContents.make(itemCount: itemCount, userCount: userCount, neighbourCount: 5)
        let index = try publish(contents)
        #expect(IndexContents(reading: index).firstDifference(from: contents) == nil)
        #expect(index.verify() == [])
        #expect(index.itemCount == itemCount)
        #expect(index.userCount == userCount)
    }

    /// Blocks of 2 KiB cut every table in pieces; the answers are the same.
    @Test func smallBlocksGiveTheSameAnswers() throws {
        let contents = SampleContents.make(itemCount: 700, userCount: 300)
        let index = try publish(contents, blockByteLimit: 2048)
        #expect(IndexContents(reading: index).firstDifference(from: contents) == nil)
        #expect(index.verify() == [])
        #expect(index.vectors.shards.count > 5)
        for (position, id) in contents.itemIds.enumerated() { #expect(index.items.index(of: id) == position) }
        #expect(index.items.index(of: "item-0000700") == nil)
    }

    @Test func shardsAreViewsOfTheSameRows() throws {
        let contents = SampleContents.make(itemCount: 300, userCount: 10)
        let index = try publish(contents, blockByteLimit: 1500)
        var nextRow = 0
        for shard in index.vectors.shards {
            #expect(shard.firstRow == nextRow)
            nextRow += unsafe shard.view.rowCount
        }
        #expect(nextRow == 300)
        for shard in index.vectors.shards { #expect(Int(bitPattern: unsafe shard.view.values) % 64 == 0) }
        withExtendedLifetime(index) {}
    }

    /// Whatever the numbers, every id has its own links, history and properties.
    @Test(arguments: [IndexFormat.defaultBlockByteLimit, 1500])
    func numbersFollowTheGivenOrder(blockByteLimit: Int) throws {
        var contents = SampleContents.make(itemCount: 300, userCount: 20)
        var order = (0..<300).map { Int32($0) }
        order.sort { ($0 * 7919 % 300, $0) < ($1 * 7919 % 300, $1) }
        contents.itemOrder = order
        let index = try publish(contents, blockByteLimit: blockByteLimit)
        #expect(index.verify() == [])
        for (number, place) in order.enumerated() {
            let place = Int(place)
            #expect(index.items.string(at: number) == contents.itemIds[place])
            #expect(index.items.index(of: contents.itemIds[place]) == number)
            #expect(unsafe index.items.ranks[number] == UInt32(place))
            #expect(index.properties.properties(ofItem: number) == contents.itemProperties[place])
            #expect(unsafe index.interactionCounts[number] == contents.interactionCounts[place])
            #expect(unsafe index.fallback.scores[number] == contents.fallback[place])
            let row = unsafe index.neighbours.row(number)
            let links = unsafe index.neighbours.links(row.content, unit: row.contentUnit)
            let expected = contents.contentNeighbours.range(ofRow: place)
            #expect(
                Set(links.map { index.items.string(at: Int($0.column)) })
                    == Set(expected.map { contents.itemIds[Int(contents.contentNeighbours.columnIndexes[$0])] }))
        }
        let popular = unsafe index.popularity.order.map { index.items.string(at: Int($0)) }
        let expected = (0..<300).sorted { (contents.popularity[$1], $0) < (contents.popularity[$0], $1) }
        #expect(popular == expected.map { contents.itemIds[$0] })
        let history = unsafe index.histories.history(ofUser: 3).itemIndexes.map { index.items.string(at: Int($0)) }
        let stored = contents.histories.itemIndexes[contents.histories.offsets[3]..<contents.histories.offsets[4]]
        #expect(history == stored.map { contents.itemIds[Int($0)] })
    }

    @Test func idsAreFoundBothWays() throws {
        let ids = ["\"quoted\", comma", "A", "a", "a b", "aa", "z", "é", "日本", "🎬", "🎬🎬"].sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
        var contents = SampleContents.make(itemCount: ids.count + 1, userCount: 1)
        contents.itemIds = ids + [String(repeating: "🎉", count: 64)]
        contents.itemIds.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let index = try publish(contents)
        for (position, id) in contents.itemIds.enumerated() {
            #expect(index.items.string(at: position) == id)
            #expect(index.items.index(of: id) == position)
        }
        for absent in ["", "b", "🎭", "A ", String(repeating: "🎉", count: 63)] {
            #expect(index.items.index(of: absent) == nil)
        }
        // Canonically equal, but other bytes: another id.
        #expect(index.items.index(of: "e\u{301}") == nil)
    }

    @Test func propertiesAreLentWithoutStrings() throws {
        var contents = SampleContents.make(itemCount: 2, userCount: 0)
        contents.itemProperties = [
            [
                .init("title", .string("Ünï🎬")), .init("tags", .strings(["x", ""])), .init("none", .strings([])),
                .init("price", .number(-0.5)), .init("new", .boolean(true)), .init("time", .time(.min)),
                .init("empty", .string("")),
            ],
            [.init("time", .time(7)), .init("title", .string("b"))],
        ]
        let index = try publish(contents)
        #expect(index.properties.names == ["title", "tags", "none", "price", "new", "time", "empty"])
        #expect(index.properties.properties(ofItem: 0) == contents.itemProperties[0])
        let title = try #require(index.properties.nameIndex(of: "title"))
        for (item, expected) in ["Ünï🎬", "b"].enumerated() {
            let bytes = index.properties.withProperty(ofItem: item, nameIndex: title) { value in
                guard case .string(let bytes) = value else { return [UInt8]() }
                return unsafe Array(bytes)
            }
            #expect(bytes == Array(expected.utf8))
        }
        let tags = try #require(index.properties.nameIndex(of: "tags"))
        #expect(index.properties.withProperty(ofItem: 1, nameIndex: tags) { _ in true } == nil)
        var visited: [Int] = []
        index.properties.forEachProperty(ofItem: 1) { nameIndex, _ in visited.append(nameIndex) }
        #expect(visited == [5, 0])
        #expect(index.properties.nameIndex(of: "absent") == nil)
    }

    @Test func sameContentsGiveTheSameBytes() throws {
        let contents = SampleContents.make(itemCount: 200, userCount: 100)
        let first = try publish(contents, into: "a.index")
        let second = try publish(contents, into: "b.index")
        #expect(first.version == second.version)
        #expect(
            try directory.bytes(of: "a.index/versions/\(first.version).lmdb")
                == directory.bytes(of: "b.index/versions/\(second.version).lmdb"))
        var other = contents
        other.facts.createdMilliseconds += 1
        #expect(try publish(other, into: "c.index").version != first.version)
    }

    @Test func versionNameSaysWhenAndWhat() throws {
        var contents = SampleContents.make(itemCount: 3, userCount: 1)
        for (created, prefix) in [
            (Int64(0), "19700101T000000.000Z-"), (951_782_400_000, "20000229T000000.000Z-"),
            (1_764_000_000_123, "20251124T160000.123Z-"), (253_402_300_799_999, "99991231T235959.999Z-"),
        ] {
            contents.facts.createdMilliseconds = created
            let index = try publish(contents, into: "\(created).index")
            #expect(index.version.hasPrefix(prefix))
            #expect(VersionName(index.version)?.text == index.version)
        }
    }

    @Test func summaryHasEveryFact() throws {
        let contents = SampleContents.make(itemCount: 40, userCount: 25)
        let index = try publish(contents)
        let fields = index.summary.fields
        func value(_ name: String) -> IndexDescription.Value? { fields.first { $0.name == name }?.value }
        #expect(value("itemCount") == .integer(40))
        #expect(value("userCount") == .integer(25))
        #expect(value("collaborativeModel") == .string("ease"))
        #expect(value("byteCount") == .integer(try directory.bytes(of: "a.index/versions/\(index.version).lmdb").count))
        #expect(value("coldItemCount") == .integer(contents.interactionCounts.count { $0 == 0 }))
        #expect(value("historyEntryCount") == .integer(contents.histories.itemIndexes.count))
        guard case .list(let sections) = value("sections"), case .object(let first) = sections.first else {
            Issue.record("no sections")
            return
        }
        #expect(sections.count == 28)
        #expect(first.map(\.name) == ["name", "blockCount", "rowCount", "byteCount"])
        #expect(first[0].value == .string("items.ids.offsets"))
        #expect(first[3].value == .integer(41 * 8))
    }
}
