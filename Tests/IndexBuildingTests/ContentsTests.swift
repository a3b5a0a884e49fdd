import IndexBuilding
import Interactions
import RecommendationIndex
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct ContentsTests {
    private static func damped(_ sums: [Double]) -> [Float] { sums.map { Float(log1p($0)) } }

    private func small() -> SampleInputs {
        var inputs = SampleInputs()
        inputs.add("bob", "tea", "view", day: 0)
        inputs.add("ann", "tea", "purchase", day: 1)
        inputs.add("bob", "cup", "cart", day: 2)
        inputs.add("bob", "tea", "purchase", day: 3, value: 2)
        inputs.add("ann", "jar", "view", day: 1)
        inputs.addItem("new", tags: ["hot"])
        inputs.addItem("tea", tags: ["hot"])
        return inputs
    }

    @Test func everythingIsCountedAndOrdered() throws {
        let contents = try small().contents()
        #expect(contents.itemIds == ["cup", "jar", "new", "tea"])
        #expect(contents.userIds == ["ann", "bob"])
        #expect(contents.interactionCounts == [1, 1, 0, 2])
        #expect(contents.popularity == [1, 1, 0, 2])
        #expect(contents.itemProperties.map { $0.map(\.name) } == [[], [], ["tags"], ["tags"]])
        // Most recent first, equal times by item; a pair's time is that of its last row.
        #expect(contents.histories.offsets == [0, 2, 4])
        #expect(contents.histories.itemIndexes == [1, 3, 3, 0])
        #expect(contents.histories.times.map { ($0 - SampleInputs.created) / SampleInputs.day } == [1, 1, 3, 2])
        // ln(1 + w): view 1, purchase 40, view 1 + 2 · purchase 40, cart 20
        #expect(contents.histories.weights == Self.damped([1, 40, 81, 20]))
        let counts = Dictionary(uniqueKeysWithValues: contents.facts.counts.map { ($0.name, $0.count) })
        #expect(counts == ["interactions": 5, "userItemPairs": 4, "itemsInCatalogueFile": 2, "badRows": 0])
        #expect(contents.facts.createdMilliseconds == SampleInputs.created)
        #expect(contents.facts.setting(.hasTimes) == "true")
    }

    @Test func eventWeightsReachTheMatrixAndTheManifest() throws {
        let weights = try EventWeights(parsing: "view=3,dislike=-5")
        var inputs = SampleInputs(weights: weights)
        inputs.add("ann", "a", "view")
        inputs.add("ann", "b", "dislike", day: -1)
        var configuration = BuildConfiguration.sample()
        configuration.eventWeights = weights
        let contents = try inputs.contents(configuration)
        #expect(contents.histories.weights == [Float(log1p(3.0)), -Float(log1p(5.0))])
        // A dislike is an interaction, not popularity.
        #expect(contents.interactionCounts == [1, 1])
        #expect(contents.popularity == [1, 0])
        let stored = try #require(contents.facts.setting(.eventWeights))
        #expect(try EventWeights(parsing: stored) == weights)
    }

    @Test func aHalfLifeHalvesWhatIsOld() throws {
        var inputs = SampleInputs()
        inputs.add("ann", "a", day: 0)
        inputs.add("ann", "b", day: -10)
        inputs.add("ann", "c", day: -20)
        var configuration = BuildConfiguration.sample()
        #expect(try inputs.contents(configuration).histories.weights == Self.damped([1, 1, 1]))
        configuration.halfLifeDays = 10
        #expect(try inputs.contents(configuration).histories.weights == Self.damped([1, 0.5, 0.25]))
    }

    @Test func aRowsOrderIsItsTimeWhereThereIsNone() throws {
        var inputs = SampleInputs(hasTimes: false)
        for item in ["b", "c", "a"] { inputs.add("ann", item) }
        var configuration = BuildConfiguration.sample()
        configuration.halfLifeDays = 1
        let contents = try inputs.contents(configuration)
        #expect(contents.histories.itemIndexes == [0, 2, 1])
        #expect(Set(contents.histories.weights) == [Float(log1p(1.0))])
        #expect(contents.facts.setting(.hasTimes) == "false")
        #expect(contents.recentPopularity == contents.popularity)
    }

    @Test func itemsAreToldApartByBytes() throws {
        // One character, and e with a combining accent: equal as Swift strings, different as ids.
        let (composed, combining) = ("caf\u{e9}", "cafe\u{301}")
        var inputs = SampleInputs()
        inputs.add("ann", composed)
        inputs.addItem(composed, tags: ["one"])
        inputs.addItem(combining, tags: ["two"])
        inputs.addItem(combining, tags: ["a repeated item is not taken"])
        let contents = try inputs.contents()
        #expect(contents.itemIds.map { Array($0.utf8) } == [Array(combining.utf8), Array(composed.utf8)])
        #expect(
            contents.itemProperties == [[.init("tags", .strings(["two"]))], [.init("tags", .strings(["one"]))]])
        #expect(contents.interactionCounts == [0, 1])
    }

    @Test func strangeIdsPassThroughTheIndex() throws {
        let ids = ["a,b", "say \"hi\"", "🎬🎉", String(repeating: "x", count: 256), "'; --", "ünï"]
        var inputs = SampleInputs()
        for id in ids { inputs.add(id, id) }
        let index = try inputs.contents().published(in: try TemporaryDirectory(), as: "strange.index")
        let sorted = ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect((0..<6).map { index.items.string(at: $0) } == sorted)
        #expect((0..<6).map { index.users.string(at: $0) } == sorted)
    }
}
