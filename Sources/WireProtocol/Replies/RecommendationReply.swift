/// Where an item of an answer came from.
package enum WireSource: Sendable {
    /// Content and collaborative evidence both.
    case hybrid
    case content
    case collaborative
    /// No personal evidence.
    case fallback
    /// The request gave it its place.
    case pinned
    /// The person had it before.
    case history

    var text: StaticString {
        switch self {
        case .hybrid: "hybrid"
        case .content: "content"
        case .collaborative: "collaborative"
        case .fallback: "fallback"
        case .pinned: "pinned"
        case .history: "history"
        }
    }
}

/// Why an item is in an answer, for `explain` `codes` and `full`.
package enum WireReason: CaseIterable, Sendable {
    /// Other people who took what this user took, took this.
    case interactedTogether
    /// It resembles what this user took.
    case similarContent
    case interactedTogetherAndSimilar
    case popularInSegment
    case trending
    case popular
    case recent
    case pinned
    case again

    package var text: StaticString {
        switch self {
        case .interactedTogether: "INTERACTED_TOGETHER"
        case .similarContent: "SIMILAR_CONTENT"
        case .interactedTogetherAndSimilar: "INTERACTED_TOGETHER_AND_SIMILAR"
        case .popularInSegment: "POPULAR_IN_SEGMENT"
        case .trending: "TRENDING"
        case .popular: "POPULAR"
        case .recent: "RECENT"
        case .pinned: "PINNED"
        case .again: "AGAIN"
        }
    }
}

/// The parts that add up to an item's score, weights included; nil where a component has no evidence.
package struct WireContributions: Sendable {
    package var content: Float?
    package var collaborative: Float?
    package var fallback: Float?
    /// How much the person had of the item, and how long ago.
    package var history: Float?
    /// What the request's boost adds, or takes away.
    package var boost: Float?

    package init(
        content: Float? = nil, collaborative: Float? = nil, fallback: Float? = nil, history: Float? = nil,
        boost: Float? = nil
    ) {
        self.history = history
        self.boost = boost
        self.content = content
        self.collaborative = collaborative
        self.fallback = fallback
    }
}

/// What the answer was based on.
package struct WireUserState: Sendable {
    /// The index has this user.
    package var isKnown: Bool
    /// Items of the user's history that the answer used, recent items of the request included.
    package var historyCount: Int
    /// Recent items of the request that the index does not know.
    package var recentItemsUnknown: Int

    package init(isKnown: Bool, historyCount: Int, recentItemsUnknown: Int = 0) {
        self.isKnown = isKnown
        self.historyCount = historyCount
        self.recentItemsUnknown = recentItemsUnknown
    }
}

/// The result of the methods `recommend.*`, written item by item:
///
///     writer.beginRecommendations()
///     writer.beginItem(id: ..., score: ..., source: ..., reason: ...)      for each item
///     writer.beginFields(); writer.field("title", ...); writer.endFields()     where fields were asked for
///     writer.contributions(...); writer.beginBecause() ... endBecause()        where explain is full
///     writer.endItem()
///     writer.endRecommendations(fallbackUsed: ..., userState: ...)
extension JSONWriter {
    package mutating func beginRecommendations() {
        beginObject()
        key("items")
        beginArray()
    }

    package mutating func beginItem(
        id: UnsafeBufferPointer<UInt8>, score: Float, source: WireSource, reason: WireReason? = nil
    ) {
        beginObject()
        key("id")
        unsafe string(id)
        key("score")
        number(score)
        key("source")
        string(source.text)
        if let reason {
            key("reason")
            string(reason.text)
        }
    }

    package mutating func beginFields() {
        key("fields")
        beginObject()
    }

    /// The caller writes each name once.
    package mutating func field(_ name: UnsafeBufferPointer<UInt8>, text: UnsafeBufferPointer<UInt8>) {
        unsafe key(name)
        unsafe string(text)
    }

    package mutating func field(_ name: UnsafeBufferPointer<UInt8>, number value: Double) {
        unsafe key(name)
        number(value)
    }

    package mutating func field(_ name: UnsafeBufferPointer<UInt8>, boolean value: Bool) {
        unsafe key(name)
        boolean(value)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    package mutating func field(_ name: UnsafeBufferPointer<UInt8>, time milliseconds: Int64) {
        unsafe key(name)
        integer(Int(milliseconds))
    }

    /// Follow it with `string` for each element, and `endArray`.
    package mutating func beginListField(_ name: UnsafeBufferPointer<UInt8>) {
        unsafe key(name)
        beginArray()
    }

    package mutating func endFields() { endObject() }

    package mutating func contributions(_ parts: WireContributions) {
        key("contributions")
        beginObject()
        optional("content", parts.content)
        optional("collaborative", parts.collaborative)
        optional("fallback", parts.fallback)
        optional("history", parts.history)
        optional("boost", parts.boost)
        endObject()
    }

    /// The items of the history that speak most for the item: call `because` for each, then `endBecause`.
    package mutating func beginBecause() {
        key("because")
        beginArray()
    }

    /// `share`: what the item of the history adds to the score.
    package mutating func because(itemId: UnsafeBufferPointer<UInt8>, share: Float) {
        beginObject()
        key("itemId")
        unsafe string(itemId)
        key("share")
        number(share)
        endObject()
    }

    package mutating func endBecause() { endArray() }

    package mutating func endItem() { endObject() }

    package mutating func endRecommendations(fallbackUsed: Bool, userState: WireUserState?) {
        endArray()
        key("fallbackUsed")
        boolean(fallbackUsed)
        if let userState {
            key("userState")
            beginObject()
            key("known")
            boolean(userState.isKnown)
            key("historyCount")
            integer(userState.historyCount)
            key("recentItemsUnknown")
            integer(userState.recentItemsUnknown)
            endObject()
        }
        endObject()
    }

    private mutating func optional(_ name: StaticString, _ value: Float?) {
        guard let value else { return }
        key(name)
        number(value)
    }
}
