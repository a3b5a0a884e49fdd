// How much what users do not have should count depends on how much is known. Where a user has fifty items and an item a
// thousand users, not having it says something; where both are few it says next to nothing, and all of it together must
// not drown what users have. With S pairs stored of U users and I items,
//
//     what users do not have, in all      S sqrt(n_u n_i) / 2      n_u = S / U, n_i = S / I
//     alpha0 = that / (U I)               at most 0.3

extension ImplicitALS {
    /// How alpha0, the weight of what users do not have, is chosen.
    package enum UnobservedWeight: Sendable, Equatable {
        /// By how much there is of each user and item.
        case automatic
        /// So many times the share of pairs that are there: what users do not have counts in all so many times what they
        /// have.
        case factor(Double)
        case fixed(Double)

        /// What Rendle et al. found for MovieLens 1M; no denser data were seen to want more (decision 0012).
        static let highestWeight = 0.3
        /// Of the geometric mean of interactions per user and per item, as the factor. On validation splits of six data
        /// sets within some 4 % of the best (decision 0012).
        static let factorPerInteraction = 0.5

        /// Alpha0 for so many different pairs of so many users and items; 0 where nothing is there.
        package func value(pairCount: Int, userCount: Int, itemCount: Int) -> Double {
            let possibleCount = Double(userCount) * Double(itemCount)
            let density = possibleCount > 0 ? Double(pairCount) / possibleCount : 0
            switch self {
            case .automatic:
                let perRowAndColumn = density * possibleCount.squareRoot()
                return min(Self.factorPerInteraction * perRowAndColumn * density, Self.highestWeight)
            case .factor(let factor): return factor * density
            case .fixed(let weight): return weight
            }
        }

        /// As options write it: `auto`, `7.0x`, `0.3`.
        package var text: String {
            switch self {
            case .automatic: "auto"
            case .factor(let factor): "\(factor)x"
            case .fixed(let weight): "\(weight)"
            }
        }
    }
}
