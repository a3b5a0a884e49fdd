/// Means over one group of test users; the values are nil where the group is empty.
package struct GroupMetrics: Sendable, Equatable {
    package private(set) var userCount = 0
    /// Users whose list is not empty.
    package private(set) var userWithListCount = 0
    /// One row a cut-off, one column a `RankingMetric`.
    private var sums: [[Double]]

    init(cutOffCount: Int) {
        sums = Array(repeating: Array(repeating: 0, count: RankingMetric.allCases.count), count: cutOffCount)
    }

    /// `values` has a row a cut-off and a column a metric.
    mutating func add(_ values: [[Double]], listIsEmpty: Bool) {
        userCount += 1
        if !listIsEmpty { userWithListCount += 1 }
        for (index, row) in values.enumerated() {
            for (column, value) in row.enumerated() { sums[index][column] += value }
        }
    }

    package func mean(of metric: RankingMetric, atCutOff index: Int) -> Double? {
        userCount == 0 ? nil : sums[index][metric.rawValue] / Double(userCount)
    }

    /// Users with a non-empty list / users of the group. The same at every k.
    package var userCoverage: Double? { userCount == 0 ? nil : Double(userWithListCount) / Double(userCount) }
}

/// A grouping with the figures of its groups, in the grouping's order.
package struct GroupedMetrics: Sendable {
    package let grouping: UserGrouping
    package internal(set) var groups: [GroupMetrics]

    init(_ grouping: UserGrouping, cutOffCount: Int) {
        self.grouping = grouping
        groups = grouping.groups.map { _ in GroupMetrics(cutOffCount: cutOffCount) }
    }
}
