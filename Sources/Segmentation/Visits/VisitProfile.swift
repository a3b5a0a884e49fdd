/// What a cluster of visits is like.
package struct VisitProfile: Sendable {
    package let visitCount: Int
    /// Of all visits.
    package let share: Double
    /// Per feature, of the raw values.
    package let means: [Double]
    package let medians: [Double]
    /// Per feature, in standard deviations from the mean visit.
    package let centre: [Double]
    package let conversion: Proportion?
    /// The features that set it apart, most first: `many searches, short duration` as signs and names.
    package let traits: [Trait]

    package struct Trait: Sendable, Equatable {
        package let feature: String
        /// In standard deviations.
        package let distance: Double
    }

    /// Nearer to the mean than half a deviation nobody would call a feature high or low; more than three traits nobody reads.
    private static let leastDistance = 0.5
    private static let greatestTraitCount = 3

    init(_ table: VisitTable, visits: [Int], centre: [Double]) {
        visitCount = visits.count
        share = Double(visits.count) / Double(max(table.count, 1))
        means = table.features.map { feature in
            visits.reduce(0) { $0 + feature.values[$1] } / Double(max(visits.count, 1))
        }
        medians = table.features.map { feature in Self.median(visits.map { feature.values[$0] }) }
        self.centre = centre
        conversion = table.isConverted.map { isConverted in
            Proportion(count: visits.count { isConverted[$0] }, of: visits.count)
        }
        traits = zip(table.features, centre).map { Trait(feature: $0.0.name, distance: $0.1) }
            .enumerated().filter { $0.element.distance.magnitude >= Self.leastDistance }
            .sorted { a, b in
                let (x, y) = (a.element.distance.magnitude, b.element.distance.magnitude)
                return x == y ? a.offset < b.offset : x > y
            }
            .prefix(Self.greatestTraitCount).map(\.element)
    }

    /// Such as `high searches, low duration`; `average` where nothing sets it apart.
    package var title: String {
        traits.isEmpty
            ? "average" : traits.map { ($0.distance > 0 ? "high " : "low ") + $0.feature }.joined(separator: ", ")
    }

    private static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
