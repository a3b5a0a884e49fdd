package import Interactions

/// What an item or a user is, found among the properties that a file gave them.
package struct PersonaCatalogue: Sendable {
    struct Entry: Sendable {
        var values: [PersonaDimension: String] = [:]
        var title = ""
        var gender: PersonaGender?
        var cityTier: String?
    }

    private var entries: [String: Entry] = [:]

    package init() {}

    /// Properties whose names, without regard to case, `_`, `-` and spaces, are among these.
    private static let names: [(role: PersonaDimension, names: [String])] = [
        (.brand, ["brand", "brandname", "manufacturer"]),
        (.generic, ["generic", "genericname", "producttype"]),
        (.category1, ["category1", "categorylevel1", "department", "category"]),
        (.category2, ["category2", "categorylevel2", "productcategory", "subcategory"]),
        (.category3, ["category3", "categorylevel3"]),
        (.gender, ["gender"]), (.cityTier, ["citytier", "tier"]),
    ]
    private static let titles = ["title", "name", "description"]

    package init(_ rows: [Item]) {
        for row in rows {
            var found: [String: String] = [:]
            for property in row.properties {
                found[ColumnMapping.normalized(property.name)] = Self.text(property.value)
            }
            entries[row.id] = Self.entry(found)
        }
    }

    subscript(id: String) -> Entry? { entries[id] }

    /// Which of the properties of a file are taken for what, for people.
    package static func recognised(_ names: [String]) -> [String] {
        let known = Set(Self.names.flatMap(\.names) + titles)
        return names.filter { known.contains(ColumnMapping.normalized($0)) }
    }

    private static func entry(_ found: [String: String]) -> Entry {
        var entry = Entry()
        var values: [PersonaDimension: String] = [:]
        for (role, names) in names {
            values[role] = names.lazy.compactMap { found[$0] }.compactMap(PersonaText.value).first
        }
        entry.gender = values.removeValue(forKey: .gender).flatMap { PersonaGender(parsing: $0) }
        entry.cityTier = values.removeValue(forKey: .cityTier).flatMap(PersonaText.cityTier)
        // A level without the one above it has no place in the tree.
        var path = ""
        for level in PersonaDimension.categories {
            guard let name = values.removeValue(forKey: level), !path.isEmpty || level == .category1 else { break }
            path = level == .category1 ? name : path + PersonaSeparator.text + name
            entry.values[level] = path
        }
        entry.values[.brand] = values[.brand]
        entry.values[.generic] = values[.generic]
        entry.title = titles.lazy.compactMap { found[$0] }.first ?? ""
        return entry
    }

    private static func text(_ value: PropertyValue) -> String {
        switch value {
        case .string(let text): text
        case .strings(let list): list.first ?? ""
        case .number(let number): number == number.rounded() && number.magnitude < 1e15 ? "\(Int(number))" : "\(number)"
        case .boolean(let boolean): "\(boolean)"
        case .time: ""
        }
    }
}
