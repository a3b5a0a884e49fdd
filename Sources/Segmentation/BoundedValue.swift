import Interactions

/// A scaled value as it is stored: at most `NumberLimits.greatestMagnitude` in magnitude, which k-means takes, and 0 for what
/// is no number, so that distances to it are finite.
func bounded(_ value: Double) -> Float {
    value.isNaN ? 0 : Float(min(max(value, -NumberLimits.greatestMagnitude), NumberLimits.greatestMagnitude))
}

extension RFMScaling {
    /// Whether numbers that were read back can be those of a scaling: within their limits, deviations not too near to 0.
    package static func isPossible(means: [Double], deviations: [Double]) -> Bool {
        means.allSatisfy(NumberLimits.holds)
            && deviations.allSatisfy { $0 >= NumberLimits.leastDeviation && NumberLimits.holds($0) }
    }
}
