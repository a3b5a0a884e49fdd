/// One row of the interactions.
struct ShopEvent {
    enum Kind: String {
        case search
        case view
        case cart
        case purchase
    }

    let kind: Kind
    /// -1 for a search without a result that was clicked.
    let item: Int
    /// Seconds since 1970.
    let time: Int
    /// 0 where the kind has none.
    let quantity: Int
    /// Counts from 1 for each user.
    let session: Int
    let query: String
}
