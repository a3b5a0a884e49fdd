import HybridBlending
import Recommenders
import ScoringKernels

/// One item that an answer is based on.
package struct ProfileEntry: Sendable, Equatable {
    package var item: ItemNumber
    /// The interaction's weight times its decay; negative for a dislike.
    package var weight: Float
}

/// What one request knows on its way through the pipeline. Every method begins with a fresh one, so nothing of an earlier
/// request can get into an answer; only the memory of its lists is used again.
struct RequestState {
    /// What the answer is based on, most recent first, without repeats.
    private(set) var history: [ProfileEntry] = []
    /// Whose history it is, where the index knows them.
    var user: UserNumber?
    /// How long before the newest event of all the person's own last one was, in milliseconds; nil without times and without a
    /// history.
    var age: Int64?
    /// The segment whose list fills up the answer; nil: everybody's.
    var fallbackSegment: Int?
    /// Of a personal answer whose parts add up item by item.
    var blend: Blend?
    /// What multiplies scores; nil: nothing.
    var boosts: ItemBoosts?
    /// Whether factors have joined in.
    var usesFactors = false
    /// Down to which place the answer's ranking is kept, as it was before it was arranged; nil: it is not.
    var keptPlaces: Int?
    var ranking: [RecommendedItem] = []

    mutating func begin() {
        history.removeAll(keepingCapacity: true)
        user = nil
        age = nil
        fallbackSegment = nil
        blend = nil
        boosts = nil
        usesFactors = false
        keptPlaces = nil
        ranking = []
    }

    mutating func append(_ entry: ProfileEntry) { history.append(entry) }
}
