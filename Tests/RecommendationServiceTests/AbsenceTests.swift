import Interactions
import RecommendationService
import Testing

/// Why an item is missing.
@Suite struct AbsenceTests {
    /// The user has item 0, which links to items 1 ... 5 by 1 ... 5; 6 and 7 are popular only. Prices are ten times the number.
    private func recommender() throws -> Recommender {
        var catalogue = SampleCatalogue(itemCount: 8)
        catalogue.hasVector = Array(repeating: false, count: 8)
        for item in 1...5 { catalogue.collaborative[0][item] = Float(item) }
        catalogue.histories = [[.init(item: 0, weight: 1, time: 1)]]
        catalogue.properties = (0..<8).map { place in
            [.init("price", .number(Double(10 * place))), .init("brand", .string(place % 2 == 0 ? "even" : "odd"))]
        }
        return try catalogue.recommender()
    }

    private func absence(
        _ item: Int, _ change: (Recommender, inout RecommendationOptions) throws -> Void = { _, _ in }
    ) throws -> Absence {
        let recommender = try recommender()
        var options = RecommendationOptions(count: 2)
        try change(recommender, &options)
        return recommender.absence(of: ItemNumber(item), for: UserEvidence(userId: "u0000"), options: options)
    }

    @Test func whatIsListedHasItsPlace() throws {
        #expect(try absence(4) == .listed(place: 1))
    }

    @Test func seenExcludedAndFilteredItems() throws {
        #expect(try absence(0) == .seen)
        #expect(try absence(5) { $1.excludeIds = ["i0005"] } == .excluded)
        let filtered = try absence(5) { recommender, options in
            options.filter = try recommender.filters.filter(
                "price >= 10 and brand = 'even' and not price > 30 or price = 70")
        }
        #expect(
            filtered == .filtered(["price >= 10 and brand = \"even\" and not price > 30 or price = 70"]))
        let parts = try absence(5) { recommender, options in
            options.filter = try recommender.filters.filter("price >= 10 and brand = 'even' and not price > 30")
        }
        #expect(parts == .filtered(["brand = \"even\"", "not price > 30"]))
    }

    @Test func outrankedItemsHaveTheirPlaceAndScores() throws {
        guard case .outranked(let place, let score, let last) = try absence(2) else {
            Issue.record("not outranked")
            return
        }
        #expect(place == 3)
        #expect(try #require(score) < #require(last))
        // Nothing speaks for 7, and the request wants no fallback.
        let strict = try absence(7) { $1.strict = true }
        guard case .outranked(nil, nil, _) = strict else {
            Issue.record("\(strict)")
            return
        }
    }

    @Test func arrangedItemsWouldHaveBeenListed() throws {
        let limited = try absence(3) { _, options in
            options.count = 3
            options.limits = [PropertyLimit(property: "brand", count: 1)]
        }
        guard case .arranged(2, _) = limited else {
            Issue.record("\(limited)")
            return
        }
    }
}
