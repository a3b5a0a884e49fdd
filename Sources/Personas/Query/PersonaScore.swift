/// The numbers of a persona's score: `0.15 city + 0.35 brand + 0.20 generic + 0.30 category`, each part 0 to 1.
package enum PersonaScore {
    // System 2's weights.
    package static let cityWeight: Float = 0.15
    package static let brandWeight: Float = 0.35
    package static let genericWeight: Float = 0.20
    package static let categoryWeight: Float = 0.30
    /// What a part counts that the query says nothing of: half, for all alike, so that a score of 1 means a full match
    /// of everything.
    package static let silent: Float = 0.5
}

/// Lengths of lists.
package enum PersonaTop {
    // System 2's: personas of an answer, brands and generic names of the population.
    package static let personaCount = 20
    package static let brandCount = 300
    package static let genericCount = 500
    /// Products and search terms beside each persona of an answer: enough to see why it is there.
    package static let evidenceCount = 5
}

/// The lists of the population that can be asked for.
package enum PersonaTopList: String, CaseIterable, Sendable {
    case brand
    case generic
    /// A tree.
    case category
    case cityTier
    case channel

    /// Nil for the tree.
    package var dimension: PersonaDimension? {
        switch self {
        case .brand: .brand
        case .generic: .generic
        case .category: nil
        case .cityTier: .cityTier
        case .channel: .channel
        }
    }

    package var defaultCount: Int { self == .brand ? PersonaTop.brandCount : PersonaTop.genericCount }
}
