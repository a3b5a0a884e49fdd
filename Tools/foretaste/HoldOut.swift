import Evaluation
import IndexBuilding
import Interactions

/// A split of one data set. User and item numbers are those of `userIds` and `itemIds`, which cover both parts and the
/// catalogue; the training part knows nothing of the test part's rows, users or items.
struct HoldOut {
    let split: DataSplit
    let task: RankingTask
    let training: LoadedInputs
    let users: IdentifierTable
    let items: IdentifierTable

    init(_ loaded: LoadedInputs, strategy: SplitStrategy, test: InteractionLog?, seed: UInt64) throws(EvaluationError) {
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
            split = try DataSplit(training: input, givenTest: testInput)
        } else {
            split = try DataSplit(dividing: input, by: strategy, seed: seed)
        }
        for item in loaded.items { items.intern(item.id) }
        let trainingLog = Self.copy(log, rows: split.trainRows)
        var catalogue = trainingLog.items
        for item in loaded.items { catalogue.intern(item.id) }
        task = RankingTask(
            split: split, training: input, test: testInput, itemCount: items.count, catalogueItemCount: catalogue.count)
        training = LoadedInputs(log: trainingLog, items: loaded.items, reports: loaded.reports)
        self.users = users
        self.items = items
    }

    /// The rows in a log of their own, whose id tables hold nothing else.
    private static func copy(_ log: InteractionLog, rows: [Int]) -> InteractionLog {
        var copy = InteractionLog(eventTypes: log.eventTypes, hasTimes: log.hasTimes)
        for row in rows {
            copy.append(
                user: log.users.id(at: Int(log.userIndexes[row])), item: log.items.id(at: Int(log.itemIndexes[row])),
                eventType: log.eventTypeIndexes[row], time: log.times[row], value: log.values[row])
        }
        return copy
    }
}
