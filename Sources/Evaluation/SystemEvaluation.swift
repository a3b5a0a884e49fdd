/// Of the items that a user is to be shown.
package enum WantedPart: Int, CaseIterable, Sendable {
    /// In the user's training part.
    case repeated
    case new

    package var name: String {
        switch self {
        case .repeated: "repeat"
        case .new: "explore"
        }
    }
}

/// One system's figures on one task.
package struct SystemEvaluation: Sendable {
    package let name: String
    package let cutOffs: CutOffs
    /// The cut-offs of `curve`.
    package let curveCutOffs: CutOffs
    package private(set) var all: GroupMetrics
    /// The metrics of all users at more cut-offs than a table holds.
    package private(set) var curve: GroupMetrics
    /// The breakdowns that were asked for, in that order.
    package private(set) var groupings: [GroupedMetrics]
    /// All test users who want such items, by `WantedPart.rawValue`: what of a list is found of them. Empty where repeats are
    /// excluded, as then all is new.
    package private(set) var wantedParts: [GroupMetrics] = []
    /// By `ItemGroup.rawValue`.
    package private(set) var itemGroups: [ItemGroupMetrics] = []
    /// One element a cut-off.
    package private(set) var catalogue: [CatalogueMetrics] = []
    /// Values of every test user, in the task's order, one array a cut-off: for intervals and paired comparison.
    package private(set) var ndcgByUser: [[Double]]
    package private(set) var hitByUser: [[Double]]

    /// Asks `rank(user, k)` once for every test user, in ascending order, with the greatest cut-off as k. A list is best first,
    /// without repeats and without the user's training items; its part beyond k is ignored and an empty one is allowed.
    /// A repeated item or one outside the task's numbers is a programmer's error of the ranker. What `rank` throws ends
    /// the evaluation. `curve` is `cutOffs` where it is nil; every grouping is one of the task's test users.
    package init<Failure>(
        of name: String, on task: RankingTask, at cutOffs: CutOffs, curve curveCutOffs: CutOffs? = nil,
        groupings: [UserGrouping] = [], items: ItemDescriptions = .none,
        rank: (Int32, Int) throws(Failure) -> [Int32]
    ) throws(Failure) {
        precondition(
            groupings.allSatisfy { $0.groupOfUser.count == task.testUsers.count }, "a group for every test user")
        let cutOffCount = cutOffs.values.count
        self.name = name
        self.cutOffs = cutOffs
        self.curveCutOffs = curveCutOffs ?? cutOffs
        all = GroupMetrics(cutOffCount: cutOffCount)
        curve = GroupMetrics(cutOffCount: self.curveCutOffs.values.count)
        self.groupings = groupings.map { GroupedMetrics($0, cutOffCount: cutOffCount) }
        ndcgByUser = Array(repeating: [], count: cutOffCount)
        hitByUser = ndcgByUser
        let longest = max(cutOffs.longest, self.curveCutOffs.longest)
        var exposure = ListExposure(
            trainingCounts: task.trainingCounts, catalogueItemCount: task.catalogueItemCount, items: items,
            cutOffs: cutOffs)
        var groupCount = ItemGroupCount(groups: task.itemGroups, cutOffs: cutOffs)
        if task.repeats == .include {
            wantedParts = WantedPart.allCases.map { _ in GroupMetrics(cutOffCount: cutOffCount) }
        }
        for (position, user) in task.testUsers.enumerated() {
            let list = try rank(user, longest).prefix(longest)
            exposure.add(list, history: task.trainingItems(of: user))
            let wanted = task.wantedItems(of: user)
            let hits = RankedHits(ranked: list, wanted: wanted)
            groupCount.add(list, hits: hits, wanted: wanted)
            add(hits, listIsEmpty: list.isEmpty, position: position)
            if task.repeats == .include { addParts(list, wanted, known: task.trainingItems(of: user)) }
        }
        catalogue = exposure.metrics
        itemGroups = groupCount.metrics
    }

    private mutating func addParts(_ list: ArraySlice<Int32>, _ wanted: ArraySlice<Int32>, known: ArraySlice<Int32>) {
        let known = Set(known)
        for part in WantedPart.allCases {
            let items = wanted.filter { known.contains($0) == (part == .repeated) }
            guard !items.isEmpty else { continue }
            let hits = RankedHits(ranked: list, wanted: items[...])
            wantedParts[part.rawValue].add(hits.values(at: cutOffs), listIsEmpty: list.isEmpty)
        }
    }

    private mutating func add(_ hits: RankedHits, listIsEmpty: Bool, position: Int) {
        let values = hits.values(at: cutOffs)
        all.add(values, listIsEmpty: listIsEmpty)
        curve.add(curveCutOffs == cutOffs ? values : hits.values(at: curveCutOffs), listIsEmpty: listIsEmpty)
        for index in groupings.indices {
            let group = groupings[index].grouping.groupOfUser[position]
            groupings[index].groups[group].add(values, listIsEmpty: listIsEmpty)
        }
        for (index, row) in values.enumerated() {
            ndcgByUser[index].append(row[RankingMetric.ndcg.rawValue])
            hitByUser[index].append(row[RankingMetric.hitRate.rawValue])
        }
    }
}

extension RankedHits {
    /// A row a cut-off, a column a metric.
    fileprivate func values(at cutOffs: CutOffs) -> [[Double]] {
        cutOffs.values.map { k in RankingMetric.allCases.map { value(of: $0, at: k) } }
    }
}
