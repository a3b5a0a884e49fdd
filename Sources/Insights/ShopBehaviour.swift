package import Segmentation

/// What happened in a shop, in columns: one element an event, in any order.
package struct ShopBehaviour: Sendable {
    /// A way to part events into groups, such as by channel.
    package struct Grouping: Sendable {
        package let dimension: String
        package let names: [String]
        /// Per event an index of `names`; -1 for none.
        package let places: [Int32]

        package init(dimension: String, names: [String], places: [Int32]) {
            (self.dimension, self.names, self.places) = (dimension, names, places)
        }
    }

    /// An item of the events or of the catalogue.
    package struct Product: Sendable {
        package let id: String
        /// The id where it has no title.
        package let title: String
        /// An index of `categories`; -1 for none.
        package let category: Int32
        /// Of a piece; NaN where it is not known.
        package let price: Double
        /// Day of its launch, since 1970; nil where it is not known.
        package let launchDay: Int32?
        /// Whether the catalogue names it; events alone may name what is sold no more.
        package let isInCatalogue: Bool

        package init(
            id: String, title: String, category: Int32, price: Double, launchDay: Int32?, isInCatalogue: Bool
        ) {
            (self.id, self.title, self.category) = (id, title, category)
            (self.price, self.launchDay, self.isInCatalogue) = (price, launchDay, isInCatalogue)
        }
    }

    /// Indexes of `products`; -1 for an event without an item.
    package let items: [Int32]
    /// Indexes of `queryTexts`; -1 for none.
    package let queries: [Int32]
    package let kinds: [VisitEvents.Kind]
    /// Dense numbers from 0.
    package let visits: [Int32]
    /// Milliseconds since 1970, and the local day since 1970.
    package let times: [Int64]
    package let days: [Int32]
    /// What a purchase came to; NaN where it is not known. Empty where no event tells.
    package let amounts: [Double]
    package let queryTexts: [String]
    package let products: [Product]
    package let categories: [String]
    package let groupings: [Grouping]

    package init(
        items: [Int32], queries: [Int32], kinds: [VisitEvents.Kind], visits: [Int32], times: [Int64], days: [Int32],
        amounts: [Double], queryTexts: [String], products: [Product], categories: [String], groupings: [Grouping]
    ) {
        precondition(
            [queries.count, kinds.count, visits.count, times.count, days.count].allSatisfy { $0 == items.count })
        precondition(amounts.isEmpty || amounts.count == items.count)
        precondition(groupings.allSatisfy { $0.places.count == items.count })
        (self.items, self.queries, self.kinds, self.visits) = (items, queries, kinds, visits)
        (self.times, self.days, self.amounts) = (times, days, amounts)
        (self.queryTexts, self.products, self.categories) = (queryTexts, products, categories)
        self.groupings = groupings
    }

    package var count: Int { items.count }
}
