package import HybridBlending
import Interactions

/// What every recommendation can be asked for.
package struct RecommendationOptions: Sendable {
    /// How many items at most, at least 1. The protocol allows 500; evaluation runs may ask for more.
    package var count: Int
    /// Items that must not appear. Ids the index does not know are ignored: they cannot appear anyway.
    package var excludeIds: [String] = []
    /// The only items that may appear, in no order; nil: the whole catalogue. They are scored as in a list of the whole
    /// catalogue, so the answer is that list with the others taken out. Repeats and ids the index does not know are ignored.
    package var onlyIds: [String]?
    /// Whether the user's own items stay out.
    package var excludeSeen = true
    /// nil: the weights that the index was built with.
    package var weights: BlendWeights?
    /// Items that score less stay out, fallback items as well.
    package var minScore: Float?
    /// Whether a short personal list stays short instead of being filled up.
    package var strict = false

    package init(count: Int) { self.count = count }
}

/// An item that a visitor has just dealt with, sent along with a request.
package struct RecentItem: Sendable, Equatable {
    package var itemId: String
    /// Damped as training damps it.
    let weight: Float

    /// - Parameter eventWeight: what the interaction is worth, as in `EventWeights`; negative for a dislike.
    package init(itemId: String, eventWeight: Float) {
        self.itemId = itemId
        weight = Float(InteractionMatrix.damped(Double(eventWeight)))
    }
}

/// Who asks: somebody the index knows, somebody who brings recent items along, or both.
package struct UserEvidence: Sendable {
    package var userId: String?
    /// Most recent first. Items that the index does not know are counted and otherwise ignored.
    package var recentItems: [RecentItem]

    package init(userId: String? = nil, recentItems: [RecentItem] = []) {
        self.userId = userId
        self.recentItems = recentItems
    }
}
