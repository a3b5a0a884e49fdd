import Testing

@testable import Evaluation

/// Training: user 0 has items 0 and 1, user 1 has item 0, user 2 nothing. Counts of items 0...5: 2 1 0 0 0 0.
/// Test: user 0 wants 2 and 3, user 1 wants 1, user 2 wants 0. Item 5 of six is not in the catalogue under test.
private func makeTask() throws -> RankingTask {
    let training = SplitInput(users: [0, 0, 1], items: [0, 1, 0], times: nil)
    let test = SplitInput(users: [2, 0, 0, 1, 0], items: [0, 3, 2, 1, 3], times: nil)
    let split = try DataSplit(training: training, givenTest: test)
    return RankingTask(split: split, training: training, test: test, itemCount: 6, catalogueItemCount: 5)
}

private let lists: [[Int32]] = [[3, 4, 2], [2, 1], []]

private func rank(_ user: Int32, _ k: Int) -> [Int32] { lists[Int(user)] }

struct SystemEvaluationTests {
    @Test func theTaskListsTestUsersAndWhatTheyWant() throws {
        let task = try makeTask()
        #expect(task.testUsers == [0, 1, 2])
        #expect(task.hasTrainingHistory == [true, true, false])
        #expect(task.trainingCounts == [2, 1, 0, 0, 0, 0])
        #expect(Array(task.wantedItems(of: 0)) == [2, 3])
        #expect(Array(task.wantedItems(of: 99)) == [])
    }

    @Test func meansOverAllUsersAndByEvidence() throws {
        let result = SystemEvaluation(of: "x", on: try makeTask(), at: try CutOffs([1, 2]), rank: rank)
        // @1: user 0 hits (item 3), users 1 and 2 do not. @2: users 0 and 1 hit.
        #expect(result.all.mean(of: .hitRate, atCutOff: 0) == 1.0 / 3)
        #expect(result.all.mean(of: .hitRate, atCutOff: 1) == 2.0 / 3)
        // Recall@2: user 0 1/2, user 1 1/1, user 2 0: mean 0.5; with history (1/2 + 1) / 2 = 0.75.
        #expect(result.all.mean(of: .recall, atCutOff: 1) == 0.5)
        #expect(result.withHistory.mean(of: .recall, atCutOff: 1) == 0.75)
        #expect(result.withoutHistory.mean(of: .recall, atCutOff: 1) == 0)
        // MRR@2: (1 + 1/2 + 0) / 3.
        #expect(result.all.mean(of: .mrr, atCutOff: 1) == 0.5)
        #expect(result.hitByUser == [[1, 0, 0], [1, 1, 0]])
        #expect(result.ndcgByUser[0] == [1, 0, 0])
        #expect(result.withHistory.userCount == 2)
        #expect(result.withoutHistory.userCount == 1)
        #expect(result.all.userCoverage == 2.0 / 3)
        #expect(result.withHistory.userCoverage == 1)
        #expect(result.withoutHistory.userCoverage == 0)
    }

    @Test func catalogueFiguresOfTheFirstKPlaces() throws {
        let result = SystemEvaluation(of: "x", on: try makeTask(), at: try CutOffs([1, 2, 50]), rank: rank)
        // @1 shows {3}, {2}: 2 of 5; @2 shows {3,4}, {2,1}: 4 of 5; @50 adds a second showing of 2.
        #expect(result.catalogue.map(\.coverage) == [0.4, 0.8, 0.8])
        // @1: items 3 and 2 have no training rows; @2: (0 + (0 + 1)/2) / 2 = 0.25; the empty list is left out.
        #expect(result.catalogue.map(\.meanPopularity) == [0, 0.25, 0.25])
        // @1: ascending counts 0 0 0 1 1, weights 2i - 6 = -4 -2 0 2 4: (2 + 4) / (5 * 2) = 0.6.
        // @2: 0 1 1 1 1: (-2 + 0 + 2 + 4) / (5 * 4) = 0.2. @50: 0 1 1 1 2: (-2 + 0 + 2 + 8) / (5 * 5) = 0.32.
        #expect(result.catalogue.map(\.gini) == [0.6, 0.2, 0.32])
    }

    @Test func ignoresWhatIsBeyondTheGreatestCutOff() throws {
        let task = try makeTask()
        let long = SystemEvaluation(of: "x", on: task, at: try CutOffs([1]), rank: rank)
        let short = SystemEvaluation(of: "x", on: task, at: try CutOffs([1])) { user, k in
            Array(rank(user, k).prefix(k))
        }
        #expect(long.all == short.all)
        #expect(long.catalogue == short.catalogue)
    }

    @Test func asksEveryTestUserOnceInOrder() throws {
        var asked: [Int32] = []
        var lengths: Set<Int> = []
        _ = SystemEvaluation(of: "x", on: try makeTask(), at: try CutOffs([3, 20])) { user, k in
            asked.append(user)
            lengths.insert(k)
            return []
        }
        #expect(asked == [0, 1, 2])
        #expect(lengths == [20])
    }

    @Test func emptyListsOnly() throws {
        let result = SystemEvaluation(of: "none", on: try makeTask(), at: try CutOffs([10])) { _, _ in [] }
        #expect(result.all.mean(of: .ndcg, atCutOff: 0) == 0)
        #expect(result.all.userCoverage == 0)
        #expect(
            result.catalogue == [CatalogueMetrics(shown: [], catalogueItemCount: 5, popularitySum: 0, listCount: 0)])
        #expect(result.catalogue[0].coverage == 0)
        #expect(result.catalogue[0].meanPopularity == nil)
        #expect(result.catalogue[0].gini == nil)
    }

    @Test func anEmptyGroupHasNoMean() throws {
        let training = SplitInput(users: [0], items: [0], times: nil)
        let test = SplitInput(users: [0], items: [1], times: nil)
        let split = try DataSplit(training: training, givenTest: test)
        let task = RankingTask(split: split, training: training, test: test, itemCount: 2, catalogueItemCount: 2)
        let result = SystemEvaluation(of: "x", on: task, at: try CutOffs([5])) { _, _ in [1] }
        #expect(result.withoutHistory.mean(of: .ndcg, atCutOff: 0) == nil)
        #expect(result.withoutHistory.userCoverage == nil)
        #expect(result.withHistory.mean(of: .ndcg, atCutOff: 0) == 1)
    }

    @Test func passesOnWhatTheRankerThrows() throws {
        struct Broken: Error {}
        let task = try makeTask()
        let cutOffs = try CutOffs([10])
        #expect(throws: Broken.self) {
            _ = try SystemEvaluation(of: "x", on: task, at: cutOffs) { _, _ throws(Broken) in throw Broken() }
        }
    }

    @Test func anUnwantedRepeatIsAProgrammersError() async {
        await #expect(processExitsWith: .failure) {
            _ = SystemEvaluation(of: "x", on: try makeTask(), at: try CutOffs([10])) { _, _ in [4, 4] }
        }
    }

    @Test func anUnknownItemIsAProgrammersError() async {
        await #expect(processExitsWith: .failure) {
            _ = SystemEvaluation(of: "x", on: try makeTask(), at: try CutOffs([10])) { _, _ in [6] }
        }
    }
}
