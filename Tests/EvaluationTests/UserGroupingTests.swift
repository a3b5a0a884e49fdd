import Testing

@testable import Evaluation

struct UserGroupingTests {
    /// User u has `counts[u]` training items, numbered from 100 on, one of them twice, and one test item.
    private func task(_ counts: [Int]) throws -> RankingTask {
        var users: [Int32] = []
        var items: [Int32] = []
        for (user, count) in counts.enumerated() {
            for item in 0..<count {
                users.append(Int32(user))
                items.append(Int32(100 + item))
            }
            if count > 0 {
                users.append(Int32(user))
                items.append(100)
            }
        }
        // A user who is not tested keeps the training part from being empty.
        let training = SplitInput(users: users + [1000], items: items + [100], times: nil)
        let test = SplitInput(users: counts.indices.map { Int32($0) }, items: counts.map { _ in 1 }, times: nil)
        let split = try DataSplit(training: training, givenTest: test)
        return RankingTask(split: split, training: training, test: test, itemCount: 200, catalogueItemCount: 200)
    }

    @Test func activityIsByTercilesOfDifferentItems() throws {
        let grouping = UserGrouping(byActivityOf: try task([0, 6, 1, 5, 2, 4, 3, 0]))
        #expect(grouping.name == "activity")
        #expect(grouping.groups.map(\.name) == ["new", "light", "medium", "heavy"])
        #expect(grouping.groupOfUser == [0, 3, 1, 3, 1, 2, 2, 0])
        #expect(
            grouping.groups.map(\.rule) == [
                "no training item", "1 to 2 training items", "3 to 4 training items", "5 or more training items",
            ])
    }

    @Test func equalNumbersStayTogether() throws {
        // Ascending 1 1 1 1 7: both terciles (2nd and 4th) are 1.
        let grouping = UserGrouping(byActivityOf: try task([1, 1, 7, 1, 1]))
        #expect(grouping.groupOfUser == [1, 1, 3, 1, 1])
        #expect(
            grouping.groups.map(\.rule) == [
                "no training item", "1 training item", "nobody", "2 or more training items",
            ])
    }

    @Test(arguments: [([3], [1]), ([0], [0]), ([2, 9], [1, 2])])
    func fewUsers(counts: [Int], groups: [Int]) throws {
        #expect(UserGrouping(byActivityOf: try task(counts)).groupOfUser == groups)
    }

    @Test func labelsAscendByTheirBytesAndNoLabelComesLast() {
        let grouping = UserGrouping(by: "segment", labels: ["é", nil, "Z", "a", "Z"])
        #expect(grouping.groups.map(\.name) == ["Z", "a", "é", "(none)"])
        #expect(grouping.groupOfUser == [2, 3, 0, 1, 0])
        #expect(UserGrouping(by: "segment", labels: ["a"]).groups.map(\.name) == ["a"])
        #expect(UserGrouping(by: "segment", labels: []).groups.isEmpty)
    }

    @Test func theHeadIsTheFewestItemsWithHalf() {
        // Of 10: item 3 has 4, then of the two with 2 the first makes 6.
        #expect(ItemGroup.groups(ofTrainingCounts: [2, 0, 2, 4, 1, 1]) == [.head, .cold, .tail, .head, .tail, .tail])
        #expect(ItemGroup.groups(ofTrainingCounts: [1, 1]) == [.head, .tail])
        #expect(ItemGroup.groups(ofTrainingCounts: [0, 0]) == [.cold, .cold])
        #expect(ItemGroup.groups(ofTrainingCounts: []) == [])
    }
}
