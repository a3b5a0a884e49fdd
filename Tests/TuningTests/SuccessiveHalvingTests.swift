import Testing
import Tuning

@Suite struct SuccessiveHalvingTests {
    @Test func smallDataHaveOneStage() {
        #expect(SuccessiveHalving(interactionCount: 0).shares == [1])
        #expect(SuccessiveHalving(interactionCount: 449_999).shares == [1])
    }

    @Test func eachStageHasThreeTimesTheUsers() {
        #expect(SuccessiveHalving(interactionCount: 450_000).shares == [1 / 3.0, 1])
        #expect(SuccessiveHalving(interactionCount: 1_350_000).shares == [1 / 9.0, 1 / 3.0, 1])
    }

    @Test func theBestThirdGoesOnWithTheDefaults() {
        let values: [Double?] = [0.1, 0.5, nil, 0.4, 0.4, 0.2, 0.3]
        let scores = values.enumerated().map { SuccessiveHalving.Score(trial: $0.offset, value: $0.element) }
        #expect(SuccessiveHalving.ranking(of: scores) == [1, 3, 4, 6, 5, 0])
        #expect(SuccessiveHalving.survivors(of: scores) == [0, 1, 3])
    }

    @Test func oneTrialGoesOn() {
        #expect(SuccessiveHalving.survivors(of: [.init(trial: 4, value: 0)]) == [4])
        #expect(SuccessiveHalving.survivors(of: [.init(trial: 4, value: nil)]).isEmpty)
        #expect(SuccessiveHalving.survivors(of: []).isEmpty)
    }

    @Test func defaultsThatFailedDoNotGoOn() {
        let scores: [SuccessiveHalving.Score] = [.init(trial: 0, value: nil), .init(trial: 1, value: 0.2)]
        #expect(SuccessiveHalving.survivors(of: scores) == [1])
    }
}
