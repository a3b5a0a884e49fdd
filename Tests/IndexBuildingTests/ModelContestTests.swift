import Interactions
import LinearAlgebra
import RecommendationIndex
import Recommenders
import Testing

@testable import IndexBuilding

/// Which of several models is taken.
@Suite struct ModelContestTests {
    private static let itemCount = 30

    /// 60 users who take eleven items one after the other, one a day, at a time of day of their own.
    private static func walks() -> InteractionMatrix {
        var inputs = SampleInputs()
        for user in 0..<60 {
            for day in 0...10 {
                inputs.add(
                    "user-\(user)", "item-\(10 + user % 20 + day)", day: Double(day) + Double(user % 7) / 10)
            }
        }
        return InteractionMatrix.build(from: inputs.log)
    }

    /// Item i leads to item i + step.
    private static func lists(step: Int) -> MeasuredModel {
        let targets = (0..<itemCount).map { (source: $0, target: $0 + step) }
            .filter { (0..<itemCount).contains($0.target) }
        return .lists(
            SparseMatrix(
                rowCount: itemCount, columnCount: itemCount,
                rowOffsets: (0...itemCount).map { row in targets.count { $0.source < row } },
                columnIndexes: targets.map { Int32($0.target) }, values: targets.map { _ in 1 }))
    }

    /// Item i and item i + step have a factor in common, which nobody else has.
    private static func factors(step: Int) -> MeasuredModel {
        var items = DenseMatrix(zeros: itemCount, itemCount)
        for item in 0..<itemCount {
            items[item, item] = 1
            if item + step < itemCount { items[item + step, item] = 1 }
        }
        return .factors(
            FactorModelContents(items: items, gram: DenseMatrix(zeros: itemCount, itemCount), constants: [1, 0, 1, 0]),
            threadCount: 1)
    }

    /// What is found where each model's lists lead so many items ahead: on the split of each user, then on that of a moment.
    /// - Parameter factorSteps: the same of the factors of implicit ALS, which counts `factorShare` in a pair.
    private static func findings(
        _ steps: [CollaborativeModel: [Int]], factorSteps: [Int]? = nil,
        factorShare: Float = ScorePair.standardFactorShare
    ) throws -> InternalValidation.Findings {
        let interactions = walks()
        var trainings: [CollaborativeModel: Int] = [:]
        return try InternalValidation(
            interactions: interactions, content: SparseMatrix(empty: itemCount), popularity: .init(),
            factorShare: factorShare, seed: 42
        ).measure(
            [.ease, .slist, .implicitALS].filter { steps[$0] != nil || $0 == .implicitALS && factorSteps != nil }
        ) { (model, _) throws(BuildError) -> MeasuredModel in
            let training = trainings[model, default: 0]
            trainings[model] = training + 1
            let isByFactors = model == .implicitALS && factorSteps != nil
            guard let step = (isByFactors ? factorSteps : steps[model])?.dropFirst(training).first else {
                throw BuildError(operation: "train", expected: "", found: "", remedy: "")
            }
            return isByFactors ? factors(step: step) : lists(step: step)
        }
    }

    @Test func whatIsClearlyAheadIsTaken() throws {
        let found = try Self.findings([.ease: [-1, -1], .slist: [1, 1]])
        #expect(found.model == .slist)
        #expect(found.modelQualities.map(\.model) == [.ease, .slist])
        #expect(found.modelQualities[0].ndcg == 0 && (found.modelQualities[1].ndcg ?? 0) > 0.5)
        #expect(found.modelQualities[0].returning == 0 && (found.modelQualities[1].returning ?? 0) > 0.5)
    }

    @Test func whatIsNotAheadIsNotTaken() throws {
        let found = try Self.findings([.ease: [1, 1], .slist: [1, 1], .implicitALS: [-1, -1]])
        #expect(found.model == .ease)
        #expect(found.modelQualities.map(\.model) == [.ease, .slist, .implicitALS])
    }

    @Test func whatFailsThoseWhoComeBackIsNotTaken() throws {
        let found = try Self.findings([.ease: [-1, 1], .slist: [1, -1]])
        #expect(found.model == .ease)
        #expect((found.modelQualities[0].returning ?? 0) > 0.5 && found.modelQualities[1].returning == 0)
    }

    @Test func whatCannotBeTrainedIsNoRival() throws {
        let found = try Self.findings([.ease: [-1, -1], .slist: [], .implicitALS: [1, 1]])
        #expect(found.model == .implicitALS)
        #expect(found.modelQualitiesText.contains("slist could not be trained"))
        #expect(throws: BuildError.self) { try Self.findings([.ease: [], .slist: [1, 1]]) }
        // Nor what can be trained for one of the two questions alone.
        let halfway = try Self.findings([.ease: [-1, -1], .slist: [1]])
        #expect(halfway.model == .ease && halfway.modelQualitiesText.hasSuffix("slist could not be trained"))
    }

    /// Lists find the first of the two hidden items alone; factors that lead ten items ahead find the second after eight others.
    @Test func aPairIsTakenWhereItIsAheadOfBothItsParts() throws {
        let found = try Self.findings([.ease: [1, 1]], factorSteps: [10, 10])
        #expect(found.model == .easeAndImplicitALS)
        #expect(found.modelQualities.map(\.model) == [.ease, .implicitALS, .easeAndImplicitALS])
        let (lists, pair) = (found.modelQualities[0], found.modelQualities[2])
        #expect(try #require(pair.ndcg) > #require(lists.ndcg))
        #expect(try #require(pair.returning) > #require(lists.returning))
    }

    @Test func thePairIsThatOfTheBestLists() throws {
        let models = { try Self.findings($0, factorSteps: [10, 10]).modelQualities.map(\.model) }
        #expect(
            try models([.ease: [-1, -1], .slist: [1, 1]]) == [.ease, .slist, .implicitALS, .slistAndImplicitALS])
        #expect(try models([.ease: [1, 1], .slist: [-1, -1]]) == [.ease, .slist, .implicitALS, .easeAndImplicitALS])
    }

    /// Factors that lead two items ahead find both hidden items, and none where they lead elsewhere.
    @Test func aPairThatFailsThoseWhoComeBackIsNotTaken() throws {
        let found = try Self.findings([.ease: [1, 1]], factorSteps: [2, 12], factorShare: 0.9)
        #expect(found.model == .ease)
        let (lists, pair) = (found.modelQualities[0], found.modelQualities[2])
        #expect(pair.model == .easeAndImplicitALS)
        #expect(try #require(pair.ndcg) > #require(lists.ndcg))
        #expect(try #require(pair.returning) < #require(lists.returning))
    }

    @Test func thereIsNoPairWithoutBothParts() throws {
        let failed = try Self.findings([.ease: [1, 1]], factorSteps: [])
        #expect(failed.model == .ease && failed.modelQualitiesText.hasSuffix(", ials could not be trained"))
        let alone = try Self.findings([.ease: [1, 1], .slist: [1, 1]])
        #expect(alone.modelQualities.map(\.model) == [.ease, .slist])
        // What could be trained for one of the two questions alone has no part in a pair.
        let halfway = try Self.findings([.ease: [1, 1]], factorSteps: [2])
        #expect(halfway.model == .ease && halfway.modelQualitiesText.hasSuffix(", ials could not be trained"))
    }

    /// A first look drops who is beaten by two standard errors, but no part of a pair that is not.
    @Test func whoIsClearlyBeatenDoesNotStand() throws {
        let usual = Self.lists(step: 1)
        func standing(
            _ trained: [CollaborativeModel: MeasuredModel?]
        ) throws -> (models: [CollaborativeModel], best: CollaborativeModel) {
            try InternalValidation(
                interactions: Self.walks(), content: SparseMatrix(empty: Self.itemCount), popularity: .init(), seed: 42
            ).standing(of: [.ease, .slist, .implicitALS].filter { trained[$0] != nil }) {
                (model, _) throws(BuildError) -> MeasuredModel in
                guard let known = trained[model], let known else {
                    throw BuildError(operation: "train", expected: "", found: "", remedy: "")
                }
                return known
            }
        }
        let beaten = try standing([.ease: Self.lists(step: -1), .slist: usual])
        #expect(beaten.models == [.slist] && beaten.best == .slist)
        let equal = try standing([.ease: usual, .slist: usual])
        #expect(equal.models == [.ease, .slist] && equal.best == .ease)
        // Factors that find the second of two hidden items alone are behind, but make the pair better.
        let pair = try standing([.ease: usual, .slist: Self.lists(step: -1), .implicitALS: Self.factors(step: 10)])
        #expect(pair.models == [.ease, .implicitALS] && pair.best == .easeAndImplicitALS)
        // What cannot be trained on a part may be on more.
        #expect(try standing([.ease: usual, .slist: nil]).models == [.ease, .slist])
    }

    /// Where one user alone differs, the mean is the standard error but for rounding.
    @Test(arguments: [3, 7, 60, 1000]) func oneUserDecidesNothing(count: Int) {
        for gain in [0.1, 1.0 / 3, 0.6309297535714575] {
            #expect(!InternalValidation.isClear([gain] + Array(repeating: 0, count: count - 1)))
        }
        #expect(InternalValidation.isClear([0.5, 0.4, 0.5] + Array(repeating: 0, count: count)))
        #expect(!InternalValidation.isClear([]) && !InternalValidation.isClear([1]))
    }

    @Test func theManifestTellsTheFiguresWhereThereWasAChoice() throws {
        let inputs = SampleInputs.groups(users: 60, tags: .none)
        let chosen = try inputs.contents()
        let told = try #require(chosen.facts.setting(.modelQualities))
        #expect(told.hasPrefix("ease 0.") && told.contains(", slist 0.") && told.contains(", ials 0."))
        #expect(told.contains("+ials 0."))
        #expect(CollaborativeModel.allCases.map(\.rawValue).contains(chosen.collaborativeModel))
        #expect(try inputs.contents(.sample(.ease)).facts.setting(.modelQualities) == nil)
    }

    @Test func onlyModelsThatAreAffordableAndAskedForCompete() {
        let interactions = Self.walks()
        var training = CollaborativeTraining(configuration: .sample(), histories: interactions.histories)
        #expect(training.contenders(for: interactions.matrix) == [.ease, .slist, .implicitALS])
        #expect(
            CollaborativeTraining(configuration: .sample(.slist), histories: interactions.histories)
                .contenders(for: interactions.matrix) == [.slist])
        #expect(
            CollaborativeTraining(configuration: .sample()).contenders(for: interactions.matrix) == [
                .ease, .implicitALS,
            ])
        var configuration = BuildConfiguration.sample()
        configuration.implicitALS.epochCount = 1 << 40
        training = CollaborativeTraining(configuration: configuration, histories: interactions.histories)
        #expect(training.contenders(for: interactions.matrix) == [.ease, .slist])
        configuration = .sample()
        configuration.memoryLimitBytes = 100_000
        training = CollaborativeTraining(configuration: configuration, histories: interactions.histories)
        #expect(training.contenders(for: interactions.matrix) == [.ease, .slist])
    }
}
