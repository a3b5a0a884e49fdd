package import HybridBlending

/// Where a recommended item came from.
package enum RecommendationSource: Sendable, Equatable {
    case content, collaborative
    /// Both personal components speak for it.
    case hybrid
    case fallback
    /// The request gave it its place.
    case pinned
    /// The person had it before.
    case history
}

/// One item of an answer.
package struct RecommendedItem: Sendable, Equatable {
    package var item: ItemNumber
    /// The sum of `contributions`, or `weights.fallback · fallback(i)` for a fallback item, and `boost`.
    package var score: Float
    package var source: RecommendationSource
    package var contributions: Blend.Contributions
    /// What the request's boost has added; negative where it takes away.
    package var boost: Float = 0
}

/// What the answer was based on.
package struct UserState: Sendable, Equatable {
    /// Whether the index knows the user.
    package var known = false
    /// How many items of the user's history, recent items included, the answer used.
    package var usedItemCount = 0
    /// How many of the request's recent items the index does not know.
    package var unknownItemCount = 0
}

/// A ranked answer: personal items by descending score, then fallback items by descending score; ties by ascending id. What the
/// request asks of the list's arrangement may put them otherwise.
package struct Recommendation: Sendable, Equatable {
    package var items: [RecommendedItem] = []
    package var userState = UserState()
    /// The segment whose list the fallback items are from; nil: everybody's.
    package var segment: Int?

    package var fallbackUsed: Bool { items.contains { $0.source == .fallback } }
}
