/// Counts what one system's lists show and find of each group of items.
struct ItemGroupCount {
    private let groups: [ItemGroup]
    private let cutOffs: CutOffs
    /// By `ItemGroup.rawValue`.
    private(set) var metrics: [ItemGroupMetrics]

    init(groups: [ItemGroup], cutOffs: CutOffs) {
        self.groups = groups
        self.cutOffs = cutOffs
        metrics = ItemGroup.allCases.map { _ in ItemGroupMetrics(cutOffCount: cutOffs.values.count) }
    }

    mutating func add(_ list: ArraySlice<Int32>, hits: RankedHits, wanted: ArraySlice<Int32>) {
        for item in wanted { metrics[groups[Int(item)].rawValue].pairCount += 1 }
        for (index, k) in cutOffs.values.enumerated() {
            let head = list.prefix(k)
            for item in head { metrics[groups[Int(item)].rawValue].shownCounts[index] += 1 }
            for group in metrics.indices { metrics[group].placeCounts[index] += head.count }
            for rank in hits.ranks.prefix(while: { $0 <= k }) {
                let item = list[list.startIndex + rank - 1]
                metrics[groups[Int(item)].rawValue].foundCounts[index] += 1
            }
        }
    }
}
