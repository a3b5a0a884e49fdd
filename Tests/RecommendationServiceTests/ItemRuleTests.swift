import Interactions
import ItemFilter
import LinearAlgebra
import RecommendationIndex
import RecommendationService
import TestSupport
import Testing

/// Filters and boosts: of N allowed items N come back, in the order and with the scores of the whole catalogue's list.
@Suite struct ItemRuleTests {
    private static let seed: UInt64 = 20_261_130
    private static let itemCount = 150

    private struct Shop {
        let recommender: Recommender
        let properties: [[Item.Property]]

        init(_ model: SampleModel, seed: UInt64) throws {
            var catalogue = SampleCatalogue.random(itemCount: itemCount, userCount: 6, seed: seed)
            model.apply(to: &catalogue, seed: seed + 1)
            var generator = SeededGenerator(seed: seed + 2)
            catalogue.properties = (0..<itemCount).map { _ in
                var properties = [Item.Property("price", .number(Double(generator.index(below: 1_000))))]
                if generator.index(below: 4) > 0 {
                    properties.append(Item.Property("brand", .string("b\(generator.index(below: 5))")))
                }
                return properties
            }
            // Numbers that are no places, as in a real index.
            catalogue.itemOrder = (0..<Int32(itemCount)).shuffled(using: &generator)
            recommender = try catalogue.recommender()
            properties = catalogue.properties ?? []
        }

        func price(_ item: RecommendedItem) -> Double {
            let found = recommender.serving.index.properties.properties(ofItem: item.item.index)
            guard case .number(let price)? = found.first(where: { $0.name == "price" })?.value else { return .nan }
            return price
        }

        func id(_ item: RecommendedItem) -> String { recommender.view.idString(of: item.item) }

        func brand(_ item: ItemNumber) -> PropertyValue? {
            recommender.serving.index.properties.properties(ofItem: item.index).first { $0.name == "brand" }?
                .value
        }

        /// Every method, for the same options.
        func answers(_ options: RecommendationOptions) -> [Recommendation] {
            let id = SampleCatalogue.userId(2)
            return [
                recommender.recommend(for: UserEvidence(userId: id), options: options),
                recommender.recommend(for: UserEvidence(userId: "nobody"), options: options),
                recommender.recommend(similarTo: ItemNumber(3), userId: id, options: options),
                recommender.recommend(session: [1, 4, 7].map(SampleCatalogue.itemId), userId: id, options: options),
                recommender.popular(.trending, userId: id, options: options),
            ]
        }
    }

    /// From all to a tenth of a percent, that is, to one item and none.
    @Test(arguments: SampleModel.allCases) func filtersTakeOthersOut(model: SampleModel) throws {
        for round in 0..<6 {
            let seed = Self.seed + UInt64(10 * round)
            let shop = try Shop(model, seed: seed)
            let whole = shop.answers(RecommendationOptions(count: Self.itemCount))
            for limit in [2_000, 500, 60, 15, 1] {
                for count in [1, 10, Self.itemCount] {
                    var options = RecommendationOptions(count: count)
                    options.filter = try shop.recommender.filters.filter("price < \(limit)")
                    for (answer, whole) in zip(shop.answers(options), whole) {
                        let expected = whole.items.filter { shop.price($0) < Double(limit) }.prefix(count)
                        #expect(answer.items == Array(expected), "seed \(seed), price < \(limit), count \(count)")
                    }
                }
            }
        }
    }

    @Test(arguments: SampleModel.allCases) func boostsReorder(model: SampleModel) throws {
        for round in 0..<6 {
            let seed = Self.seed + UInt64(10 * round)
            let shop = try Shop(model, seed: seed)
            let whole = shop.answers(RecommendationOptions(count: Self.itemCount))
            func factor(_ item: RecommendedItem) -> Float { shop.price(item) > 500 ? 3 : 1 }
            func isBefore(_ left: RecommendedItem, _ right: RecommendedItem) -> Bool {
                let (a, b) = (left.score * factor(left), right.score * factor(right))
                return a > b || (a == b && shop.id(left) < shop.id(right))
            }
            for count in [1, 10, Self.itemCount] {
                var options = RecommendationOptions(count: count)
                options.boost = try shop.recommender.filters.boost("1 + 2 * (price > 500)")
                for (answer, whole) in zip(shop.answers(options), whole) {
                    let personal = whole.items.filter { $0.source != .fallback }.sorted(by: isBefore)
                    #expect(
                        answer.items.map(\.item.rawValue).starts(with: personal.map(\.item.rawValue).prefix(count)),
                        "seed \(seed), count \(count)")
                    #expect(answer.items.count == min(count, whole.items.count))
                    // Behind them the fallback's items: those that nothing speaks against, then the others.
                    let fallback = answer.items.dropFirst(personal.count)
                    let falls = zip(fallback, fallback.dropFirst()).filter { $0.score < $1.score }.count
                    #expect(falls <= 1, "seed \(seed)")
                    for item in answer.items {
                        let plain = whole.items.first { $0.item == item.item }
                        #expect(abs(item.score - item.boost - (plain?.score ?? .nan)) < 1e-5)
                    }
                }
            }
        }
    }

    /// Of 3,000 items by factors the best 1,000 are candidates; a filter that admits three further down finds them by their scores.
    @Test func aSelectiveFilterReachesBeyondTheCandidates() throws {
        let count = 3_000
        var catalogue = SampleCatalogue(itemCount: count)
        catalogue.collaborative = Array(repeating: [], count: count)
        catalogue.content = catalogue.collaborative
        catalogue.hasVector = Array(repeating: false, count: count)
        catalogue.factorModel = FactorModelContents(
            items: DenseMatrix(rowCount: count, columnCount: 1, values: (0..<count).map { Float(count - $0) / 3_000 }),
            gram: DenseMatrix(rowCount: 1, columnCount: 1, values: [1]), constants: [1, 0, 0, 1])
        catalogue.histories = [[.init(item: 0, weight: 1, time: 1)]]
        catalogue.properties = (0..<count).map { place in
            [Item.Property("chosen", .boolean([1_500, 2_000, 2_500].contains(place)))]
        }
        let recommender = try catalogue.recommender()
        var options = RecommendationOptions(count: 5)
        options.filter = try recommender.filters.filter("chosen")
        let answer = recommender.recommend(for: UserEvidence(userId: "u0000"), options: options)
        #expect(answer.items.map(\.item.rawValue) == [1_500, 2_000, 2_500])
        #expect(answer.items.allSatisfy { $0.source == .collaborative })
    }

    @Test func contextAndUserAreTheRequests() throws {
        let shop = try Shop(.lists, seed: Self.seed)
        var options = RecommendationOptions(count: Self.itemCount)
        options.filter = try shop.recommender.filters.filter("brand = context.brand and id != context.id")
        let whole = shop.recommender.recommend(
            similarTo: ItemNumber(3), options: RecommendationOptions(count: Self.itemCount))
        let wanted = try #require(shop.brand(ItemNumber(3)))
        let answer = shop.recommender.recommend(similarTo: ItemNumber(3), options: options)
        #expect(answer.items == whole.items.filter { shop.brand($0.item) == wanted })
        options.contextItem = answer.items.last?.item
        #expect(
            !shop.recommender.recommend(similarTo: ItemNumber(3), options: options).items.contains {
                $0.item == options.contextItem
            })
        options.filter = try shop.recommender.filters.filter("user.id = 'u0002' and price >= 0")
        #expect(shop.answers(options).map { !$0.items.isEmpty } == [true, false, true, true, true])
    }

    @Test func resultsAreWorkedOutOnce() throws {
        let shop = try Shop(.lists, seed: Self.seed)
        let filters = shop.recommender.filters
        var options = RecommendationOptions(count: 5)
        options.filter = try filters.filter("price < 100")
        _ = shop.answers(options)
        #expect(filters.evaluationCount == 1)
        // The same in other words and other letters.
        options.filter = try filters.filter("(price  <  100)")
        _ = shop.answers(options)
        #expect(filters.evaluationCount == 1)
        options.filter = try filters.filter("price < 100 and now() > time('2020-01-01')")
        let evening: Int64 = 1_764_000_000_000
        for now in [evening, evening + 1, evening + FilterBindings.step] {
            options.now = now
            _ = shop.answers(options)
        }
        #expect(filters.evaluationCount == 3)
    }

    /// Items 0, 1 and 2 were last dealt with at 3,000, 2,000 and 1,000.
    @Test func whatWasSeenLongAgoMayComeAgain() throws {
        var catalogue = SampleCatalogue(itemCount: 4)
        catalogue.histories = [(0..<3).map { .init(item: $0, weight: 1, time: Int64(3_000 - 1_000 * $0)) }]
        for (hasTimes, since, expected) in [
            (true, nil, [3]), (true, 2_000, [2, 3]), (true, 2_001, [1, 2, 3]), (true, 4_000, [0, 1, 2, 3]),
            (false, 4_000, [3]),
        ] as [(Bool, Int64?, [Int32])] {
            catalogue.hasTimes = hasTimes
            let recommender = try catalogue.recommender()
            var options = RecommendationOptions(count: 9)
            options.seenSince = since
            let personal = recommender.recommend(for: UserEvidence(userId: "u0000"), options: options)
            #expect(personal.items.map(\.item.rawValue).sorted() == expected)
            #expect(
                recommender.popular(.popular, userId: "u0000", options: options).items.map(\.item.rawValue) == expected)
            // What the visitor has just seen was seen now.
            let recent = recommender.recommend(
                for: UserEvidence(recentItems: [RecentItem(itemId: "i0000", eventWeight: 1)]), options: options)
            #expect(!recent.items.contains { $0.item.rawValue == 0 })
        }
    }

    /// An accent may be one character or two: equal to Swift, not to a filter.
    @Test func stringsAreToldApartByTheirBytes() throws {
        var catalogue = SampleCatalogue(itemCount: 2)
        catalogue.properties = ["\u{e9}", "e\u{301}"].map { [.init("brand", .string($0))] }
        let recommender = try catalogue.recommender()
        for (place, text) in ["\u{e9}", "e\u{301}"].enumerated() {
            var options = RecommendationOptions(count: 2)
            options.filter = try recommender.filters.filter("brand = '\(text)'")
            #expect(recommender.popular(.popular, options: options).items.map(\.item.index) == [place])
            options.filter = try recommender.filters.filter("brand = context.brand")
            options.contextItem = ItemNumber(place)
            #expect(recommender.popular(.popular, options: options).items.map(\.item.index) == [place])
        }
    }

    @Test func unknownNamesAreToldWithTheNearest() throws {
        let filters = try Shop(.lists, seed: Self.seed).recommender.filters
        #expect { try filters.filter("prise < 5") } throws: { ($0 as? FilterError)?.nearest == "price" }
        #expect { try filters.filter("user.segment = 'x'") } throws: { error in
            (error as? FilterError)?.expected == "one of id"
        }
    }
}
