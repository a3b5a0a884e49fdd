/// An item as a `CatalogView` numbers it: the index's items first, then those that came later. Never an id, never a place in a
/// list. A number holds as long as the view.
package struct ItemNumber: Hashable, Sendable {
    package let rawValue: Int32

    @inline(__always)
    package init(_ rawValue: Int32) { self.rawValue = rawValue }

    @inline(__always)
    package init(_ index: Int) { rawValue = Int32(index) }

    @inline(__always)
    package var index: Int { Int(rawValue) }
}

/// A user as the index numbers them: never an id. Users that came later have no number.
package struct UserNumber: Hashable, Sendable {
    package let rawValue: Int32

    package init(_ index: Int) { rawValue = Int32(index) }

    @inline(__always)
    package var index: Int { Int(rawValue) }
}
