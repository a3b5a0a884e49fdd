/// Something that a person did with an item since the index was built.
package struct LiveEvent: Sendable, Equatable {
    /// So many events of one person count, the most recent ones: they are read in every request, at some 1.2 us each.
    package static let countPerUser = 2_000

    package var item: ItemNumber
    /// What the event type is worth times the event's value, as in a build.
    package var weight: Double
    /// Milliseconds since 1970.
    package var time: Int64
    /// The place among all events ever taken, from 1 on.
    package var sequence: UInt64

    package init(item: ItemNumber, weight: Double, time: Int64, sequence: UInt64) {
        self.item = item
        self.weight = weight
        self.time = time
        self.sequence = sequence
    }
}

/// What people did since the index was built. One loop's: it is asked on that loop's thread alone, once or twice a request, and
/// must not wait.
package protocol LiveHistories: AnyObject {
    /// The time of the newest event of all people that the index has not consumed, in milliseconds since 1970; nil: there is none.
    var newestTime: Int64? { get }

    /// Calls `body` with the events of a user, the most recent first, until it returns false. Events of items that the view does
    /// not know are left out; those that the index has consumed may come, and are passed over.
    func forEachEvent(ofUser id: String, in view: CatalogView, _ body: (LiveEvent) -> Bool)
}
