/// What is measured of a customer.
package enum RFMFeature: Int, Sendable, CaseIterable {
    case recency
    case frequency
    case monetary

    package var name: String {
        switch self {
        case .recency: "recency"
        case .frequency: "frequency"
        case .monetary: "monetary"
        }
    }
}

/// One customer's values.
package struct RFMValues: Sendable, Equatable {
    /// Whole days since the last order.
    package var recency: Double
    /// Orders.
    package var frequency: Double
    package var monetary: Double

    package init(recency: Double, frequency: Double, monetary: Double) {
        self.recency = recency
        self.frequency = frequency
        self.monetary = monetary
    }

    package subscript(feature: RFMFeature) -> Double {
        switch feature {
        case .recency: recency
        case .frequency: frequency
        case .monetary: monetary
        }
    }

    /// Refuses the first value that no customer can have, by its name.
    package func check() throws(SegmentationError) {
        for feature in RFMFeature.allCases where !(self[feature] >= 0 && self[feature].isFinite) {
            throw SegmentationError(
                .badField, operation: "take the \(feature.name)", expected: "a finite number of 0 or more",
                found: "\(self[feature])", remedy: "Correct the \(feature.name).")
        }
    }
}

extension RFMTable {
    package subscript(customer: Int) -> RFMValues {
        RFMValues(
            recency: recencies[customer], frequency: frequencies[customer], monetary: monetaries[customer])
    }

    package func column(_ feature: RFMFeature) -> [Double] {
        switch feature {
        case .recency: recencies
        case .frequency: frequencies
        case .monetary: monetaries
        }
    }
}
