/// Means over one group of test users; the values are nil where the group is empty.
package struct GroupMetrics: Sendable, Equatable {
    package fileprivate(set) var userCount = 0
    /// Users whose list is not empty.
    package fileprivate(set) var userWithListCount = 0
    /// One row a cut-off, one column a `RankingMetric`.
    fileprivate var sums: [[Double]]

    fileprivate init(cutOffCount: Int) {
        sums = Array(repeating: Array(repeating: 0, count: RankingMetric.allCases.count), count: cutOffCount)
    }

    package func mean(of metric: RankingMetric, atCutOff index: Int) -> Double? {
        userCount == 0 ? nil : sums[index][metric.rawValue] / Double(userCount)
    }

    /// Users with a non-empty list / users of the group. The same at every k.
    package var userCoverage: Double? { userCount == 0 ? nil : Double(userWithListCount) / Double(userCount) }
}

/// One system's figures on one task.
package struct SystemEvaluation: Sendable {
    package let name: String
    package let cutOffs: CutOffs
    package private(set) var all: GroupMetrics
    package private(set) var withHistory: GroupMetrics
    package private(set) var withoutHistory: GroupMetrics
    /// One element a cut-off.
    package private(set) var catalogue: [CatalogueMetrics] = []
    /// Values of every test user, in the task's order, one array a cut-off: for intervals and paired comparison.
    package private(set) var ndcgByUser: [[Double]]
    package private(set) var hitByUser: [[Double]]

    /// Asks `rank(user, k)` once for every test user, in ascending order, with the greatest cut-off as k. A list is best first,
    /// without repeats and without the user's training items; its part beyond k is ignored and an empty one is allowed.
    /// A repeated item or one outside the task's numbers is a programmer's error of the ranker. What `rank` throws ends
    /// the evaluation.
    package init<Failure>(
        of name: String, on task: RankingTask, at cutOffs: CutOffs, rank: (Int32, Int) throws(Failure) -> [Int32]
    ) throws(Failure) {
        let cutOffCount = cutOffs.values.count
        self.name = name
        self.cutOffs = cutOffs
        all = GroupMetrics(cutOffCount: cutOffCount)
        withHistory = all
        withoutHistory = all
        ndcgByUser = Array(repeating: [], count: cutOffCount)
        hitByUser = ndcgByUser
        var exposure = ListExposure(task: task, cutOffs: cutOffs)
        for (position, user) in task.testUsers.enumerated() {
            let list = try rank(user, cutOffs.longest).prefix(cutOffs.longest)
            exposure.add(list)
            let hits = RankedHits(ranked: list, wanted: task.wantedItems(of: user))
            add(hits, listIsEmpty: list.isEmpty, hasHistory: task.hasTrainingHistory[position])
        }
        catalogue = exposure.metrics
    }

    private mutating func add(_ hits: RankedHits, listIsEmpty: Bool, hasHistory: Bool) {
        all.countUser(listIsEmpty: listIsEmpty)
        if hasHistory {
            withHistory.countUser(listIsEmpty: listIsEmpty)
        } else {
            withoutHistory.countUser(listIsEmpty: listIsEmpty)
        }
        for (index, k) in cutOffs.values.enumerated() {
            for metric in RankingMetric.allCases {
                let value = hits.value(of: metric, at: k)
                all.sums[index][metric.rawValue] += value
                if hasHistory {
                    withHistory.sums[index][metric.rawValue] += value
                } else {
                    withoutHistory.sums[index][metric.rawValue] += value
                }
                if metric == .ndcg { ndcgByUser[index].append(value) }
                if metric == .hitRate { hitByUser[index].append(value) }
            }
        }
    }
}

extension GroupMetrics {
    fileprivate mutating func countUser(listIsEmpty: Bool) {
        userCount += 1
        if !listIsEmpty { userWithListCount += 1 }
    }
}
