/// Visits as rows with numeric features, the outcome and the period kept apart from them.
package struct VisitTable: Sendable {
    package struct Feature: Sendable, Equatable {
        package let name: String
        /// One per visit, finite.
        package let values: [Double]

        package init(_ name: String, _ values: [Double]) {
            self.name = name
            self.values = values
        }
    }

    package let ids: [String]
    /// At least one, of as many values as there are visits.
    package let features: [Feature]
    /// Whether the visit reached its aim; nil where nobody knows. It is no feature: clusters that were made from the outcome
    /// would only repeat it.
    package let isConverted: [Bool]?
    /// Per visit an index of `periodNames`; empty names mean that visits have no time.
    package let periods: [Int32]
    /// Oldest first.
    package let periodNames: [String]

    package var count: Int { ids.count }

    package init(
        ids: [String], features: [Feature], isConverted: [Bool]?, periods: [Int32] = [], periodNames: [String] = []
    ) throws(SegmentationError) {
        precondition(features.allSatisfy { $0.values.count == ids.count }, "one value for every visit")
        precondition(isConverted.map { $0.count == ids.count } ?? true, "one outcome for every visit")
        precondition(periodNames.isEmpty || periods.count == ids.count, "one period for every visit")
        guard !ids.isEmpty, !features.isEmpty else {
            throw SegmentationError(
                .tooFewRows, operation: "read visits", expected: "at least one visit with one feature",
                found: "\(ids.count) visits with \(features.count) features", remedy: "Check the file and the columns.")
        }
        for feature in features {
            if let visit = feature.values.firstIndex(where: { !$0.isFinite }) {
                throw SegmentationError(
                    .notFinite, operation: "read visits", expected: "a number in \(feature.name) for every visit",
                    found: "none for visit \(ids[visit])", remedy: "Fill the gap, or leave the column out.")
            }
        }
        self.ids = ids
        self.features = features
        self.isConverted = isConverted
        self.periods = periods
        self.periodNames = periodNames
    }
}
