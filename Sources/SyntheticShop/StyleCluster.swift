/// A planted taste: things that the same people like, and the words a shop would use for them.
///
/// The words of a cluster are in its items' titles and descriptions, so content tells of it; departments and some brands
/// are shared between clusters, so no single field gives it away.
struct StyleCluster: Sendable {
    struct Product: Sendable {
        /// Second and third level of the category.
        let aisle: String
        let shelf: String
        /// As in a title.
        let noun: String
        /// The middle price level.
        let cents: Int

        init(_ aisle: String, _ shelf: String, _ noun: String, _ cents: Int) {
            self.aisle = aisle
            self.shelf = shelf
            self.noun = noun
            self.cents = cents
        }
    }

    let name: String
    /// First level of the category.
    let department: String
    let products: [Product]
    let brands: [String]
    /// The first word of titles.
    let collections: [String]
    let materials: [String]
    let colours: [String]
    let moods: [String]
    let occasions: [String]
    let tags: [String]
    /// Per cent of women among those whose first taste this is.
    let womenPercent: Int
    /// The day of the calendar when it is wanted most; may lie outside it.
    let peakDay: Int

    /// In the order of their number of friends, most first.
    static let all = clothing + home + outdoors + electronicsAndMore
    /// How many people have each as their first taste, in proportion.
    static let friendWeights = [16, 14, 12, 11, 10, 9, 8, 7, 6, 5, 4, 4]
}
