import Evaluation
import IndexBuilding
import Interactions
import LinearAlgebra
import RecommendationService
import SeededRandom

/// A split of one data set. User and item numbers are those of `userIds` and `itemIds`, which cover both parts and the
/// catalogue; the training part knows nothing of the test part's rows, users or items.
struct HoldOut {
    let split: DataSplit
    private(set) var task: RankingTask
    let training: LoadedInputs
    let users: IdentifierTable
    let items: IdentifierTable
    /// What comes with the request of a user who is held out entirely, most recent first.
    private var foldIn: [Int32: [RecentItem]] = [:]
    /// The ids that are ranked for a user; empty where the catalogue is.
    private var candidates: [Int32: [String]] = [:]
    /// Whether the lists of candidates are drawn: figures then do not compare with a full ranking's.
    private(set) var hasSampledCandidates = false
    /// Rows of the test part in the source that `split.testRows` counts in.
    private let testLog: InteractionLog

    init(
        _ loaded: LoadedInputs, strategy: SplitStrategy, test: InteractionLog?, candidates lists: CandidateLists? = nil,
        weights: EventWeights = .standard, repeats: RepeatPolicy = .exclude, seed: UInt64
    ) throws(EvaluationError) {
        let log = loaded.log
        var users = log.users
        var items = log.items
        let input = SplitInput(
            users: log.userIndexes, items: log.itemIndexes, times: log.hasTimes ? log.times : nil)
        var testInput = input
        if let test {
            testInput = SplitInput(
                users: test.userIndexes.map { users.intern(test.users.id(at: Int($0))) },
                items: test.itemIndexes.map { items.intern(test.items.id(at: Int($0))) },
                times: test.hasTimes ? test.times : nil)
            split = try DataSplit(training: input, givenTest: testInput, repeats: repeats)
        } else {
            split = try DataSplit(dividing: input, by: strategy, repeats: repeats, seed: seed)
        }
        for item in loaded.items { items.intern(item.id) }
        let trainingLog = Self.copy(log, rows: split.trainRows, hasTimes: log.hasTimes && !strategy.ignoresTime)
        var catalogue = trainingLog.items
        for item in loaded.items { catalogue.intern(item.id) }
        task = RankingTask(
            split: split, training: input, test: testInput, itemCount: items.count, catalogueItemCount: catalogue.count)
        training = LoadedInputs(log: trainingLog, items: loaded.items, reports: loaded.reports)
        self.users = users
        self.items = items
        testLog = test ?? log
        for row in split.foldInRows.reversed() {
            foldIn[log.userIndexes[row], default: []].append(Self.recentItem(log, row: row, weights))
        }
        if let lists { try restrict(to: lists) }
    }

    /// Who asks, for a ranking of this user.
    func evidence(of user: Int32) -> UserEvidence {
        UserEvidence(userId: users.id(at: Int(user)), recentItems: foldIn[user] ?? [])
    }

    /// The ids that are ranked for this user; nil: the whole catalogue.
    func candidateIds(of user: Int32) -> [String]? { candidates[user] }

    /// Ranks each test user's items among `count` others only: drawn from the catalogue, none of them the user's in either part.
    mutating func restrictToDrawn(_ count: Int, seed: UInt64) throws(EvaluationError) {
        var generator = SplitMix64(seed: seed)
        var lists: [String: [String]] = [:]
        for user in task.testUsers {
            var taken = Set(task.trainingItems(of: user)).union(task.wantedItems(of: user))
            let free = items.count - taken.count
            let drawn = (0..<min(count, free)).map { _ -> String in
                while true {
                    let item = Int32(generator.nextIndex(below: items.count))
                    if taken.insert(item).inserted { return items.id(at: Int(item)) }
                }
            }
            lists[users.id(at: Int(user))] = drawn
        }
        try restrict(to: .byUser(lists))
    }

    /// Asks only some of the test users.
    mutating func drawTestUsers(_ count: Int, seed: UInt64) { task.draw(count, seed: seed) }

    /// Per user the items of the training part, by the number of the user's interactions, then the latest first.
    var itemsByFrequency: [Int32: [Int32]] {
        var habits: [Int32: [Int32: (count: Int, last: Int)]] = [:]
        let log = training.log
        let order =
            log.hasTimes ? (0..<log.count).sorted { (log.times[$0], $0) < (log.times[$1], $1) } : Array(0..<log.count)
        for (place, row) in order.enumerated() {
            guard let user = users.index(of: log.users.id(at: Int(log.userIndexes[row]))),
                let item = items.index(of: log.items.id(at: Int(log.itemIndexes[row])))
            else { continue }
            habits[user, default: [:]][item, default: (0, 0)].count += 1
            habits[user]?[item]?.last = place
        }
        return habits.mapValues { items in
            items.sorted { ($1.value.count, $1.value.last) < ($0.value.count, $0.value.last) }.map(\.key)
        }
    }

    /// The rows of one part, for `SplitFiles`.
    enum Part: String, CaseIterable {
        case train
        case test
        case foldIn = "fold-in"
    }

    func rows(of part: Part) -> (log: InteractionLog, rows: [Int]) {
        switch part {
        case .train: (training.log, Array(0..<training.log.count))
        case .test: (testLog, split.testRows)
        case .foldIn: (testLog, split.foldInRows)
        }
    }

    private mutating func restrict(to lists: CandidateLists) throws(EvaluationError) {
        var missing: [String] = []
        for user in task.testUsers {
            let id = users.id(at: Int(user))
            let wanted = task.wantedItems(of: user).map { items.id(at: Int($0)) }
            if let found = lists.candidates(of: id, wanted: wanted) {
                candidates[user] = found
            } else {
                missing.append(id)
            }
        }
        hasSampledCandidates = lists.isSampled
        guard let first = missing.first else { return }
        throw EvaluationError(
            .noCandidates, operation: "reading the candidates", expected: "candidates for every test user",
            found: "none for \(missing.count) of \(task.testUsers.count), the first of them \"\(first)\"",
            remedy: "Give a line for each test user, or leave the candidates out to rank everything.")
    }

    private static func recentItem(_ log: InteractionLog, row: Int, _ weights: EventWeights) -> RecentItem {
        let typeWeight = weights.weight(of: log.eventTypes[Int(log.eventTypeIndexes[row])]) ?? 1
        let value = log.values[row].isNaN ? 1 : log.values[row]
        return RecentItem(itemId: log.items.id(at: Int(log.itemIndexes[row])), eventWeight: Float(typeWeight) * value)
    }

    /// The rows in a log of their own, whose id tables hold nothing else.
    private static func copy(_ log: InteractionLog, rows: [Int], hasTimes: Bool) -> InteractionLog {
        var copy = InteractionLog(eventTypes: log.eventTypes, hasTimes: hasTimes, valueColumn: log.valueColumn)
        for row in rows {
            copy.append(
                user: log.users.id(at: Int(log.userIndexes[row])), item: log.items.id(at: Int(log.itemIndexes[row])),
                eventType: log.eventTypeIndexes[row], time: log.times[row], value: log.values[row],
                session: log.hasSessions ? log.sessionIndexes[row] : nil,
                amount: log.hasAmounts ? log.amounts[row] : nil)
        }
        return copy
    }
}
