/// The customers of one segment in figures.
package struct SegmentProfile: Sendable, Equatable {
    package struct Statistics: Sendable, Equatable {
        package let mean: Double
        package let median: Double
        package let least: Double
        package let greatest: Double

        package init(mean: Double, median: Double, least: Double, greatest: Double) {
            self.mean = mean
            self.median = median
            self.least = least
            self.greatest = greatest
        }

        /// NaN where there are no values.
        init(_ values: [Double]) {
            let sorted = values.sorted()
            mean = values.reduce(0, +) / Double(values.count)
            median = sorted.isEmpty ? .nan : Quantile.value(0.5, ofSorted: sorted)
            least = sorted.first ?? .nan
            greatest = sorted.last ?? .nan
        }
    }

    /// Lower-case words joined by `_`; no two segments of a segmentation share one.
    package let name: String
    /// For people.
    package let title: String
    package let customerCount: Int
    /// Of all customers.
    package let share: Double
    /// Of all customers' monetary value.
    package let revenueShare: Double
    /// By `RFMFeature.rawValue`.
    package let statistics: [Statistics]

    package init(
        name: String, title: String, customerCount: Int, share: Double, revenueShare: Double, statistics: [Statistics]
    ) {
        self.name = name
        self.title = title
        self.customerCount = customerCount
        self.share = share
        self.revenueShare = revenueShare
        self.statistics = statistics
    }

    init(name: String, title: String, table: RFMTable, customers: [Int]) {
        let revenue = table.monetaries.reduce(0, +)
        self.init(
            name: name, title: title, customerCount: customers.count,
            share: Double(customers.count) / Double(max(table.count, 1)),
            revenueShare: revenue > 0 ? customers.reduce(0) { $0 + table.monetaries[$1] } / revenue : 0,
            statistics: RFMFeature.allCases.map { feature in
                let column = table.column(feature)
                return Statistics(customers.map { column[$0] })
            })
    }
}
