import Embeddings
import Interactions
import LinearAlgebra
import Testing

@Suite struct ItemEmbedderTests {
    func item(_ id: Int, _ properties: [(String, PropertyValue)]) -> Item {
        Item(id: "\(id)", properties: properties.map { .init($0.0, $0.1) })
    }

    /// Two kinds of things, eight of each, each with words of its kind.
    var twoKinds: [Item] {
        let words = [["garden", "hose", "spade", "lawn", "green"], ["laptop", "screen", "keyboard", "cable", "fast"]]
        return (0..<16).map { index in
            let kind = words[index / 8]
            let title = (0..<3).map { kind[(index + $0) % 5] }.joined(separator: " ")
            return item(index, [("title", .string(title)), ("price", .number(Double(index)))])
        }
    }

    func cosine(_ vectors: DenseMatrix, _ a: Int, _ b: Int) -> Float {
        (0..<vectors.columnCount).reduce(0) { $0 + vectors[a, $1] * vectors[b, $1] }
    }

    @Test func sameKindIsNearOtherKindIsFar() throws {
        let vectors = try ItemEmbedder.embed(twoKinds, threadCount: 2)
        // 10 distinct words, and five distinct titles of each kind.
        #expect(vectors.rowCount == 16 && vectors.columnCount == 10)
        for a in 0..<16 {
            #expect((cosine(vectors, a, a) - 1).magnitude < 1e-5)
            for b in 0..<16 where a / 8 != b / 8 { #expect(cosine(vectors, a, b).magnitude < 1e-4) }
        }
        #expect((cosine(vectors, 0, 5) - 1).magnitude < 1e-4)
        #expect(cosine(vectors, 0, 1) > 0.4)
    }

    @Test func fewerDimensionsOnRequest() throws {
        let vectors = try ItemEmbedder.embed(twoKinds, configuration: .init(dimension: 2), threadCount: 1)
        #expect(vectors.columnCount == 2)
        #expect(cosine(vectors, 0, 7) > 0.99)
    }

    @Test func withoutWordsARowOfZeros() throws {
        var items = twoKinds
        items[3].properties = [.init("price", .number(3)), .init("title", .string("!!!"))]
        let vectors = try ItemEmbedder.embed(items, threadCount: 1)
        #expect((0..<vectors.columnCount).allSatisfy { vectors[3, $0] == 0 })
        #expect((cosine(vectors, 4, 4) - 1).magnitude < 1e-5)
        #expect(try ItemEmbedder.embed([], threadCount: 1) == DenseMatrix(zeros: 0, 0))
        #expect(try ItemEmbedder.embed([items[3]], threadCount: 1) == DenseMatrix(zeros: 1, 0))
    }

    @Test func sameSeedSameVectors() throws {
        let first = try ItemEmbedder.embed(twoKinds, threadCount: 1)
        #expect(try ItemEmbedder.embed(twoKinds, threadCount: 2) == first)
    }

    @Test func rolesOfColumns() {
        let items = (0..<2_000).map { index in
            item(
                index,
                [
                    ("title", .string("same")), ("brand", .string("Brand \(index % 700)")),
                    ("sku", .string("K\(index)")), ("note", .string("note \(index / 2)")),
                    ("pair", .string("pair \(index % 1_001)")),
                ])
        }
        let words = ItemWords(catalogue: items)
        #expect(words.role(ofColumn: "title") == .text)
        #expect(words.role(ofColumn: "brand") == .categorical)
        #expect(words.role(ofColumn: "sku") == .text)
        #expect(words.role(ofColumn: "note") == .categorical)
        #expect(words.role(ofColumn: "pair") == .text)
        #expect(words.role(ofColumn: "unheard") == .text)
        // In a small catalogue a column of distinct values is text, too.
        #expect(ItemWords(catalogue: Array(items.prefix(10))).role(ofColumn: "brand") == .text)
    }

    @Test func tokensOfAnItem() {
        let catalogue = (0..<4).map { item($0, [("brand", .string($0 < 2 ? "Acme Home" : "ÉTÉ"))]) }
        let words = ItemWords(catalogue: catalogue)
        let found = words.tokens(
            of: item(
                1,
                [
                    ("brand", .string("ACME  home")), ("genres", .strings(["Comedy", "Sci-Fi", "", "?"])),
                    ("title", .string("A b")), ("price", .number(3)), ("new", .boolean(true)), ("at", .time(1)),
                ]))
        #expect(found == ["brand=acme home", "genres=comedy", "genres=sci fi", "genres=?", "a", "b"])
    }
}
