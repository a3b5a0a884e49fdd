import Interactions
import SeededRandom

/// The two row lists while a split is being made: repeats are still in the test part.
struct RowParts {
    var train: [Int]
    var test: [Int]
    var foldIn: [Int] = []
    var facts = SplitFacts()

    init(train: [Int], test: [Int]) {
        self.train = train
        self.test = test
    }

    /// - Parameter repeats: where they are included, the last row of everybody with two rows tests, whatever items they are of.
    init(leavingLastOneOf input: SplitInput, repeats: RepeatPolicy) {
        self.init(train: [], test: [])
        let userCount = Int(input.users.max() ?? -1) + 1
        var lastRow = [Int](repeating: -1, count: userCount)
        var hasTwoItems = [Bool](repeating: false, count: userCount)
        for row in 0..<input.rowCount {
            let user = Int(input.users[row])
            let last = lastRow[user]
            if last >= 0, repeats == .include || input.items[last] != input.items[row] { hasTwoItems[user] = true }
            if last < 0 || input.isNotEarlier(row, than: last) { lastRow[user] = row }
        }
        for row in 0..<input.rowCount {
            let user = Int(input.users[row])
            if !hasTwoItems[user] {
                train.append(row)
            } else if row == lastRow[user] {
                test.append(row)
            } else if repeats == .exclude, input.items[row] == input.items[lastRow[user]] {
                facts.repeatsDroppedFromTraining += 1
            } else {
                train.append(row)
            }
        }
    }

    /// Who has one basket only stays in training.
    init(leavingLastBasketOf input: SplitInput) throws(EvaluationError) {
        self.init(train: [], test: [])
        guard let times = input.times else {
            throw EvaluationError(
                .timesMissing, operation: "splitting off the last baskets", expected: "a time for every interaction",
                found: "no times", remedy: "Name the time column, or split by random:0.8 or leave-last-one.")
        }
        let userCount = Int(input.users.max() ?? -1) + 1
        var first = [Int64](repeating: .max, count: userCount)
        var last = [Int64](repeating: .min, count: userCount)
        for row in 0..<input.rowCount {
            let user = Int(input.users[row])
            first[user] = min(first[user], times[row])
            last[user] = max(last[user], times[row])
        }
        for row in 0..<input.rowCount {
            let user = Int(input.users[row])
            if first[user] < last[user], times[row] == last[user] { test.append(row) } else { train.append(row) }
        }
    }

    init(dividing input: SplitInput, atTimeQuantile share: Double) throws(EvaluationError) {
        self.init(train: [], test: [])
        guard let times = input.times else {
            throw EvaluationError(
                .timesMissing, operation: "splitting by time", expected: "a time for every interaction",
                found: "no times",
                remedy: "Name the time column, or split by random:\(share) or leave-last-one.")
        }
        guard !times.isEmpty else { return }
        // A product such as 0.07 * 100 is a little above the whole number that is meant.
        let rank = Int((share * Double(times.count) - 1e-9).rounded(.up))
        let threshold = times.sorted()[min(max(rank, 1), times.count) - 1]
        for row in 0..<input.rowCount {
            if times[row] > threshold { test.append(row) } else { train.append(row) }
        }
        facts.thresholdTime = threshold
        noteShare(wanted: share)
    }

    init(drawingFrom input: SplitInput, trainingShare share: Double, seed: UInt64) {
        self.init(train: [], test: [])
        var generator = SplitMix64(seed: seed)
        for row in 0..<input.rowCount {
            if generator.nextUniform() < share { train.append(row) } else { test.append(row) }
        }
        noteShare(wanted: share)
    }

    /// Items are drawn in the order of their numbers, then rows in theirs.
    init(withNewItemsOf input: SplitInput, trainingShare share: Double, seed: UInt64) {
        self.init(train: [], test: [])
        var generator = SplitMix64(seed: seed)
        let trains = (0..<Int(input.items.max() ?? -1) + 1).map { _ in generator.nextUniform() < share }
        for row in 0..<input.rowCount {
            let isDrawn = generator.nextUniform() < share
            if isDrawn && trains[Int(input.items[row])] { train.append(row) } else { test.append(row) }
        }
        noteShare(wanted: share * share)
    }

    /// The oldest rows of each user train; a user's last row tests only where something is left to train.
    init(dividingEachUserOf input: SplitInput, trainingShare share: Double) {
        self.init(train: [], test: [])
        for rows in input.rowsByUser() {
            let kept = Self.oldestCount(share, of: rows.count)
            train += rows.prefix(kept)
            test += rows.dropFirst(kept)
        }
        train.sort()
        test.sort()
        noteShare(wanted: share)
    }

    /// Users with a single row stay in training wherever the draw puts them: nothing could be given with their request.
    init(holdingOutUsersOf input: SplitInput, testShare share: Double, foldInShare: Double, seed: UInt64) {
        self.init(train: [], test: [])
        var generator = SplitMix64(seed: seed)
        for var rows in input.rowsByUser() {
            let isHeldOut = generator.nextUniform() < share
            guard isHeldOut && rows.count > 1 else {
                train += rows
                continue
            }
            if input.times == nil { generator.shuffle(&rows) }
            let given = Self.oldestCount(foldInShare, of: rows.count)
            foldIn += rows.prefix(given)
            test += rows.dropFirst(given)
        }
        train.sort()
        test.sort()
    }

    /// The share rounded up, but one fewer than all where there are more than one.
    private static func oldestCount(_ share: Double, of count: Int) -> Int {
        // A product such as 0.07 * 100 is a little above the whole number that is meant.
        let wanted = Int((share * Double(count) - 1e-9).rounded(.up))
        return max(1, min(wanted, count - 1))
    }

    private mutating func noteShare(wanted: Double) {
        let rowCount = train.count + test.count
        facts.trainingShareWanted = wanted
        facts.trainingShareFound = rowCount == 0 ? nil : Double(train.count) / Double(rowCount)
    }

    func nothingLater(than time: Int64) -> EvaluationError {
        EvaluationError(
            .emptyPart, operation: "splitting by time", expected: "interactions later than the threshold",
            found: "none: the threshold \(GivenTime.text(milliseconds: time)) is also the newest time",
            remedy: "Many interactions share one time; take a smaller share, random:0.8 or leave-last-one.")
    }

    mutating func countFacts(training: SplitInput, test: SplitInput, knownItems: UserItemLists) {
        let wanted = UserItemLists(test, rows: self.test)
        facts.trainingRowCount = train.count
        facts.testRowCount = self.test.count
        facts.testPairCount = wanted.items.count
        for user in 0..<Int32(wanted.userCount) where !wanted.items(of: user).isEmpty {
            facts.testUserCount += 1
            if knownItems.items(of: user).isEmpty { facts.newUserCount += 1 }
        }
        let itemCount = max(train.reduce(0) { max($0, Int(training.items[$1]) + 1) }, Int(wanted.items.max() ?? -1) + 1)
        var isKnown = [Bool](repeating: false, count: itemCount)
        var isCounted = isKnown
        for row in train { isKnown[Int(training.items[row])] = true }
        for item in wanted.items where !isKnown[Int(item)] {
            facts.newItemPairCount += 1
            if !isCounted[Int(item)] { facts.newItemCount += 1 }
            isCounted[Int(item)] = true
        }
        guard let trainingTimes = training.times, let testTimes = test.times else { return }
        let newest = train.reduce(Int64.min) { max($0, trainingTimes[$1]) }
        facts.testRowsOlderThanTraining = self.test.count { testTimes[$0] < newest }
    }
}

extension SplitInput {
    /// The rows of every user, oldest first.
    fileprivate func rowsByUser() -> [[Int]] {
        var rows = [[Int]](repeating: [], count: Int(users.max() ?? -1) + 1)
        for row in 0..<rowCount { rows[Int(users[row])].append(row) }
        guard let times else { return rows }
        return rows.map { $0.sorted { (times[$0], $0) < (times[$1], $1) } }
    }

    fileprivate func isNotEarlier(_ row: Int, than other: Int) -> Bool {
        guard let times else { return row > other }
        return times[row] >= times[other]
    }
}
