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
                // The score first: what scores too little is looked at no further, and that is nearly all.
                guard let score = view.score(of: item, in: list) else { return }
                let factor = state.boosts?[item] ?? 1
                guard found.canTake(weight * score * factor), admission.allows(item), isWanted(item) else { return }
                found.insert(item, weight * score, factor: factor)
            }
        } else {
            walk(list, weight, isWanted, into: &found)
        }
        return found.sorted.map { entry in
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
