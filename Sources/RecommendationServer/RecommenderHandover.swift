import RecommendationService

/// A recommender on its way between the watcher's queue, which makes and releases it, and the loop that uses it. Its
/// workspaces are of the catalogue's size: neither their allocation nor their end, which may unmap an index, belongs on a loop.
// SAFETY: the queue makes it and then posts it to one loop, which exchanges once and then posts it back; a post happens after
// what its thread did before, so no two threads ever use it at the same time.
final class RecommenderHandover: @unchecked Sendable {
    private var recommender: Recommender?

    init(_ serving: ServingIndex) { recommender = Recommender(serving) }

    /// On the loop: gives the new one for the old one. Once only.
    func exchange(_ old: Recommender) -> Recommender {
        guard let new = recommender else { return old }
        recommender = old
        return new
    }

    /// On the queue. Whoever still holds this object holds nothing large any more.
    func release() { recommender = nil }
}
