/// What can be asked of the store's one writer. Each is done whole or not at all.
package enum LiveChange: Sendable {
    case putEvents([UserEvent])
    case deleteEvents(EventSelection)
    case upsertItems([ItemChange])
    /// They are gone from answers even where an index has them.
    case deleteItems([String])
    case upsertUsers([UserChange])
    case mergeUsers(from: String, into: String)
    /// - Parameter copies: where the person's traces still lie outside this store.
    case eraseUser(String, copies: [RemainingCopy])
    /// Erasures of another store, which a restored one is to keep.
    case adoptErasures([Erasure])

    /// Nothing of that store is in this one, which is empty.
    case follow(LiveStoreId)

    /// How many elements it counts in the queue.
    var elementCount: Int {
        switch self {
        case .putEvents(let events): events.count
        case .deleteEvents(let selection): selection.count
        case .upsertItems(let items): items.count
        case .deleteItems(let items): items.count
        case .upsertUsers(let users): users.count
        case .adoptErasures(let erasures): erasures.count
        case .mergeUsers, .eraseUser, .follow: 1
        }
    }
}

package enum EventSelection: Sendable, Equatable {
    case eventIds([String])
    case sequences([UInt64])

    var count: Int {
        switch self {
        case .eventIds(let ids): ids.count
        case .sequences(let sequences): sequences.count
        }
    }
}

/// What became of one element.
package enum ElementOutcome: Sendable, Equatable {
    /// Its place in the order of arrival.
    case stored(UInt64)
    /// Of events: it is there already, under this sequence.
    case duplicate(UInt64)
    /// Of a deletion: there was nothing.
    case missing
    case refused(RefusedElement)

    package var isStored: Bool {
        if case .stored = self { true } else { false }
    }
}

/// What became of a change.
package enum LiveOutcome: Sendable, Equatable {
    /// One outcome for each element, in their order.
    case elements([ElementOutcome])
    /// Whom the events lie under now, and how many were moved.
    case merged(into: String, movedCount: Int)
    case erased(ErasureReceipt)
}
