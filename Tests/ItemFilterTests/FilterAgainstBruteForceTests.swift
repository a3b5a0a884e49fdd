import Interactions
import ItemFilter
import TestSupport
import Testing

@Suite struct FilterAgainstBruteForceTests {
    private static let seed: UInt64 = 20_261_130

    private struct Case {
        let items: [[Item.Property]]
        let ids: [String]
        let columns: PropertyColumns
        let schema: FilterSchema
        let bindings: FilterBindings

        init(_ random: inout RandomExpressions, count: Int) {
            items = random.items(count)
            ids = (0..<count).map { "item-\($0)" }
            columns = PropertyColumns(items: items, ids: ids, types: RandomExpressions.types)
            schema = FilterSchema(itemTypes: RandomExpressions.types)
            bindings = random.bindings()
        }

        func bruteForce(_ item: Int) -> BruteForceFilter {
            var values: [String: PropertyValue] = ["id": .string(ids[item])]
            for property in items[item] { values[property.name] = property.value }
            return BruteForceFilter(item: values, types: RandomExpressions.types, bindings: bindings)
        }
    }

    /// Whichever form an expression is written in, and whichever way it is evaluated, it admits the same items.
    @Test func randomFilters() throws {
        var random = RandomExpressions(generator: SeededGenerator(seed: Self.seed))
        for round in 0..<40 {
            // More than one batch now and then, and ends within a word.
            let shop = Case(&random, count: round == 0 ? 5_000 : random.generator.index(below: 200))
            for _ in 0..<25 {
                let node = try random.condition(random.generator.index(below: 5))
                #expect(try FilterParser.parse(node.text) == node, "seed \(Self.seed): \(node.text)")
                #expect(try FilterDocumentReader.parse(node.document) == node, "seed \(Self.seed): \(node.text)")
                let filter = try FilterTyping.filter(node, shop.schema)
                let words = filter.bits(over: shop.columns, shop.bindings)
                #expect(words.count == (shop.items.count + 63) / 64)
                let admitted = shop.items.indices.filter { words[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }
                let expected = shop.items.indices.filter { shop.bruteForce($0).admits(node) }
                #expect(admitted == expected, "seed \(Self.seed), round \(round): \(node.text)")
                #expect(words.reduce(0) { $0 + $1.nonzeroBitCount } == expected.count)
            }
        }
    }

    @Test func randomBoosts() throws {
        var random = RandomExpressions(generator: SeededGenerator(seed: Self.seed + 1))
        for _ in 0..<20 {
            let shop = Case(&random, count: random.generator.index(below: 100))
            for _ in 0..<20 {
                let node = try FilterNode(
                    .arithmetic(.add, try random.number(3), try random.number(2)), at: .member(""))
                #expect(try FilterParser.parse(node.text) == node, "seed \(Self.seed + 1): \(node.text)")
                let boost = try FilterTyping.boost(node, shop.schema)
                let factors = boost.factors(over: shop.columns, shop.bindings)
                let expected = shop.items.indices.map { shop.bruteForce($0).factor(node) }
                #expect(factors == expected, "seed \(Self.seed + 1): \(node.text)")
            }
        }
    }
}
