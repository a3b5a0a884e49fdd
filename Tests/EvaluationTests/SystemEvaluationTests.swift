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
        #expect(task.testUsers.map { Array(task.trainingItems(of: $0)) } == [[0, 1], [0], []])
        // Item 0 has two of three training interactions, which is half and more.
        #expect(task.itemGroups == [.head, .tail, .cold, .cold, .cold, .cold])
        #expect(task.trainingCounts == [2, 1, 0, 0, 0, 0])
        #expect(Array(task.wantedItems(of: 0)) == [2, 3])
        #expect(Array(task.wantedItems(of: 99)) == [])
    }

    @Test func meansOverAllUsersAndByGroup() throws {
        let task = try makeTask()
        let result = SystemEvaluation(
            of: "x", on: task, at: try CutOffs([1, 2]), groupings: [UserGrouping(byActivityOf: task)], rank: rank)
        // User 0 has two training items, user 1 one, user 2 none: terciles of (1, 2) are 1 and 2.
        let groups = result.groupings[0].groups
        #expect(groups.map(\.userCount) == [1, 1, 1, 0])
        // @1: user 0 hits (item 3), users 1 and 2 do not. @2: users 0 and 1 hit.
        #expect(result.all.mean(of: .hitRate, atCutOff: 0) == 1.0 / 3)
        #expect(result.all.mean(of: .hitRate, atCutOff: 1) == 2.0 / 3)
        // Recall@2: user 0 1/2, user 1 1/1, user 2 0: mean 0.5.
        #expect(result.all.mean(of: .recall, atCutOff: 1) == 0.5)
        #expect(groups.map { $0.mean(of: .recall, atCutOff: 1) } == [0, 1, 0.5, nil])
        // MRR@2: (1 + 1/2 + 0) / 3.
        #expect(result.all.mean(of: .mrr, atCutOff: 1) == 0.5)
        #expect(result.hitByUser == [[1, 0, 0], [1, 1, 0]])
        #expect(result.ndcgByUser[0] == [1, 0, 0])
        #expect(result.all.userCoverage == 2.0 / 3)
        #expect(groups.map(\.userCoverage) == [0, 1, 1, nil])
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
            result.catalogue == [CatalogueMetrics(shown: [], catalogueItemCount: 5, sums: ListSums())])
        #expect(result.catalogue[0].coverage == 0)
        #expect(result.catalogue[0].meanPopularity == nil)
        #expect(result.catalogue[0].gini == nil)
    }

    @Test func theCurveHasCutOffsOfItsOwnAndNeedsLongerLists() throws {
        var lengths: Set<Int> = []
        let result = SystemEvaluation(
            of: "x", on: try makeTask(), at: try CutOffs([1]), curve: try CutOffs([1, 2, 3])
        ) { user, k in
            lengths.insert(k)
            return rank(user, k)
        }
        #expect(lengths == [3])
        // User 0 of lists[0] finds 3 at rank 1 and 2 at rank 3, user 1 finds 1 at rank 2.
        let recall: [Double?] = (0..<3).map { result.curve.mean(of: .recall, atCutOff: $0) }
        let expected: [Double?] = [0.5 / 3, 0.5, 2.0 / 3]
        #expect(recall == expected)
        #expect(result.all.mean(of: .recall, atCutOff: 0) == 0.5 / 3)
        #expect(result.catalogue.count == 1)
    }

    @Test func whatIsFoundAndShownOfEachGroupOfItems() throws {
        let result = SystemEvaluation(of: "x", on: try makeTask(), at: try CutOffs([1, 2, 50]), rank: rank)
        let (cold, tail, head) = (result.itemGroups[0], result.itemGroups[1], result.itemGroups[2])
        // Wanted: 2 and 3 are cold, 1 is tail, 0 is head; nobody finds 0.
        #expect([cold, tail, head].map(\.pairCount) == [2, 1, 1])
        #expect((0..<3).map { cold.recall(atCutOff: $0) } == [0.5, 0.5, 1])
        #expect((0..<3).map { tail.recall(atCutOff: $0) } == [0, 1, 1])
        #expect((0..<3).map { head.recall(atCutOff: $0) } == [0, 0, 0])
        // Places: 2, 4, 5; tail item 1 is at rank 2 of the second list.
        #expect((0..<3).map { cold.shownShare(atCutOff: $0) } == [1, 0.75, 0.8])
        #expect((0..<3).map { tail.shownShare(atCutOff: $0) } == [0, 0.25, 0.2])
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
