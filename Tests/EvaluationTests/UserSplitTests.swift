import Testing

@testable import Evaluation

struct UserSplitTests {
    private let rows = SplitInput(
        users: [0, 0, 0, 0, 0, 1, 1, 2], items: [1, 2, 3, 4, 5, 1, 2, 1], times: [50, 40, 30, 20, 10, 1, 2, 3])

    @Test func perUserTrainsOnTheOldestRowsOfEachUser() throws {
        let split = try DataSplit(dividing: rows, by: .perUser(trainingShare: 0.6), seed: 1)
        // User 0: the oldest three are rows 4, 3, 2. User 1: two rows give one each. User 2: a single row trains.
        #expect(split.trainRows == [2, 3, 4, 5, 7])
        #expect(split.testRows == [0, 1, 6])
        #expect(split.foldInRows.isEmpty)
    }

    @Test func userHoldoutKeepsHeldOutUsersOutOfTraining() throws {
        let split = try DataSplit(dividing: rows, by: .userHoldout(testShare: 0.999_999), seed: 1)
        // Everybody is drawn; user 2 has nothing to give with a request and trains.
        #expect(split.trainRows == [7])
        #expect(split.foldInRows == [4, 3, 2, 1, 5])
        #expect(split.testRows == [0, 6])
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func everyRowIsInOnePartAndUsersAreWhole(seed: UInt64) throws {
        let users = (0..<600).map { Int32($0 % 60) }
        let input = SplitInput(users: users, items: (0..<600).map { Int32($0) }, times: nil)
        let split = try DataSplit(dividing: input, by: .userHoldout(testShare: 0.3), seed: seed)
        #expect((split.trainRows + split.foldInRows + split.testRows).sorted() == Array(0..<600))
        let training = Set(split.trainRows.map { users[$0] })
        let heldOut = Set(split.testRows.map { users[$0] })
        #expect(training.isDisjoint(with: heldOut))
        #expect(heldOut == Set(split.foldInRows.map { users[$0] }))
        #expect((8...30).contains(heldOut.count))
        for user in heldOut { #expect(split.foldInRows.count { users[$0] == user } == 8) }
        // Without times the given rows are drawn, and the draw follows the seed.
        #expect(
            try DataSplit(dividing: input, by: .userHoldout(testShare: 0.3), seed: seed).foldInRows == split.foldInRows)
    }

    @Test func whatWasGivenIsNotWanted() throws {
        // The last of user 0's rows repeats an item that comes with the request.
        let input = SplitInput(users: [0, 0, 0, 1, 1], items: [7, 8, 7, 1, 2], times: nil)
        #expect(throws: EvaluationError.self) {
            try DataSplit(
                dividing: SplitInput(users: [0, 0], items: [7, 7], times: [1, 2]),
                by: .userHoldout(testShare: 0.999_999),
                seed: 1)
        }
        let split = try DataSplit(dividing: input, by: .perUser(trainingShare: 0.5), seed: 1)
        #expect(split.testRows == [4])
        #expect(split.facts.repeatsDroppedFromTest == 1)
    }
}
