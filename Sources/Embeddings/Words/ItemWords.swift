package import Interactions

/// Which properties of a catalogue speak about what an item is, and how.
///
/// - A list of strings is categorical: each value is one token, `genres=comedy`.
/// - A string named as in `textNames` is text: its words are tokens.
/// - Any other string is categorical where its column has few distinct values (at most 1,000, or 5 % of the items that
///   have it) and an item shares its value with at least one other on average; else it is text.
/// - Numbers, booleans and times are no tokens: nearness of prices is not sameness of words.
package struct ItemWords: Sendable {
    package enum Role: String, Sendable {
        case text
        case categorical
    }

    /// Columns that are text however few values they have.
    package static let textNames: Set<String> = ["title", "name", "description", "summary", "text"]
    /// Distinct values up to which a column may be categorical: brands and categories of a large shop.
    package static let categoricalLimit = 1_000
    /// The same for very large catalogues, as a part of the items: one in 20.
    package static let itemsPerCategory = 20

    private let roles: [String: Role]

    /// Decides the roles by counting distinct values.
    package init(catalogue items: [Item]) {
        var (counts, values): ([String: Int], [String: Set<String>]) = ([:], [:])
        let limit = max(Self.categoricalLimit, items.count / Self.itemsPerCategory)
        for item in items {
            for property in item.properties {
                guard case .string(let value) = property.value, !Self.textNames.contains(property.name) else {
                    continue
                }
                counts[property.name, default: 0] += 1
                // One value above the limit decides; more need not be kept.
                if values[property.name, default: []].count <= limit {
                    values[property.name, default: []].insert(value)
                }
            }
        }
        var roles: [String: Role] = [:]
        for (name, count) in counts {
            let distinct = values[name]?.count ?? 0
            let isFew = distinct <= max(Self.categoricalLimit, count / Self.itemsPerCategory)
            roles[name] = isFew && 2 * distinct <= count ? .categorical : .text
        }
        self.roles = roles
    }

    /// What the string column `name` is taken for.
    package func role(ofColumn name: String) -> Role {
        Self.textNames.contains(name) ? .text : roles[name] ?? .text
    }

    /// The tokens of one item, in the order of its properties.
    package func tokens(of item: Item) -> [String] {
        item.properties.flatMap { property -> [String] in
            switch property.value {
            case .string(let value):
                switch role(ofColumn: property.name) {
                case .text: TextTokenizer.words(of: value)
                case .categorical: Self.token(property.name, value).map { [$0] } ?? []
                }
            case .strings(let values): values.compactMap { Self.token(property.name, $0) }
            case .number, .boolean, .time: []
            }
        }
    }

    /// What a sentence encoder reads of one item: its texts and categories in the order of its properties, ended by full
    /// stops; empty where it has none.
    package static func text(of item: Item) -> String {
        item.properties.compactMap { property in
            switch property.value {
            case .string(let value): value.isEmpty ? nil : value
            case .strings(let values): values.isEmpty ? nil : values.joined(separator: ", ")
            case .number, .boolean, .time: nil
            }
        }.joined(separator: ". ")
    }

    /// `name=value` with the value's words in lower case, nil for a value without any character.
    private static func token(_ name: String, _ value: String) -> String? {
        let words = TextTokenizer.words(of: value)
        if words.isEmpty { return value.isEmpty ? nil : name + "=" + value }
        return name + "=" + words.joined(separator: " ")
    }
}
