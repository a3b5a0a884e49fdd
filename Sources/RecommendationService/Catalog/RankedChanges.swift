package import RecommendationIndex

/// Lists that need no personal evidence.
package enum RankedList: Hashable, Sendable {
    case fallback
    case everybodys(PopularityKind)
    case ofSegment(Int, SegmentList)
}

/// Scores that differ from those of one of the index's lists, and those of new items, best first.
struct RankedChanges: Sendable {
    struct Entry: Sendable, Equatable {
        let item: Int32
        let score: Float
    }

    /// By descending score, ties by ascending id.
    private(set) var entries: [Entry] = []
    private var scores: [Int32: Float] = [:]

    init() {}

    /// O(n log n).
    init(_ scores: [Int32: Float], precedes: (Int32, Int32) -> Bool) {
        self.scores = scores
        entries = scores.map { Entry(item: $0.key, score: $0.value) }.sorted { Self.isBefore($0, $1, precedes) }
    }

    var isEmpty: Bool { entries.isEmpty }

    func contains(_ item: Int32) -> Bool { scores[item] != nil }

    func score(of item: Int32) -> Float? { scores[item] }

    /// - Parameters:
    ///   - score: nil: as in the index's list.
    ///   - precedes: whether an id comes before another one.
    mutating func set(_ item: Int32, _ score: Float?, precedes: (Int32, Int32) -> Bool) {
        if let old = scores[item] {
            entries.remove(at: place(of: Entry(item: item, score: old), precedes))
        }
        scores[item] = score
        guard let score else { return }
        let entry = Entry(item: item, score: score)
        entries.insert(entry, at: place(of: entry, precedes))
    }

    /// Where an entry is, or belongs.
    private func place(of entry: Entry, _ precedes: (Int32, Int32) -> Bool) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if Self.isBefore(entries[middle], entry, precedes) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    static func isBefore(_ left: Entry, _ right: Entry, _ precedes: (Int32, Int32) -> Bool) -> Bool {
        left.score == right.score ? precedes(left.item, right.item) : left.score > right.score
    }
}

/// A list of the index with its changes, best first. The index outlives it.
@safe struct RankedWalk {
    private let order: UnsafeBufferPointer<Int32>
    /// By item where `goesByItem`, else by place in `order`.
    private let scores: UnsafeBufferPointer<Float>
    private let goesByItem: Bool
    private let changes: RankedChanges?
    private let view: CatalogView
    private var place = 0
    private var changedPlace = 0

    init(
        order: UnsafeBufferPointer<Int32>, scores: UnsafeBufferPointer<Float>, goesByItem: Bool, _ list: RankedList,
        _ view: CatalogView
    ) {
        unsafe self.order = order
        unsafe self.scores = scores
        self.goesByItem = goesByItem
        self.view = view
        changes = view.overlay.flatMap { $0.rankings.changes(of: list) }
    }

    mutating func next() -> RankedChanges.Entry? {
        guard let changes else { return nextOfIndex() }
        while unsafe place < order.count && changes.contains(order[place]) { place += 1 }
        let changed = changedPlace < changes.entries.count ? changes.entries[changedPlace] : nil
        guard let changed else { return nextOfIndex() }
        if let own = peek(), RankedChanges.isBefore(own, changed, { view.precedes($0, $1) }) {
            place += 1
            return own
        }
        changedPlace += 1
        return changed
    }

    private mutating func nextOfIndex() -> RankedChanges.Entry? {
        defer { place += 1 }
        return peek()
    }

    private func peek() -> RankedChanges.Entry? {
        guard unsafe place < order.count else { return nil }
        let item = unsafe order[place]
        return unsafe RankedChanges.Entry(item: item, score: scores[goesByItem ? Int(item) : place])
    }
}
