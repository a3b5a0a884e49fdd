/// What a persona's events say of whom they buy for. The raw values are part of the store's format.
package enum PersonaGender: UInt8, CaseIterable, Sendable {
    /// No event tells.
    case unknown = 0
    case men
    case women
    case unisex

    package var name: String { "\(self)" }

    /// System 2: from this share on, one gender is the persona's, else unisex.
    static let decisivePercentage: UInt64 = 80

    /// Upper and lower case and spaces do not matter; nil for a word that names none.
    package init?(parsing text: String) {
        switch PersonaText.key(text) {
        case "men", "man", "male", "m", "men's", "mens": self = .men
        case "women", "woman", "female", "f", "w", "women's", "womens": self = .women
        case "unisex": self = .unisex
        default: return nil
        }
    }

    /// By sums of events; exact, so a share of four fifths is enough.
    package init(men: UInt64, women: UInt64, unisex: UInt64) {
        let total = men + women + unisex
        if total == 0 {
            self = .unknown
        } else if men * 100 >= total * Self.decisivePercentage {
            self = .men
        } else if women * 100 >= total * Self.decisivePercentage {
            self = .women
        } else {
            self = .unisex
        }
    }
}
