/// The files of a shop.
package enum ShopFile: String, CaseIterable, Sendable {
    /// JSON Lines, because of the tags: `itemId title description brand category1 category2 category3 price tags
    /// launchTime`, in the order of the ids.
    case items = "items.jsonl"
    /// `userId,city,cityTier,gender`, in the order of the ids; gender is `female`, `male` or empty.
    case users = "users.csv"
    /// `userId,itemId,type,time,value,sessionId,query`: one user after another, each in the order of time, so the file as
    /// a whole is not. `value` is the quantity of carts and purchases; `query` stands on searches, whose item is the
    /// result that was clicked.
    case interactions = "interactions.csv"
    /// The right answers, as JSON Lines: one record of `kind` `shop`, then the `item` records, then the `user` records.
    case planted = "planted.jsonl"
}
