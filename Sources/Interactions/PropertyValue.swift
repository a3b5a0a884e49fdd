/// A typed property of an item.
package enum PropertyValue: Sendable, Hashable {
    case string(String)
    case strings([String])
    case number(Double)
    case boolean(Bool)
    /// Milliseconds since 1970-01-01T00:00:00Z.
    case time(Int64)
}

/// An item of the catalogue: its id and its properties, in the order of the source's columns, without repeated names.
package struct Item: Sendable, Equatable {
    package var id: String
    package var properties: [Property]

    package struct Property: Sendable, Equatable {
        package var name: String
        package var value: PropertyValue

        package init(_ name: String, _ value: PropertyValue) {
            self.name = name
            self.value = value
        }
    }

    package init(id: String, properties: [Property] = []) {
        self.id = id
        self.properties = properties
    }

    package subscript(name: String) -> PropertyValue? { properties.first { $0.name == name }?.value }
}
