import Interactions
import Testing

struct IdentifierTableTests {
    @Test func internsInOrderOfFirstAppearance() {
        var table = IdentifierTable()
        #expect(["b", "a", "b", "", "é", "a"].map { table.intern($0) } == [0, 1, 0, 2, 3, 1])
        #expect(table.count == 4)
        #expect((0..<4).map { table.id(at: $0) } == ["b", "a", "", "é"])
        #expect(table.index(of: "é") == 3)
        #expect(table.index(of: "e") == nil)
        #expect(table.byteCount == 4)
    }

    @Test func emptyTable() {
        let table = IdentifierTable()
        #expect(table.count == 0)
        #expect(table.index(of: "") == nil)
        #expect(table.ascendingOrder().isEmpty)
    }

    @Test func growsAndStillFindsEverything() {
        let ids = (0..<20_000).map { "id-\($0 &* 7919 % 20_011)" }
        let table = IdentifierTable(ids)
        #expect(table.count == 20_000)
        #expect(ids.indices.allSatisfy { table.index(of: ids[$0]) == Int32($0) && table.id(at: $0) == ids[$0] })
        #expect(table.index(of: "id-20011") == nil)
    }

    @Test func sortsByUTF8Bytes() {
        // A swift String comparison would put "é" elsewhere, and equal eight-byte beginnings need the whole id.
        let ids = [
            "z", "é", "a", "10", "9", "common-prefix-b", "common-prefix-a", "common-prefix", "😀", "\u{FFFD}", "Z",
        ]
        let table = IdentifierTable(ids)
        let sorted = table.ascendingOrder().map { table.id(at: Int($0)) }
        #expect(sorted == ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(sorted.first == "10" && sorted.last == "😀")
        let ranks = IdentifierTable.ranks(of: table.ascendingOrder())
        #expect(ranks.indices.allSatisfy { sorted[Int(ranks[$0])] == ids[$0] })
    }

    @Test func zeroBytesAtTheEndDoNotConfuseTheOrder() {
        let table = IdentifierTable(["a\0", "a", "a\0\0"])
        #expect(table.ascendingOrder() == [1, 0, 2])
    }

    @Test func rulesOfIds() {
        func violation(_ text: String) -> IdentifierRules.Violation? {
            IdentifierRules.violation(of: Array(text.utf8).span)
        }
        #expect(violation("") == .empty)
        #expect(violation(String(repeating: "x", count: 256)) == nil)
        #expect(violation(String(repeating: "x", count: 257)) == .tooLong)
        #expect(violation(String(repeating: "😀", count: 64)) == nil)
        #expect(violation("a\u{7f}") == .controlCharacter)
        #expect(violation("a\tb") == .controlCharacter)
        #expect(violation("a\u{85}b") == .controlCharacter)
        #expect(violation("a\u{a0}b") == nil)
        #expect(violation("\"quoted\", and 'so'") == nil)
    }
}
