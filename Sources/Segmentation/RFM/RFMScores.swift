/// Scores of 1 to 5 by quintiles: 5 is the fifth of customers that bought last, most often, or for most.
///
/// Bounds are the 20th, 40th, 60th and 80th percentile (linear between neighbours). Equal values have equal scores, so where
/// many customers share a value, as one order, a score may hold more or less than a fifth, or nobody.
package struct RFMScores: Sendable, Equatable {
    /// Per feature four bounds, ascending.
    package let bounds: [[Double]]

    package init(bounds: [[Double]]) {
        precondition(bounds.count == RFMFeature.allCases.count && bounds.allSatisfy { $0.count == 4 })
        self.bounds = bounds
    }

    /// The table has a customer.
    package init(_ table: RFMTable) {
        self.init(
            bounds: RFMFeature.allCases.map { feature in
                let sorted = table.column(feature).sorted()
                return [0.2, 0.4, 0.6, 0.8].map { Quantile.value($0, ofSorted: sorted) }
            })
    }

    package func score(_ values: RFMValues, _ feature: RFMFeature) -> Int {
        let value = values[feature]
        let bounds = bounds[feature.rawValue]
        return feature == .recency
            ? 1 + bounds.count { value <= $0 } : 1 + bounds.count { value > $0 }
    }

    package func segment(_ values: RFMValues) -> RFMSegment {
        // Half up: (1, 2) is 2.
        let worth = (score(values, .frequency) + score(values, .monetary) + 1) / 2
        return RFMSegment(recencyScore: score(values, .recency), worthScore: worth)
    }
}

/// Ten segments that every customer falls into exactly one of: by recency score, and by the mean of frequency and
/// monetary score.
///
///     worth   recency 1-2      recency 3          recency 4              recency 5
///     5       cannot lose      loyal              loyal                  champions
///     4       at risk          loyal              loyal                  champions
///     3       at risk          need attention     potential loyalists    potential loyalists
///     2       hibernating      about to sleep     potential loyalists    potential loyalists
///     1       hibernating      about to sleep     promising              new customers
package enum RFMSegment: String, Sendable, CaseIterable {
    case champions
    case loyal
    case potentialLoyalists = "potential_loyalists"
    case newCustomers = "new_customers"
    case promising
    case needAttention = "need_attention"
    case aboutToSleep = "about_to_sleep"
    case atRisk = "at_risk"
    case cannotLose = "cannot_lose"
    case hibernating

    /// Both scores are 1 to 5.
    package init(recencyScore: Int, worthScore: Int) {
        precondition((1...5).contains(recencyScore) && (1...5).contains(worthScore))
        switch (recencyScore, worthScore) {
        case (1...2, 5): self = .cannotLose
        case (1...2, 3...4): self = .atRisk
        case (1...2, _): self = .hibernating
        case (5, 4...5): self = .champions
        case (_, 4...5): self = .loyal
        case (3, 3): self = .needAttention
        case (3, _): self = .aboutToSleep
        case (_, 2...3): self = .potentialLoyalists
        case (4, _): self = .promising
        default: self = .newCustomers
        }
    }

    package var title: String {
        switch self {
        case .champions: "Champions"
        case .loyal: "Loyal"
        case .potentialLoyalists: "Potential loyalists"
        case .newCustomers: "New customers"
        case .promising: "Promising"
        case .needAttention: "Need attention"
        case .aboutToSleep: "About to sleep"
        case .atRisk: "At risk"
        case .cannotLose: "Cannot lose them"
        case .hibernating: "Hibernating"
        }
    }
}

/// Percentiles, linear between neighbours (method 7 of Hyndman, Fan 1996, "Sample quantiles in statistical packages").
enum Quantile {
    /// `values` ascending and not empty; `share` from 0 to 1.
    static func value(_ share: Double, ofSorted values: [Double]) -> Double {
        let place = share * Double(values.count - 1)
        let lower = Int(place)
        let upper = min(lower + 1, values.count - 1)
        return values[lower] + (place - Double(lower)) * (values[upper] - values[lower])
    }
}
