/// What a persona has affinities for. The raw values are part of the store's format.
package enum PersonaDimension: Int, CaseIterable, Sendable {
    case brand
    /// The generic name of a product: "running shoe" whatever its brand.
    case generic
    /// Paths into the category tree, one dimension a level, so that the affinities of each level sum to 1.
    case category1
    case category2
    case category3
    case cityTier
    case gender
    case channel
    /// A search term together with the product that was clicked or bought from it, or none.
    case search
    /// Products, by their ids.
    case item

    package var name: String { "\(self)" }

    /// Whether every event counts 1 here, whatever its type: system 2's rule for what a person is rather than wants.
    var countsEventsAlike: Bool { self == .gender || self == .cityTier }

    /// Dimensions with inverted lists: those that a query scores.
    static let scored: [PersonaDimension] = [.brand, .generic, .category1, .category2, .category3, .cityTier]
    /// Dimensions with statistics of the whole population.
    package static let counted: [PersonaDimension] = scored + [.channel]
    /// What an item of the catalogue has, in the order of the store's table of attributes.
    package static let attributes: [PersonaDimension] = [.brand, .generic, .category1, .category2, .category3]
    package static let categories: [PersonaDimension] = [.category1, .category2, .category3]
}

/// Between the parts of a path or of a search; no cell of a table has it inside a word.
enum PersonaSeparator {
    static let text = "\u{1f}"
    static let byte: UInt8 = 0x1f
}
