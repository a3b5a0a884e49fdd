import Interactions
import RecommendationIndex
import RecommendationService
import TestSupport
import Testing

/// Limits, pinned items and diversity, against the rules worked out place by place from the whole list.
@Suite struct ArrangementTests {
    private static let seed: UInt64 = 20_261_130
    private static let itemCount = 80

    private struct Shop {
        let recommender: Recommender
        let brands: [String?]

        init(_ model: SampleModel, seed: UInt64) throws {
            var catalogue = SampleCatalogue.random(itemCount: itemCount, userCount: 4, seed: seed)
            model.apply(to: &catalogue, seed: seed + 1)
            var generator = SeededGenerator(seed: seed + 2)
            let brands = (0..<itemCount).map { _ in
                generator.index(below: 5) == 0 ? nil : "b\(generator.index(below: 4))"
            }
            catalogue.properties = brands.map { brand in brand.map { [.init("brand", .string($0))] } ?? [] }
            recommender = try catalogue.recommender()
            self.brands = brands
        }

        func answers(_ options: RecommendationOptions) -> [Recommendation] {
            [
                recommender.recommend(for: UserEvidence(userId: SampleCatalogue.userId(1)), options: options),
                recommender.recommend(session: ["i0003", "i0005"], options: options),
                recommender.popular(.recent, options: options),
            ]
        }

        /// Each place gets the first item of the rest that fits.
        func expected(_ whole: [RecommendedItem], limit: Int, window: Int?, count: Int) -> [Int32] {
            var rest = whole.map(\.item.rawValue)
            var chosen: [Int32] = []
            while chosen.count < count {
                let before = window.map { Array(chosen.suffix($0 - 1)) } ?? chosen
                let next = rest.firstIndex { item in
                    guard let brand = brands[Int(item)] else { return true }
                    return before.filter { brands[Int($0)] == brand }.count < limit
                }
                guard let next else { break }
                chosen.append(rest.remove(at: next))
            }
            return chosen
        }
    }

    @Test(arguments: SampleModel.allCases) func limitsHoldOnEveryBeginning(model: SampleModel) throws {
        for round in 0..<5 {
            let seed = Self.seed + UInt64(10 * round)
            let shop = try Shop(model, seed: seed)
            let whole = shop.answers(RecommendationOptions(count: Self.itemCount))
            for (limit, window) in [(1, nil), (3, nil), (1, 2), (2, 5), (30, nil)] as [(Int, Int?)] {
                for count in [1, 10, Self.itemCount] {
                    var options = RecommendationOptions(count: count)
                    options.limits = [PropertyLimit(property: "brand", count: limit, window: window)]
                    for (answer, whole) in zip(shop.answers(options), whole) {
                        let expected = shop.expected(whole.items, limit: limit, window: window, count: count)
                        #expect(
                            answer.items.map(\.item.rawValue) == expected,
                            "seed \(seed), \(limit) in \(window ?? 0), count \(count)")
                    }
                }
            }
        }
    }

    @Test func pinnedItemsHaveTheirPlaces() throws {
        let shop = try Shop(.lists, seed: Self.seed)
        let whole = shop.recommender.popular(.recent, options: RecommendationOptions(count: Self.itemCount))
        let last = try #require(whole.items.last?.item)
        let first = try #require(whole.items.first?.item)
        var options = RecommendationOptions(count: 5)
        options.pinned = [
            PinnedItem(item: last, place: 1), PinnedItem(item: first, place: 3),
            PinnedItem(item: whole.items[20].item, place: 2), PinnedItem(item: ItemNumber(7), place: 400),
        ]
        options.excludeIds = [SampleCatalogue.itemId(whole.items[20].item.index)]
        let answer = shop.recommender.popular(.recent, options: options)
        let rest = whole.items.map(\.item).filter {
            ![first, last, whole.items[20].item, ItemNumber(7)].contains($0)
        }
        #expect(answer.items.map(\.item) == [rest[0], last, rest[1], first, rest[2]])
        #expect(answer.items.map { $0.source == .pinned } == [false, true, false, true, false])
    }

    /// Two pairs of items with the same content: who asks for diversity gets one of each first.
    @Test func diversityPutsUnlikeItemsFirst() throws {
        var catalogue = SampleCatalogue(itemCount: 5)
        catalogue.collaborative[0] = [0, 5, 4.9, 4, 3.9]
        catalogue.vectors = [[1, 0], [1, 0], [1, 0], [0, 1], [0, 1]]
        catalogue.histories = [[.init(item: 0, weight: 1, time: 1)]]
        let recommender = try catalogue.recommender()
        var options = RecommendationOptions(count: 4)
        for (diversity, expected) in [(0, [1, 2, 3, 4]), (0.5, [1, 3, 2, 4]), (1, [1, 3, 2, 4])] as [(Float, [Int32])] {
            options.diversity = diversity
            let answer = recommender.recommend(for: UserEvidence(userId: "u0000"), options: options)
            #expect(answer.items.map(\.item.rawValue) == expected, "diversity \(diversity)")
        }
    }
}
