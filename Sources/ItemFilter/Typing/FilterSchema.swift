import Spelling

/// What a property's values are. A value of another type counts as missing.
package enum FilterType: UInt8, Sendable, Equatable, CaseIterable {
    case string = 1
    case strings, number, boolean, time

    var article: String {
        switch self {
        case .string: "a string"
        case .strings: "a list of strings"
        case .number: "a number"
        case .boolean: "true or false"
        case .time: "a time"
        }
    }
}

/// The names that an expression may use.
package struct FilterSchema: Sendable, Equatable {
    /// The name of an item's, or a user's, own id. It is never missing for an item.
    package static let idName = "id"

    package let itemTypes: [String: FilterType]
    private let userTypes: [String: FilterType]

    /// - Parameters:
    ///   - itemTypes: of the items' properties; one called `id` cannot be reached.
    ///   - userTypes: of what may be known of a user besides the id.
    package init(itemTypes: [String: FilterType], userTypes: [String: FilterType] = [:]) {
        self.itemTypes = itemTypes.merging([Self.idName: .string]) { $1 }
        self.userTypes = userTypes.merging([Self.idName: .string]) { $1 }
    }

    /// Ascending.
    package var itemNames: [String] { itemTypes.keys.sorted() }

    /// With other names; those that it has keep their types.
    package func adding(_ types: [String: FilterType]) -> FilterSchema {
        FilterSchema(itemTypes: itemTypes.merging(types) { known, _ in known }, userTypes: userTypes)
    }

    func type(of scope: PropertyScope, _ name: String, at place: FilterPlace) throws(FilterError) -> FilterType {
        let types = scope == .user ? userTypes : itemTypes
        if let type = types[name] { return type }
        let whose = scope == .user ? "Users have" : "The catalogue has"
        let names = types.keys.sorted()
        throw FilterError(
            place, "\(whose) no property \(FilterText.string(name)).",
            expected: names.count <= 12 ? "one of " + names.joined(separator: ", ") : nil,
            nearest: EditDistance.nearest(to: name, among: names))
    }
}
