import Interactions
import RecommendationIndex

/// Properties of new items, and those that known items have by now.
struct OverlayProperties: Sendable {
    /// The index's names, then others in order of first appearance.
    private(set) var names: PropertyNames
    private var records: [Int32: PropertyRecord] = [:]

    init(indexNames: [String]) { names = PropertyNames(indexNames) }

    mutating func set(_ properties: [Item.Property], of item: ItemNumber) {
        records[item.rawValue] = PropertyRecord(properties, &names)
    }

    /// Back to what the index says.
    mutating func remove(of item: ItemNumber) { records[item.rawValue] = nil }

    var isEmpty: Bool { records.isEmpty }

    /// Those that have a record, ascending.
    var items: [Int32] { records.keys.sorted() }

    /// nil: as the index has them.
    func record(of item: ItemNumber) -> PropertyRecord? { records[item.rawValue] }
}
