import Interactions

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A log divided into a part to train on and what its users did afterwards. Items a user has in training are not wanted.
struct RealDataSplit {
    let training: InteractionLog
    /// Per user of the training part, in order of first appearance, what is wanted of a recommender.
    let wanted: [(user: String, items: Set<String>)]

    /// Per user the last row, by time and then by place in the file, is wanted.
    init(leavingLastOneOf log: InteractionLog) {
        var last = [Int](repeating: -1, count: log.users.count)
        for row in 0..<log.count {
            let user = Int(log.userIndexes[row])
            if last[user] < 0 || log.times[row] >= log.times[last[user]] { last[user] = row }
        }
        self.init(log) { last[Int(log.userIndexes[$0])] != $0 }
    }

    /// The earliest rows train, by time and then by place in the file.
    init(of log: InteractionLog, trainingShare: Double) {
        let order = (0..<log.count).sorted { (log.times[$0], $0) < (log.times[$1], $1) }
        var isTraining = [Bool](repeating: false, count: log.count)
        for row in order.prefix(Int(Double(log.count) * trainingShare)) { isTraining[row] = true }
        self.init(log) { isTraining[$0] }
    }

    private init(_ log: InteractionLog, isTraining: (Int) -> Bool) {
        training = log.filter(isTraining)
        var known = [Set<Int32>](repeating: [], count: log.users.count)
        for row in 0..<training.count { known[Int(training.userIndexes[row])].insert(training.itemIndexes[row]) }
        var later = [Set<String>](repeating: [], count: log.users.count)
        for row in 0..<log.count where !isTraining(row) {
            let user = Int(log.userIndexes[row])
            if !known[user].contains(log.itemIndexes[row]) {
                later[user].insert(log.items.id(at: Int(log.itemIndexes[row])))
            }
        }
        wanted = later.indices.filter { !later[$0].isEmpty && !known[$0].isEmpty }
            .map { (log.users.id(at: $0), later[$0]) }
    }

    /// Binary gain, discount 1 / log2(rank + 1), at the length of `hits`.
    static func ndcg(_ hits: [Bool], wantedCount: Int) -> Double {
        func discount(_ position: Int) -> Double { 1 / log2(Double(position + 2)) }
        let gain = hits.indices.filter { hits[$0] }.reduce(0) { $0 + discount($1) }
        return gain / (0..<min(wantedCount, 10)).reduce(0) { $0 + discount($1) }
    }
}
