/// A value and how much of a user's affinity goes to it, 0 to 1.
package struct PersonaAffinity: Sendable, Equatable {
    /// One name, or of a category the names from the top of the tree.
    package let path: [String]
    package let share: Float
}

/// A product that a user did something with.
package struct PersonaProduct: Sendable, Equatable {
    package let id: String
    /// Empty where the catalogue has none.
    package let title: String
    /// The weights of the events, added up.
    package let weight: UInt32
}

/// All that is known of a user, each list with the highest share first, ties by ascending value.
package struct Persona: Sendable, Equatable {
    package let userId: String
    package let gender: PersonaGender
    /// By dimension: all but searches and products.
    package let affinities: [(dimension: PersonaDimension, list: [PersonaAffinity])]
    package let terms: [PersonaAffinity]
    package let products: [PersonaProduct]

    package static func == (left: Persona, right: Persona) -> Bool {
        left.userId == right.userId && left.gender == right.gender && left.terms == right.terms
            && left.products == right.products && left.affinities.map(\.dimension) == right.affinities.map(\.dimension)
            && left.affinities.map(\.list) == right.affinities.map(\.list)
    }
}

/// A user that a query found.
package struct PersonaMatch: Sendable, Equatable {
    package let userId: String
    package let gender: PersonaGender
    package let score: Float
    /// The parts of the score before their weights.
    package let city: Float
    package let brand: Float
    package let generic: Float
    package let category: Float
    /// Products and search terms that match the query, the heaviest first.
    package let products: [PersonaProduct]
    package let terms: [PersonaAffinity]
}

/// A value of the whole population.
package struct PersonaTopValue: Sendable, Equatable {
    package let path: [String]
    /// The mean share over the users of whom something is known in the dimension.
    package let share: Float
    package let userCount: Int
}

/// A node of the category tree with the categories below it, each level by its share.
package struct PersonaCategory: Sendable, Equatable {
    package let name: String
    package let share: Float
    package let userCount: Int
    package let children: [PersonaCategory]
}
