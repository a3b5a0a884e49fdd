import HybridBlending
import RecommendationIndex
import ScoringKernels

extension Recommender {
    /// The segment of a user, whether or not the index knows anything else of them; nil too where the segment has no list of
    /// its own for the fallback.
    func segment(of userId: String?) -> Int? {
        guard let userId, let segments = view.segments, let member = segments.member(userId) else { return nil }
        let segment = segments.segment(ofMember: member)
        var walk = view.walk(.ofSegment(segment, .fallback))
        return walk.next() == nil ? nil : segment
    }

    /// The best allowed and wanted items that need no personal evidence: those of the segment first, where there is one.
    func fallbackItems(
        _ weight: Float, _ options: RecommendationOptions, count: Int, where isWanted: (Int32) -> Bool
    ) -> [RecommendedItem] {
        guard let segment = state.fallbackSegment else {
            return firstAllowed(of: .fallback, weight: weight, options, count: count, where: isWanted)
        }
        var items = firstAllowed(
            of: .ofSegment(segment, .fallback), weight: weight, options, count: count, where: isWanted)
        guard items.count < count else { return items }
        // The list ends: everybody's list goes on, below it.
        let taken = Set(items.map(\.item.rawValue))
        let limit = items.last?.score ?? .infinity
        let more = firstAllowed(of: .fallback, weight: weight, options, count: count - items.count) { item in
            !taken.contains(item) && isWanted(item)
        }
        for var item in more {
            item.score = min(item.score, limit)
            items.append(item)
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
