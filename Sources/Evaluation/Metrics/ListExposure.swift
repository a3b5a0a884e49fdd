/// Counts which catalogue items the lists of one system show.
struct ListExposure {
    private let task: RankingTask
    private let cutOffs: CutOffs
    /// `shown[c][i]`: lists that show item i in their first `cutOffs.values[c]` places.
    private var shown: [[Int32]]
    private var popularitySums: [Double]
    private var listCount = 0
    /// The number of the last list that holds the item, from 1: finds repeats without a set.
    private var lastList: [Int]
    private var listNumber = 0

    init(task: RankingTask, cutOffs: CutOffs) {
        self.task = task
        self.cutOffs = cutOffs
        let none = [Int32](repeating: 0, count: task.trainingCounts.count)
        shown = Array(repeating: none, count: cutOffs.values.count)
        popularitySums = Array(repeating: 0, count: cutOffs.values.count)
        lastList = Array(repeating: 0, count: task.trainingCounts.count)
    }

    mutating func add(_ list: ArraySlice<Int32>) {
        listNumber += 1
        for item in list {
            precondition(task.trainingCounts.indices.contains(Int(item)), "a ranker returned the unknown item \(item)")
            precondition(lastList[Int(item)] != listNumber, "a ranker returned item \(item) twice in one list")
            lastList[Int(item)] = listNumber
        }
        guard !list.isEmpty else { return }
        listCount += 1
        for (index, k) in cutOffs.values.enumerated() {
            let head = list.prefix(k)
            var interactions = 0
            for item in head {
                shown[index][Int(item)] += 1
                interactions += Int(task.trainingCounts[Int(item)])
            }
            popularitySums[index] += Double(interactions) / Double(head.count)
        }
    }

    /// One element a cut-off.
    var metrics: [CatalogueMetrics] {
        zip(shown, popularitySums).map { shown, sum in
            CatalogueMetrics(
                shown: shown, catalogueItemCount: task.catalogueItemCount, popularitySum: sum, listCount: listCount)
        }
    }
}
