import IndexBuilding
import Interactions
import RecommendationIndex
import TestSupport
import Testing

/// Inputs at the edge: each builds, publishes and opens, with every model.
@Suite(.serialized) struct DegenerateInputsTests {
    private func open(_ inputs: SampleInputs, _ model: CollaborativeModel) throws -> RecommendationIndex {
        try inputs.contents(.sample(model)).published(in: try TemporaryDirectory(), as: "edge.index")
    }

    @Test(arguments: CollaborativeModel.allCases) func nothingAtAll(model: CollaborativeModel) throws {
        let index = try open(SampleInputs(), model)
        #expect(index.itemCount == 0)
        #expect(index.userCount == 0)
        #expect(index.manifest.collaborativeModel == "none")
    }

    @Test(arguments: CollaborativeModel.allCases) func aCatalogueWithoutInteractions(model: CollaborativeModel) throws {
        var inputs = SampleInputs()
        for item in 0..<4 { inputs.addItem("i\(item)", tags: ["t\(item % 2)"]) }
        let index = try open(inputs, model)
        #expect(index.itemCount == 4)
        #expect(index.manifest.collaborativeModel == "none")
        #expect(unsafe Array(index.popularity.scores) == [0, 0, 0, 0])
        #expect(unsafe Array(index.trending.scores) == [0, 0, 0, 0])
    }

    @Test(arguments: CollaborativeModel.allCases) func oneUserAndOneItem(model: CollaborativeModel) throws {
        var inputs = SampleInputs()
        inputs.add("u", "i", "purchase")
        let index = try open(inputs, model)
        #expect(index.itemCount == 1)
        #expect(index.neighbours.collaborativeCount == 0)
        #expect(unsafe Array(index.popularity.scores) == [1])
    }

    @Test(arguments: CollaborativeModel.allCases) func oneUserWithEverythingSeen(model: CollaborativeModel) throws {
        var inputs = SampleInputs()
        for item in 0..<20 { inputs.add("u", "i\(item)", day: Double(item)) }
        let index = try open(inputs, model)
        #expect(unsafe index.histories.history(ofUser: 0).itemIndexes.count == 20)
        #expect(unsafe Array(index.interactionCounts) == Array(repeating: 1, count: 20))
    }

    @Test(arguments: CollaborativeModel.allCases) func manyUsersOfOneItem(model: CollaborativeModel) throws {
        var inputs = SampleInputs()
        for user in 0..<40 { inputs.add("u\(user)", "i", day: Double(user)) }
        let index = try open(inputs, model)
        #expect(unsafe Array(index.popularity.scores) == [40])
    }

    @Test(arguments: CollaborativeModel.allCases) func allTimesEqual(model: CollaborativeModel) throws {
        var inputs = SampleInputs()
        for user in 0..<40 {
            for item in 0..<5 where item != user % 5 { inputs.add("u\(user)", "i\(item)") }
        }
        for item in 0..<5 { inputs.addItem("i\(item)", tags: ["t"]) }
        let contents = try inputs.contents(.sample(model))
        #expect(contents.recentPopularity == contents.popularity)
        #expect(contents.histories.itemIndexes.prefix(4) == [1, 2, 3, 4])
        // Nothing is newer than anything, so nothing trends above the rest: n / (n + 10) for 32 users each.
        #expect(contents.trending == Array(repeating: Float(32.0 / 42), count: 5))
        _ = try contents.published(in: try TemporaryDirectory(), as: "edge.index")
    }

    @Test(arguments: CollaborativeModel.allCases) func onlyDislikes(model: CollaborativeModel) throws {
        let weights = try EventWeights(parsing: "view=-1")
        var inputs = SampleInputs(weights: weights)
        for user in 0..<40 {
            for item in 0..<3 { inputs.add("u\(user)", "i\(item)", day: Double(item)) }
        }
        for item in 0..<3 { inputs.addItem("i\(item)", tags: ["t"]) }
        var configuration = BuildConfiguration.sample(model)
        configuration.eventWeights = weights
        let index = try inputs.contents(configuration).published(in: try TemporaryDirectory(), as: "edge.index")
        #expect(unsafe Array(index.popularity.scores) == [0, 0, 0])
    }

    @Test(arguments: CollaborativeModel.allCases) func pairsThatCancelOut(model: CollaborativeModel) throws {
        let weights = try EventWeights(parsing: "dislike=-1")
        var inputs = SampleInputs(weights: weights)
        for user in 0..<3 {
            for type in ["view", "dislike"] { inputs.add("u\(user)", "i", type) }
        }
        var configuration = BuildConfiguration.sample(model)
        configuration.eventWeights = weights
        let index = try inputs.contents(configuration).published(in: try TemporaryDirectory(), as: "edge.index")
        #expect(unsafe Array(index.interactionCounts) == [3])
        #expect(index.neighbours.collaborativeCount == 0)
    }

    @Test(arguments: CollaborativeModel.allCases) func aHalfLifeFarBelowTheSpan(model: CollaborativeModel) throws {
        // Weights of 2^-140 and less: subnormal numbers and zeros.
        var inputs = SampleInputs()
        for user in 0..<40 {
            for item in 0..<4 { inputs.add("u\(user)", "i\(item)", day: -Double(140 + 10 * ((item + user) % 4))) }
        }
        inputs.add("new", "i0", day: 0)
        for item in 0..<4 { inputs.addItem("i\(item)", tags: ["t\(item % 2)"]) }
        var configuration = BuildConfiguration.sample(model)
        configuration.halfLifeDays = 1
        let index = try inputs.contents(configuration).published(in: try TemporaryDirectory(), as: "edge.index")
        #expect(index.userCount == 41)
    }
}
