import Interactions
import ItemFilter
import RecommendationIndex

/// The properties of items that have others than the index says, and of new items, as filters look at them. Immutable.
struct ChangedColumns: Sendable {
    /// Ascending.
    let items: [Int32]
    /// By place in `items`.
    let columns: PropertyColumns
    /// The index's names and types, and what new names there are.
    let schema: FilterSchema
    private let places: [Int32: Int]

    /// O(values of changed items).
    init(_ properties: OverlayProperties, id: (ItemNumber) -> String, _ serving: ServingIndex) {
        items = properties.items
        let names = properties.names.names
        let values = items.map { item in
            var found: [Item.Property] = []
            properties.record(of: ItemNumber(item))?.forEachProperty { name, value in
                found.append(Item.Property(names[name], PropertyValue(copying: value)))
            }
            return found
        }
        columns = PropertyColumns(
            items: values, ids: items.map { id(ItemNumber($0)) }, types: serving.columns.types)
        schema = serving.filterSchema.adding(columns.types)
        places = Dictionary(uniqueKeysWithValues: items.enumerated().map { ($1, $0) })
    }

    /// nil: the item is as the index says.
    func place(of item: Int32) -> Int? { places[item] }
}
