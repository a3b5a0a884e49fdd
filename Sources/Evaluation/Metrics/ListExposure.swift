/// Counts which catalogue items the lists of one system show, and what those have in common.
struct ListExposure {
    private let trainingCounts: [Int32]
    private let totalCount: Int
    private let catalogueItemCount: Int
    private let items: ItemDescriptions
    private let cutOffs: CutOffs
    /// `shown[c][i]`: lists that show item i in their first `cutOffs.values[c]` places.
    private var shown: [[Int32]]
    private var sums: [ListSums]
    /// The number of the last list that holds the item, from 1: finds repeats without a set.
    private var lastList: [Int]
    /// The number of the last list whose user has the category in training.
    private var lastListOfCategory: [Int]
    private var listNumber = 0

    /// `trainingCounts` has an element for every item number that a list may hold.
    init(trainingCounts: [Int32], catalogueItemCount: Int, items: ItemDescriptions, cutOffs: CutOffs) {
        self.trainingCounts = trainingCounts
        self.catalogueItemCount = catalogueItemCount
        self.items = items
        self.cutOffs = cutOffs
        totalCount = trainingCounts.reduce(0) { $0 + Int($1) }
        let none = [Int32](repeating: 0, count: trainingCounts.count)
        shown = Array(repeating: none, count: cutOffs.values.count)
        sums = Array(repeating: ListSums(), count: cutOffs.values.count)
        lastList = Array(repeating: 0, count: trainingCounts.count)
        lastListOfCategory = Array(repeating: 0, count: items.categoryCount)
    }

    /// `history` are the user's training items. An empty list counts for nothing.
    mutating func add(_ list: ArraySlice<Int32>, history: ArraySlice<Int32>) {
        listNumber += 1
        for item in list {
            precondition(trainingCounts.indices.contains(Int(item)), "a ranker returned the unknown item \(item)")
            precondition(lastList[Int(item)] != listNumber, "a ranker returned item \(item) twice in one list")
            lastList[Int(item)] = listNumber
        }
        guard !list.isEmpty else { return }
        var hasCategories = false
        for category in history.flatMap({ items.categories(of: $0) }) {
            lastListOfCategory[Int(category)] = listNumber
            hasCategories = true
        }
        var walk = ListWalk(dimension: items.dimension)
        var rest = list
        for (index, k) in cutOffs.values.enumerated() {
            while list.count - rest.count < k, let item = rest.popFirst() {
                let matches = items.categories(of: item).contains { lastListOfCategory[Int($0)] == listNumber }
                walk.add(
                    item, trainingCount: trainingCounts[Int(item)], totalCount: totalCount, matchesHistory: matches,
                    items: items)
            }
            sums[index].add(walk, hasCategories: hasCategories)
            for item in list.prefix(k) { shown[index][Int(item)] += 1 }
        }
    }

    /// One element a cut-off.
    var metrics: [CatalogueMetrics] {
        zip(shown, sums).map { shown, sums in
            CatalogueMetrics(shown: shown, catalogueItemCount: catalogueItemCount, sums: sums)
        }
    }
}
