import HybridBlending
import Interactions
import LinearAlgebra
import RecommendationIndex
import Recommenders
import TestSupport
import Testing

@testable import IndexBuilding

@Suite struct BlendMeasurementTests {
    private typealias Factors = AdaptiveWeights.Factors
    private let options = [Factors.one, Factors(content: 0, fallback: 1), Factors(content: 2, fallback: 0.5)]

    private func choice(_ qualities: [[Double]]) -> AdaptiveWeights.Factors {
        BlendMeasurement.choice(options, qualities)
    }

    /// 50 users count half: from 2 and 0.5 half the way to 1.
    @Test func theBestIsDrawnTowardsTheFixedBlend() {
        #expect(choice(Array(repeating: [0.5, 0.4, 0.6], count: 50)) == Factors(content: 1.5, fallback: 0.75))
        #expect(choice(Array(repeating: [0.5, 0.75, 0.6], count: 150)) == Factors(content: 0.25, fallback: 1))
    }

    /// Gains of 1, -1, 1 have mean 1/3 and standard error 2/3; of 1, 1, 0 2/3 and 1/3.
    @Test func whatIsAheadByChanceIsNotTaken() {
        #expect(choice([[0, 1, 0], [1, 0, 1], [0, 1, 0]]) == .one)
        let taken = choice([[0, 1, 0], [0, 1, 0], [0, 0, 0]])
        #expect(abs(taken.content - (1 - 3.0 / 53)) < 1e-6 && taken.fallback == 1)
    }

    @Test func nobodyAndOneUserChangeNothing() {
        #expect(choice([]) == .one)
        #expect(choice([[0, 1, 1]]) == .one)
        #expect(choice([[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]]) == .one)
    }

    /// Learned on half of the users, the weights are not worse for the other half by more than one standard error: the
    /// rule that takes them promises no more.
    @Test(arguments: [SampleInputs.Tags.group, .unrelated]) func notWorseForOthersBeyondChance(tags: SampleInputs.Tags)
        throws
    {
        let inputs = SampleInputs.groups(users: 400, tags: tags)
        let interactions = InteractionMatrix.build(from: inputs.log, extraItemIds: inputs.items.map(\.id))
        let userCount = interactions.userIds.count
        let split = HistorySplit(interactions, hiddenCounts: Array(repeating: 3, count: userCount))
        let training = CollaborativeTraining(configuration: .sample(.itemKNN))
        var findings = InternalValidation.Findings(model: .itemKNN)
        findings.fallbackShare = FallbackShare(usual: 1, returning: 1, returningAge: 0)
        let measurement = BlendMeasurement(
            split: split, collaborative: try training.trainForMeasuring(.itemKNN, hasRivals: false, split.remainder()),
            content: try inputs.contents().contentNeighbours, fallback: split.fallbackScores(.init()),
            weights: .standard, findings: findings)
        let learned = try measurement.adaptiveWeights(Array(0..<userCount / 2))
        // All of them keep six items.
        let factors = learned.factors[AdaptiveWeights.bucket(itemCount: 6)]
        let qualities = try measurement.qualities(Array(userCount / 2..<userCount), [Factors.one, factors])
        let gains = qualities.map { $0[1] - $0[0] }
        #expect(InternalValidation.mean(gains) >= -InternalValidation.standardError(gains))
        #expect(learned.factors.enumerated().allSatisfy { $0.offset == 2 || $0.element == .one })
    }

    @Test func onlyAnAdaptiveBuildKeepsATable() throws {
        let inputs = SampleInputs.groups(users: 100, tags: .unrelated)
        #expect(try inputs.contents().facts.setting(.adaptiveWeights) == nil)
        var configuration = BuildConfiguration.sample()
        configuration.blend = .adaptive
        let text = try #require(try inputs.contents(configuration).facts.setting(.adaptiveWeights))
        #expect(AdaptiveWeights(text)?.text == text)
        #expect(try inputs.contents(configuration).facts.setting(.adaptiveWeights) == text)
        let few = try SampleInputs.groups(users: 29, tags: .unrelated).contents(configuration)
        #expect(few.facts.setting(.adaptiveWeights) == nil)
    }
}
