import Interactions
import RecommendationService
import Testing

/// Filters, boosts and limits look at what properties are by now.
@Suite struct ChangedPropertyTests {
    private let catalogue: SampleCatalogue

    init() {
        var catalogue = SampleCatalogue(itemCount: 70)
        catalogue.properties = (0..<70).map { place in
            [.init("price", .number(Double(place))), .init("brand", .string("b\(place % 3)"))]
        }
        self.catalogue = catalogue
    }

    private func items(
        _ recommender: Recommender, _ change: (Recommender, inout RecommendationOptions) throws -> Void
    ) throws -> [Int32] {
        recommender.refresh(now: 0)
        var options = RecommendationOptions(count: 100)
        try change(recommender, &options)
        return recommender.popular(.popular, options: options).items.map(\.item.rawValue)
    }

    @Test func filtersFollowWhatIsPublished() throws {
        let serving = try catalogue.serving()
        let recommender = Recommender(serving)
        let cheap: (Recommender, inout RecommendationOptions) throws -> Void = { recommender, options in
            options.filter = try recommender.filters.filter("price < 3")
        }
        #expect(try items(recommender, cheap) == [0, 1, 2])
        var builder = CatalogOverlayBuilder(serving)
        try builder.setProperties([.init("price", .number(99))], of: ItemNumber(1))
        try builder.setProperties([.init("price", .number(1))], of: ItemNumber(68))
        try builder.setProperties([], of: ItemNumber(2))
        var new = NewItem(id: "new")
        new.properties = [.init("price", .number(2)), .init("colour", .string("green"))]
        new.scores.popular = 1_000
        try builder.put(new)
        serving.live.publish(builder.snapshot())
        #expect(try items(recommender, cheap) == [70, 0, 68])
        #expect(recommender.filters.evaluationCount == 1)
        // A name that the index lacks.
        let green: (Recommender, inout RecommendationOptions) throws -> Void = { recommender, options in
            options.filter = try recommender.filters.filter("colour = 'green' and id = 'new'")
        }
        #expect(try items(recommender, green) == [70])
        serving.live.publish(nil)
        #expect(try items(recommender, cheap) == [0, 1, 2])
        #expect(throws: (any Error).self) { try items(recommender, green) }
    }

    @Test func boostsFollowWhatIsPublished() throws {
        let serving = try catalogue.serving()
        let recommender = Recommender(serving)
        var builder = CatalogOverlayBuilder(serving)
        try builder.setProperties([.init("price", .number(1_000))], of: ItemNumber(40))
        serving.live.publish(builder.snapshot())
        let first = try items(recommender) { recommender, options in
            options.boost = try recommender.filters.boost("1 + 9 * (price >= 1000)")
        }
        #expect(first.first == 40)
    }

    /// A new item's brand is the same brand as the index's.
    @Test func limitsCountNewItemsAmongTheOthers() throws {
        let serving = try catalogue.serving()
        let recommender = Recommender(serving)
        var builder = CatalogOverlayBuilder(serving)
        for (id, brand, score) in [("n1", "b1", 1_000), ("n2", "other", 900), ("n3", "other", 800)]
            as [(String, String, Float)]
        {
            var new = NewItem(id: id)
            new.properties = [.init("brand", .string(brand))]
            new.scores.popular = score
            try builder.put(new)
        }
        serving.live.publish(builder.snapshot())
        let limited = try items(recommender) { $1.limits = [PropertyLimit(property: "brand", count: 1)] }
        // n1 stands for b1, n2 for its own; 0 has b0, and 2 has b2.
        #expect(limited == [70, 71, 0, 2])
    }
}
