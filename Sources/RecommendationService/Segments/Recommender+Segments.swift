import HybridBlending
import RecommendationIndex
import ScoringKernels

extension Recommender {
    /// The segment of a user, whether or not the index knows anything else of them; nil too where the segment has no list of
    /// its own for the fallback.
    func segment(of userId: String?) -> Int? {
        guard let userId, let segments = serving.segments, let member = segments.member(userId) else { return nil }
        let segment = segments.segment(ofMember: member)
        return unsafe segments.table.list(.fallback, ofSegment: segment).items.isEmpty ? nil : segment
    }

    /// The best allowed and wanted items that need no personal evidence: those of the segment first, where there is one.
    func fallbackItems(
        _ weight: Float, _ options: RecommendationOptions, count: Int, where isWanted: (Int32) -> Bool
    ) -> [RecommendedItem] {
        let everybodys = serving.index.fallback
        guard let segment = state.fallbackSegment else {
            return firstAllowed(of: everybodys, weight: weight, options, count: count, where: isWanted)
        }
        var items = firstAllowed(
            of: .fallback, ofSegment: segment, weight: weight, options, count, where: isWanted)
        guard items.count < count else { return items }
        // The list ends: everybody's list goes on, below it.
        for item in items { admission.mark(item.itemIndex, .excluded) }
        let limit = items.last?.score ?? .infinity
        items += firstAllowed(of: everybodys, weight: weight, options, count: count - items.count, where: isWanted)
            .map { item in
                var item = item
                item.score = min(item.score, limit)
                return item
            }
        return items
    }

    /// The first allowed and wanted items of a segment's list that reach the smallest score asked for.
    func firstAllowed(
        of kind: SegmentList, ofSegment segment: Int, weight: Float, _ options: RecommendationOptions, _ count: Int,
        where isWanted: (Int32) -> Bool = { _ in true }
    ) -> [RecommendedItem] {
        guard let segments = serving.segments, count > 0 else { return [] }
        let (list, scores) = unsafe segments.table.list(kind, ofSegment: segment)
        var items: [RecommendedItem] = []
        for position in list.indices {
            let item = unsafe list[position]
            guard admission.allows(item) else { continue }
            let score = unsafe weight * scores[position]
            if score < options.minScore ?? 0 { break }
            guard isWanted(item) else { continue }
            items.append(RecommendedItem(itemIndex: item, score: score, source: .fallback, contributions: .none))
            if items.count == count { break }
        }
        return items
    }
}

extension PopularityKind {
    var segmentList: SegmentList {
        switch self {
        case .popular: .popular
        case .trending: .trending
        case .recent: .recent
        }
    }
}
