// Design note. A split names rows, it copies nothing: the caller builds an index from `trainRows` and a `RankingTask`
// from `testRows`. The full catalogue less the user's training items is ranked, so a pair that is in training can never
// be found in a list; such pairs are kept out of the test part and counted (`RepeatPolicy.exclude`). Where the question is what
// people take again, they stay and lists may hold them (`include`). All splits are deterministic.
//
//   leave-last-one  per user the last row by (time, row) is the test row. Earlier rows of the same user and item are in
//                   neither part. A user with a single distinct item stays in training. Everybody weighs the same, but
//                   training sees events later than other users' test events: the facts count them.
//   leave-last-basket  per user all rows of the latest time are the test: next-basket recommendation, where one time is one
//                   basket. Leaks as leave-last-one does.
//   temporal:S      one moment for everybody: the time of row ceil(S * rows) in ascending order of time. Rows up to and
//                   including that time train, later ones test. The nearest to life (Meng et al., Exploring Data
//                   Splitting Strategies for the Evaluation of Recommendation Models, RecSys 2020).
//   random:S        one draw a row, in row order: the row trains where the draw is below S.
//   per-user:S      per user the oldest ceil(S * rows) rows train. Leaks as leave-last-one does.
//   user-holdout:S  strong generalisation: a user is drawn with probability S and then has no training row. The oldest
//                   part of the rows (where there are no times, a drawn part) is given with the request, the rest is the
//                   test. (Liang et al., Variational Autoencoders for Collaborative Filtering, WWW 2018.)
//   cold-items:S    an item without a single training row is drawn with probability 1 - S, then the rows of the others as by
//                   random:S: what a shop asks whose catalogue grows.
//   given           two sources; nothing is moved between them.

/// Which rows train and which test, in ascending order.
package struct DataSplit: Sendable {
    package let strategy: SplitStrategy
    package let repeats: RepeatPolicy
    package let trainRows: [Int]
    /// Rows of the same input; of the second input where `strategy` is `given`.
    package let testRows: [Int]
    package let facts: SplitFacts
    /// Rows in neither part that come with the requests of their users: by user, oldest first. `user-holdout` only.
    package let foldInRows: [Int]

    /// The share of a held-out user's rows that comes with the request; that of Liang et al. (WWW 2018).
    package static let foldInShare = 0.8

    /// Divides one source. `seed` is used by `random`, `coldItems` and `userHoldout`; `given` is a programmer's error here.
    /// Throws where times are needed and absent, and where a part would be empty.
    package init(
        dividing input: SplitInput, by strategy: SplitStrategy, repeats: RepeatPolicy = .exclude, seed: UInt64
    ) throws(EvaluationError) {
        var parts: RowParts
        switch strategy {
        case .leaveLastOne: parts = RowParts(leavingLastOneOf: input, repeats: repeats)
        case .leaveLastBasket: parts = try RowParts(leavingLastBasketOf: input)
        case .temporal(let share): parts = try RowParts(dividing: input, atTimeQuantile: share)
        case .random(let share): parts = RowParts(drawingFrom: input, trainingShare: share, seed: seed)
        case .perUser(let share): parts = RowParts(dividingEachUserOf: input, trainingShare: share)
        case .userHoldout(let share):
            parts = RowParts(
                holdingOutUsersOf: input, testShare: share, foldInShare: Self.foldInShare, seed: seed)
        case .coldItems(let share): parts = RowParts(withNewItemsOf: input, trainingShare: share, seed: seed)
        case .given: preconditionFailure("a given split has two inputs")
        }
        try self.init(strategy, repeats, training: input, test: input, parts: &parts)
    }

    /// Takes all rows of `training` and `test`, whose user and item numbers mean the same, as the two parts.
    package init(
        training: SplitInput, givenTest test: SplitInput, repeats: RepeatPolicy = .exclude
    ) throws(EvaluationError) {
        var parts = RowParts(train: Array(0..<training.rowCount), test: Array(0..<test.rowCount))
        try self.init(.given, repeats, training: training, test: test, parts: &parts)
    }

    private init(
        _ strategy: SplitStrategy, _ repeats: RepeatPolicy, training: SplitInput, test: SplitInput,
        parts: inout RowParts
    ) throws(EvaluationError) {
        let known = UserItemLists(training, rows: parts.train + parts.foldIn)
        let found = parts.test.count
        switch repeats {
        case .exclude:
            parts.test.removeAll { known.contains(user: test.users[$0], item: test.items[$0]) }
            parts.facts.repeatsDroppedFromTest = found - parts.test.count
        case .include:
            parts.facts.repeatedTestRowCount = parts.test.count {
                known.contains(user: test.users[$0], item: test.items[$0])
            }
        }
        if let time = parts.facts.thresholdTime, found == 0 { throw parts.nothingLater(than: time) }
        try Self.refuseEmpty("training", rows: parts.train, of: strategy, dropped: 0)
        try Self.refuseEmpty("test", rows: parts.test, of: strategy, dropped: parts.facts.repeatsDroppedFromTest)
        parts.countFacts(training: training, test: test, knownItems: known)
        self.strategy = strategy
        self.repeats = repeats
        trainRows = parts.train
        testRows = parts.test
        foldInRows = parts.foldIn
        facts = parts.facts
    }

    private static func refuseEmpty(
        _ name: String, rows: [Int], of strategy: SplitStrategy, dropped: Int
    ) throws(EvaluationError) {
        guard rows.isEmpty else { return }
        let remedy =
            switch strategy {
            case .leaveLastOne: "At least one user needs interactions with two different items."
            case .leaveLastBasket:
                "At least one user needs interactions at two different times, the last with a new item."
            case .temporal, .random, .perUser, .userHoldout, .coldItems: "Give more interactions, or another share."
            case .given: "Check the two files: both need valid rows, and the test file new pairs of user and item."
            }
        throw EvaluationError(
            .emptyPart, operation: "splitting by \(strategy.spelling)", expected: "at least one \(name) interaction",
            found: dropped == 0 ? "none" : "none (\(dropped) repeat a training pair)", remedy: remedy)
    }
}
