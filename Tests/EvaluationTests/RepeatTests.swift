import SeededRandom
import Testing

@testable import Evaluation

/// What people take again: splits that keep it, and figures of it apart from what is new.
@Suite struct RepeatTests {
    /// User 0 has item 1 twice before and once in the end, with 2 new; user 1 has one basket; user 2 takes 3 again.
    private let rows = SplitInput(
        users: [0, 0, 0, 0, 1, 1, 2, 2], items: [1, 0, 1, 2, 3, 4, 3, 3], times: [10, 10, 20, 20, 5, 5, 1, 9])

    @Test func theLastBasketIsAllOfTheLastMoment() throws {
        let split = try DataSplit(dividing: rows, by: .leaveLastBasket, repeats: .include, seed: 1)
        #expect(split.testRows == [2, 3, 7] && split.trainRows == [0, 1, 4, 5, 6])
        #expect(split.facts.repeatedTestRowCount == 2 && split.facts.repeatsDroppedFromTest == 0)
        #expect(
            split.facts.notes.contains("2 test interactions repeat a training pair: lists may hold what a user has."))
        let without = try DataSplit(dividing: rows, by: .leaveLastBasket, seed: 1)
        #expect(without.testRows == [3] && without.facts.repeatsDroppedFromTest == 2)
        #expect(without.facts.repeatedTestRowCount == nil)
    }

    @Test func lastBasketsNeedTimes() {
        let untimed = SplitInput(users: [0, 0], items: [0, 1], times: nil)
        let error = #expect(throws: EvaluationError.self) {
            try DataSplit(dividing: untimed, by: .leaveLastBasket, seed: 1)
        }
        #expect(error?.code == .timesMissing)
    }

    @Test func theLastRowMayBeARepeat() throws {
        let split = try DataSplit(dividing: rows, by: .leaveLastOne, repeats: .include, seed: 1)
        #expect(split.testRows == [3, 5, 7] && split.trainRows == [0, 1, 2, 4, 6])
        #expect(split.facts.repeatsDroppedFromTraining == 0)
    }

    /// Against counting by hand over random data: each part is the metric of the list with the part's items alone wanted.
    @Test(arguments: 1...20 as ClosedRange<UInt64>) func partsAreFiguresOfTheirItems(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let count = 60
        let input = SplitInput(
            users: (0..<count).map { _ in Int32(generator.nextIndex(below: 6)) },
            items: (0..<count).map { _ in Int32(generator.nextIndex(below: 9)) },
            times: (0..<count).map { _ in Int64(generator.nextIndex(below: 8)) })
        let split = try DataSplit(dividing: input, by: .leaveLastBasket, repeats: .include, seed: 1)
        let task = RankingTask(split: split, training: input, test: input, itemCount: 9, catalogueItemCount: 9)
        var lists: [Int32: [Int32]] = [:]
        for user in task.testUsers {
            var list = Array(0..<9 as Range<Int32>)
            generator.shuffle(&list)
            lists[user] = Array(list.prefix(5))
        }
        let found = SystemEvaluation(of: "x", on: task, at: try CutOffs([2, 5])) { user, _ in lists[user] ?? [] }
        for part in WantedPart.allCases {
            var recalls: [Double] = []
            for user in task.testUsers {
                let own = Set(split.trainRows.filter { input.users[$0] == user }.map { input.items[$0] })
                let wanted = Set(split.testRows.filter { input.users[$0] == user }.map { input.items[$0] })
                    .filter { own.contains($0) == (part == .repeated) }
                guard !wanted.isEmpty else { continue }
                let hits = (lists[user] ?? []).prefix(2).count { wanted.contains($0) }
                recalls.append(Double(hits) / Double(wanted.count))
            }
            let figures = found.wantedParts[part.rawValue]
            #expect(figures.userCount == recalls.count, "seed \(seed)")
            let mean = recalls.isEmpty ? nil : recalls.reduce(0, +) / Double(recalls.count)
            let recall: Double? = figures.mean(of: .recall, atCutOff: 0)
            #expect((recall == nil) == (mean == nil), "seed \(seed)")
            if let recall, let mean { #expect((recall - mean).magnitude < 1e-12, "seed \(seed)") }
        }
        #expect(found.all.userCount == task.testUsers.count)
    }

    @Test func withoutRepeatsThereAreNoParts() throws {
        let split = try DataSplit(dividing: rows, by: .leaveLastBasket, seed: 1)
        let task = RankingTask(split: split, training: rows, test: rows, itemCount: 5, catalogueItemCount: 5)
        let found = SystemEvaluation(of: "x", on: task, at: try CutOffs([1])) { _, _ in [2] }
        #expect(found.wantedParts.isEmpty && Array(task.wantedItems(of: 0)) == [2])
    }

    @Test func someOfTheTestUsersAreDrawn() throws {
        let count = 50
        let input = SplitInput(
            users: (0..<2 * count).map { Int32($0 / 2) }, items: (0..<2 * count).map { Int32($0 % 2) }, times: nil)
        let split = try DataSplit(dividing: input, by: .leaveLastOne, seed: 1)
        let whole = RankingTask(split: split, training: input, test: input, itemCount: 2, catalogueItemCount: 2)
        var (one, same, other) = (whole, whole, whole)
        one.draw(10, seed: 4)
        same.draw(10, seed: 4)
        other.draw(10, seed: 5)
        #expect(one.testUsers.count == 10 && one.testUsers == one.testUsers.sorted())
        #expect(one.testUsers == same.testUsers && one.testUsers != other.testUsers)
        #expect(Set(one.testUsers).isSubset(of: Set(whole.testUsers)))
        one.draw(100, seed: 4)
        #expect(one.testUsers == same.testUsers)
    }
}
