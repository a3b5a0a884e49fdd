import HybridBlending
import ScoringKernels

extension Recommender {
    /// The first `count` items of a ranked list that are allowed, wanted and reach the smallest score asked for.
    func firstAllowed(
        of list: RankedList, weight: Float, _ options: RecommendationOptions, count: Int,
        where isWanted: (Int32) -> Bool = { _ in true }
    ) -> [RecommendedItem] {
        guard count > 0 else { return [] }
        var found = BestItems(count, least: options.minScore ?? 0, view)
        if let restriction = admission.restriction, isSmall(restriction, count), view.hasScores(of: list) {
            restriction.forEach { item in
                guard admission.allows(item), let score = view.score(of: item, in: list), isWanted(item) else { return }
                found.insert(item, weight * score, factor: state.boosts?[item] ?? 1)
            }
        } else {
            walk(list, weight, isWanted, into: &found)
        }
        return found.items.map { entry in
            boosted(
                RecommendedItem(
                    item: ItemNumber(entry.item), score: entry.plainScore, source: .fallback, contributions: .none))
        }
    }

    private func walk(_ list: RankedList, _ weight: Float, _ isWanted: (Int32) -> Bool, into found: inout BestItems) {
        let most = state.boosts?.most ?? 1
        var walk = view.walk(list)
        while let entry = walk.next() {
            guard admission.allows(entry.item) else { continue }
            let score = weight * entry.score
            // Of equal scores the list's earlier one is the better one, and no factor tells zeros apart.
            if !found.canTake(score * most) || (found.isFull && (state.boosts == nil || score <= 0)) { break }
            if isWanted(entry.item) { found.insert(entry.item, score, factor: state.boosts?[entry.item] ?? 1) }
        }
    }

    /// Whether looking at each admitted item costs less than looking for `count` of them down a list: that takes `count` times the
    /// catalogue by the admitted ones.
    private func isSmall(_ restriction: ItemBits, _ count: Int) -> Bool {
        restriction.count * restriction.count <= count * restriction.itemCount
    }
}

/// The best of the items that come along: the highest scores, of equal ones by ascending id.
struct BestItems {
    struct Entry {
        let item: Int32
        /// Before the request's boost.
        let plainScore: Float
        let score: Float
    }

    private(set) var items: [Entry] = []
    private let count: Int
    private let least: Float
    private let view: CatalogView

    /// - Parameter least: what scores less is left out.
    init(_ count: Int, least: Float, _ view: CatalogView) {
        self.count = count
        self.least = least
        self.view = view
    }

    var isFull: Bool { items.count == count }

    /// Whether an item with at most that score could be among them; by its id it may not be.
    func canTake(_ score: Float) -> Bool {
        score >= least && (items.count < count || score >= items[items.count - 1].score)
    }

    mutating func insert(_ item: Int32, _ plainScore: Float, factor: Float) {
        let score = plainScore * factor
        guard canTake(score) else { return }
        var low = 0
        var high = items.count
        while low < high {
            let middle = (low + high) / 2
            let known = items[middle]
            let comesBefore = score > known.score || (score == known.score && view.precedes(item, known.item))
            if comesBefore { high = middle } else { low = middle + 1 }
        }
        guard low < count else { return }
        items.insert(Entry(item: item, plainScore: plainScore, score: score), at: low)
        if items.count > count { items.removeLast() }
    }
}
