package import Interactions
import ScoringKernels

/// A link of one component, as in its lists: somebody who has one item is led to another with this strength.
package struct ItemLink: Hashable, Sendable {
    package var item: ItemNumber
    package var value: Float

    package init(_ item: ItemNumber, _ value: Float) {
        self.item = item
        self.value = value
    }
}

/// An item that the index does not know, as a builder of overlays is told of it.
package struct NewItem: Sendable {
    /// What one component says of it. A link is given once: the last one given counts.
    package struct Links: Sendable, Equatable {
        /// The new item's own list: what it leads to.
        package var outgoing: [ItemLink]
        /// The items that lead to it, with what the link is worth in their lists.
        package var incoming: [ItemLink]

        package init(outgoing: [ItemLink] = [], incoming: [ItemLink] = []) {
            self.outgoing = outgoing
            self.incoming = incoming
        }
    }

    /// What needs no personal evidence says of it: as the index keeps it of its own items.
    package struct Scores: Sendable, Equatable {
        package var fallback: Float = 0
        package var popular: Float = 0
        package var trending: Float = 0
        package var recent: Float = 0

        package init() {}
    }

    package var id: String
    package var properties: [Item.Property] = []
    /// nil: content knows nothing of the item.
    package var content: Links?
    /// Links that were predicted; nil: the collaborative component knows nothing of the item.
    package var collaborative: Links?
    /// Factors that were predicted, as many as the index's have; nil: none.
    package var factors: [Float]?
    package var scores = Scores()
    package var availability = Availability.always

    package init(id: String) { self.id = id }

    var flags: ItemFlags {
        var flags: ItemFlags = []
        if content != nil { flags.insert(.hasContent) }
        if collaborative != nil || factors != nil { flags.insert(.hasCollaborative) }
        return flags
    }
}

/// When an item may be shown.
package struct Availability: Sendable, Equatable {
    /// In milliseconds since 1970: from `from` on and before `until`; nil: no such bound.
    package var from: Int64?
    package var until: Int64?
    /// Whether nobody is shown it at any time: deleted, hidden, out of stock.
    package var isHidden = false

    package static let always = Availability()
    package static let never = {
        var availability = Availability()
        availability.isHidden = true
        return availability
    }()

    package init(from: Int64? = nil, until: Int64? = nil) {
        self.from = from
        self.until = until
    }

    var isBounded: Bool { !isHidden && (from != nil || until != nil) }

    package func allows(at time: Int64) -> Bool {
        !isHidden && time >= from ?? .min && (until.map { time < $0 } ?? true)
    }

    /// The first moment after `time` at which the answer is another one; `.max`: never.
    func nextChange(after time: Int64) -> Int64 {
        [from, until].compactMap { $0 }.filter { $0 > time }.min() ?? .max
    }
}
