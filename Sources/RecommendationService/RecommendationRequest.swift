package import HybridBlending
import Interactions
package import ItemFilter

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
    /// Milliseconds since 1970-01-01T00:00:00Z: what the user dealt with before may come again; nil: nothing may. Without times in
    /// the index nothing is known to be so long ago.
    package var seenSince: Int64?
    /// Whether the item that a session has open, its most recent known one, stays out. Published protocols ask for it too.
    package var excludeCurrent = false
    /// nil: the weights that the index was built with.
    package var weights: BlendWeights?
    /// Items that score less stay out, fallback items as well.
    package var minScore: Float?
    /// Whether a short personal list stays short instead of being filled up.
    package var strict = false
    /// Of the recommender's own `filters`: the only items that may appear. Of those that it admits as many come back as are asked
    /// for, in the order and with the scores of the whole catalogue's list.
    package var filter: TypedFilter?
    /// The same of the key that asks: what it does not admit is not there for it. `user` means the key's user in it.
    package var keyFilter: TypedFilter?
    package var keyUserId: String?
    /// Of the recommender's own `filters`: what multiplies the candidates' scores.
    package var boost: TypedFilter?
    /// What `context` means in them; nil: the item that the method is about, where there is one.
    package var contextItem: ItemNumber?
    /// What `now()` means in them: milliseconds since 1970-01-01T00:00:00Z.
    package var now: Int64 = 0
    /// All hold, on every beginning of the list too; items without the property are not limited.
    package var limits: [PropertyLimit] = []
    /// 0: by score alone, to 1: as unlike one another as can be (J. Carbonell, J. Goldstein, "The use of MMR, diversity-based
    /// reranking for reordering documents and producing summaries", 1998).
    package var diversity: Float = 0
    /// Places ascending, each once. An item that the request does not allow gives its place up.
    package var pinned: [PinnedItem] = []

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

/// At most so many items with the same value of a property.
package struct PropertyLimit: Sendable, Equatable {
    package var property: String
    /// At least 1.
    package var count: Int
    /// Among so many places one after another, at least `count`; nil: in the whole list.
    package var window: Int?

    package init(property: String, count: Int, window: Int? = nil) {
        self.property = property
        self.count = count
        self.window = window
    }
}

/// An item that has a place whatever it scores.
package struct PinnedItem: Sendable, Equatable {
    package var item: ItemNumber
    /// Counted from 0.
    package var place: Int

    package init(item: ItemNumber, place: Int) {
        self.item = item
        self.place = place
    }
}
