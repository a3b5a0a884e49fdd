import SeededRandom
import Testing

@testable import Evaluation

/// (user, item, time) a row.
private func input(_ rows: [(Int32, Int32, Int64)]) -> SplitInput {
    SplitInput(users: rows.map(\.0), items: rows.map(\.1), times: rows.map(\.2))
}

struct LeaveLastOneTests {
    @Test func takesTheLatestRowOfEveryUser() throws {
        // User 0: latest is row 1 (time 30). User 1: rows 3 and 4 tie at 20, the later row is the last.
        let rows = input([(0, 0, 10), (0, 1, 30), (0, 2, 20), (1, 0, 20), (1, 3, 20)])
        let split = try DataSplit(dividing: rows, by: .leaveLastOne, seed: 1)
        #expect(split.testRows == [1, 4])
        #expect(split.trainRows == [0, 2, 3])
        // Newest training time is 20; test times are 30 and 20; neither is older.
        #expect(split.facts.testRowsOlderThanTraining == 0)
        #expect(split.facts.testUserCount == 2)
        #expect(split.facts.newUserCount == 0)
        // Items 1 and 3 occur only as test items.
        #expect(split.facts.newItemCount == 2)
        #expect(split.facts.newItemPairCount == 2)
    }

    @Test func followsTheRowOrderWithoutTimesAndWithEqualTimes() throws {
        let users: [Int32] = [0, 1, 0, 1]
        let items: [Int32] = [5, 6, 7, 8]
        for times in [nil, [9, 9, 9, 9]] as [[Int64]?] {
            let rows = SplitInput(users: users, items: items, times: times)
            let split = try DataSplit(dividing: rows, by: .leaveLastOne, seed: 1)
            #expect(split.testRows == [2, 3])
            #expect(split.trainRows == [0, 1])
            #expect(split.facts.testRowsOlderThanTraining == (times == nil ? nil : 0))
        }
    }

    @Test func keepsUsersOfOneItemInTraining() throws {
        // User 0 has item 4 twice and nothing else; user 1 has two items.
        let rows = input([(0, 4, 1), (0, 4, 2), (1, 4, 3), (1, 5, 4)])
        let split = try DataSplit(dividing: rows, by: .leaveLastOne, seed: 1)
        #expect(split.testRows == [3])
        #expect(split.trainRows == [0, 1, 2])
    }

    @Test func takesEarlierRepeatsOfTheHeldOutItemOutOfTraining() throws {
        let rows = input([(0, 4, 1), (0, 5, 2), (0, 4, 3)])
        let split = try DataSplit(dividing: rows, by: .leaveLastOne, seed: 1)
        #expect(split.testRows == [2])
        #expect(split.trainRows == [1])
        #expect(split.facts.repeatsDroppedFromTraining == 1)
        #expect(split.facts.notes.contains("1 earlier interactions with a held-out item are left out of training."))
    }

    @Test func warnsOfEventsOlderThanTheTraining() throws {
        // User 0's test row (time 2) is older than user 1's training row (time 8).
        let rows = input([(0, 0, 1), (0, 1, 2), (1, 0, 8), (1, 1, 9)])
        let facts = try DataSplit(dividing: rows, by: .leaveLastOne, seed: 1).facts
        #expect(facts.testRowsOlderThanTraining == 1)
        #expect(
            facts.warnings.first?.hasPrefix(
                "1 of 2 test interactions are older than the newest training interaction") == true)
    }

    @Test func refusesASourceWithoutATestUser() {
        for rows in [input([]), input([(0, 0, 1)]), input([(0, 3, 1), (1, 3, 2)])] {
            let error = #expect(throws: EvaluationError.self) {
                try DataSplit(dividing: rows, by: .leaveLastOne, seed: 1)
            }
            #expect(error?.code == .emptyPart)
        }
    }
}

struct TemporalSplitTests {
    @Test func trainsUpToTheQuantile() throws {
        // Ascending times 10 20 30 40 50; row number ceil(0.8 * 5) = 4 has 40. Only time 50 is later.
        let rows = input([(0, 0, 50), (1, 1, 10), (0, 2, 30), (1, 3, 20), (2, 4, 40)])
        let split = try DataSplit(dividing: rows, by: .temporal(trainingShare: 0.8), seed: 1)
        #expect(split.facts.thresholdTime == 40)
        #expect(split.testRows == [0])
        #expect(split.trainRows == [1, 2, 3, 4])
        #expect(split.facts.testRowsOlderThanTraining == 0)
        #expect(split.facts.trainingShareFound == 0.8)
    }

    @Test func trainsOnEveryRowAtTheThreshold() throws {
        // ceil(0.4 * 5) = 2: the second time is 20, and all three rows at 20 train.
        let rows = input([(0, 0, 20), (0, 1, 10), (0, 2, 20), (0, 3, 20), (0, 4, 30)])
        let split = try DataSplit(dividing: rows, by: .temporal(trainingShare: 0.4), seed: 1)
        #expect(split.trainRows == [0, 1, 2, 3])
        #expect(split.testRows == [4])
        #expect(
            split.facts.warnings.contains(
                "The training part is 80.0 % of the interactions, not 40.0 %: many interactions share one time, "
                    + "or there are few."))
    }

    @Test func doesNotRoundAWholeNumberUp() throws {
        // 0.07 * 100 is 7.000000000000001 in binary; the seventh time is 7.
        let times = (1...100).map { Int64($0) }
        let rows = SplitInput(users: (0..<100).map { $0 }, items: (0..<100).map { $0 }, times: times)
        let split = try DataSplit(dividing: rows, by: .temporal(trainingShare: 0.07), seed: 1)
        #expect(split.facts.thresholdTime == 7)
    }

    @Test func dropsAndCountsRepeats() throws {
        // Threshold: ceil(0.5 * 6) = 3, time 3. Row 3 repeats (0, 0); rows 4 and 5 are one pair twice.
        let rows = input([(0, 0, 1), (0, 1, 2), (1, 0, 3), (0, 0, 4), (1, 1, 5), (1, 1, 6)])
        let split = try DataSplit(dividing: rows, by: .temporal(trainingShare: 0.5), seed: 1)
        #expect(split.testRows == [4, 5])
        #expect(split.facts.repeatsDroppedFromTest == 1)
        #expect(split.facts.testRowCount == 2)
        #expect(split.facts.testPairCount == 1)
    }

    @Test func countsNewUsersAndItems() throws {
        let rows = input([(0, 0, 1), (0, 1, 2), (1, 2, 8), (2, 0, 9), (0, 2, 9)])
        let facts = try DataSplit(dividing: rows, by: .temporal(trainingShare: 0.4), seed: 1).facts
        #expect(facts.testUserCount == 3)
        #expect(facts.newUserCount == 2)
        #expect(facts.newItemCount == 1)
        #expect(facts.newItemPairCount == 2)
        #expect(facts.notes.count == 3)
    }

    @Test func refusesEqualTimes() {
        let rows = input([(0, 0, 7), (0, 1, 7), (1, 1, 7)])
        let error = #expect(throws: EvaluationError.self) {
            try DataSplit(dividing: rows, by: .temporal(trainingShare: 0.8), seed: 1)
        }
        #expect(error?.code == .emptyPart)
        #expect(error?.found == "none: the threshold 1970-01-01 is also the newest time")
    }

    @Test func refusesMissingTimesAndNoRows() {
        let untimed = SplitInput(users: [0, 0], items: [1, 2], times: nil)
        let missing = #expect(throws: EvaluationError.self) {
            try DataSplit(dividing: untimed, by: .temporal(trainingShare: 0.8), seed: 1)
        }
        #expect(missing?.code == .timesMissing)
        let empty = #expect(throws: EvaluationError.self) {
            try DataSplit(dividing: input([]), by: .temporal(trainingShare: 0.8), seed: 1)
        }
        #expect(empty?.code == .emptyPart)
    }

    @Test func refusesATestPartOfRepeatsOnly() {
        let rows = input([(0, 0, 1), (0, 0, 2)])
        let error = #expect(throws: EvaluationError.self) {
            try DataSplit(dividing: rows, by: .temporal(trainingShare: 0.5), seed: 1)
        }
        #expect(error?.code == .emptyPart)
        #expect(error?.found == "none (1 repeat a training pair)")
    }
}

struct RandomAndGivenSplitTests {
    /// 1,000 rows without a repeated pair.
    private let rows = SplitInput(
        users: (0..<1000).map { $0 % 10 }, items: (0..<1000).map { $0 / 10 }, times: nil)

    @Test func dependsOnTheSeedAlone() throws {
        let first = try DataSplit(dividing: rows, by: .random(trainingShare: 0.8), seed: 7)
        let again = try DataSplit(dividing: rows, by: .random(trainingShare: 0.8), seed: 7)
        let other = try DataSplit(dividing: rows, by: .random(trainingShare: 0.8), seed: 8)
        #expect(first.testRows == again.testRows)
        #expect(first.testRows != other.testRows)
        #expect((first.trainRows + first.testRows).sorted() == Array(0..<1000))
        // Binomial(1000, 0.2): mean 200, standard deviation 12.6; five of them are 63.
        #expect(abs(first.testRows.count - 200) <= 63)
    }

    /// Of 100 items with 10 rows each: a test item is new, with all its rows, or known, with some of them.
    @Test func newAndKnownItemsAreTestedTogether() throws {
        let split = try DataSplit(dividing: rows, by: .coldItems(trainingShare: 0.8), seed: 7)
        #expect(split.testRows == (try DataSplit(dividing: rows, by: .coldItems(trainingShare: 0.8), seed: 7)).testRows)
        #expect((split.trainRows + split.testRows).sorted() == Array(0..<1000))
        let known = Set(split.trainRows.map { rows.items[$0] })
        // Binomial(100, 0.2): mean 20, standard deviation 4; five of them are 20. Another item may be new by chance, 0.2^10.
        #expect((1...40).contains(100 - known.count))
        let newItemRows = split.testRows.count { !known.contains(rows.items[$0]) }
        #expect(newItemRows == 10 * (100 - known.count))
        // Of the known items' rows a fifth: standard deviation at most 12.6.
        let expected = 0.2 * Double(10 * known.count)
        #expect(abs(Double(split.testRows.count - newItemRows) - expected) <= 63)
        #expect(SplitStrategy.coldItems(trainingShare: 0.8).ignoresTime)
    }

    @Test func drawsAreTheReferenceGenerators() {
        // The first outputs of splitmix64 for the seed 1234567, published with the reference implementation.
        var generator = SplitMix64(seed: 1_234_567)
        #expect(generator.next() == 6_457_827_717_110_365_317)
        #expect(generator.next() == 3_203_168_211_198_807_973)
        #expect(generator.next() == 9_817_491_932_198_370_423)
    }

    @Test func refusesASingleRow() {
        let one = SplitInput(users: [0], items: [0], times: nil)
        let error = #expect(throws: EvaluationError.self) {
            try DataSplit(dividing: one, by: .random(trainingShare: 0.5), seed: 3)
        }
        #expect(error?.code == .emptyPart)
    }

    @Test func takesAGivenTestAsItIs() throws {
        let training = input([(0, 0, 5), (0, 1, 9)])
        let test = input([(0, 1, 10), (0, 2, 8), (7, 0, 11)])
        let split = try DataSplit(training: training, givenTest: test)
        #expect(split.trainRows == [0, 1])
        #expect(split.testRows == [1, 2])
        #expect(split.facts.repeatsDroppedFromTest == 1)
        #expect(split.facts.testRowsOlderThanTraining == 1)
        #expect(split.facts.newUserCount == 1)
        #expect(split.facts.newItemCount == 1)
    }

    @Test func refusesAnEmptyGivenPart() {
        let some = input([(0, 0, 5)])
        for (training, test) in [(some, input([])), (input([]), some)] {
            let error = #expect(throws: EvaluationError.self) { try DataSplit(training: training, givenTest: test) }
            #expect(error?.code == .emptyPart)
        }
    }
}
