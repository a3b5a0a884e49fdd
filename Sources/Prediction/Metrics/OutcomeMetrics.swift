package import Segmentation

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// How good predictions of an outcome were on rows that they were not made from.
package struct OutcomeMetrics: Sendable, Equatable {
    package struct Lift: Sendable, Equatable {
        /// Of all rows, those of the highest scores.
        package let share: Double
        /// How many times as many positives they hold as so many rows by chance.
        package let lift: EstimatedValue
        /// The share of all positives that they hold.
        package let recall: Double
    }

    package struct Bin: Sendable, Equatable {
        package let meanProbability: Double
        package let observed: Proportion
    }

    package let rowCount: Int
    package let positiveCount: Int
    /// Nil where one outcome does not occur, as everything that is optional here.
    package let area: EstimatedValue?
    package let averagePrecision: EstimatedValue?
    /// Natural logarithm; the interval is of a mean.
    package let logLoss: EstimatedValue
    package let brier: EstimatedValue
    /// Of the outcome's log-odds on those predicted: 1 where they are calibrated, less where they are too certain.
    package let calibrationSlope: EstimatedValue?
    /// Likewise with a slope of 1: 0 where they are calibrated, more where they are too low (Cox 1958).
    package let calibrationIntercept: EstimatedValue?
    /// The mean difference between predicted and observed share over bins, by their rows.
    package let calibrationError: Double
    /// By quantiles of the probability; fewer than asked for where many are equal.
    package let bins: [Bin]
    package let lifts: [Lift]

    package static let binCount = 10
    package static let liftShares = [0.01, 0.05, 0.1, 0.2]

    /// - Parameters:
    ///   - scores: what rows are ordered by; finite.
    ///   - probabilities: of the outcome.
    ///   - seed: for the interval of the average precision.
    package init(scores: [Double], probabilities: [Double], outcomes: [Bool], seed: UInt64) {
        precondition(!outcomes.isEmpty && probabilities.count == outcomes.count)
        let ranking = OutcomeRanking(scores, outcomes)
        rowCount = outcomes.count
        positiveCount = ranking.positiveCount
        area = ranking.area
        averagePrecision = ranking.averagePrecision(seed: seed)
        logLoss = EstimatedValue(meanOf: zip(probabilities, outcomes).map { Self.loss($0, $1) })
        brier = EstimatedValue(
            meanOf: zip(probabilities, outcomes).map { ($0 - ($1 ? 1 : 0)) * ($0 - ($1 ? 1 : 0)) })
        let line = CalibrationLine(probabilities, outcomes)
        calibrationSlope = line?.slope
        calibrationIntercept = line?.intercept
        let groups = Self.groups(probabilities)
        bins = groups.map { rows in
            Bin(
                meanProbability: rows.reduce(0) { $0 + probabilities[$1] } / Double(rows.count),
                observed: Proportion(count: rows.count { outcomes[$0] }, of: rows.count))
        }
        calibrationError = bins.reduce(0) {
            $0 + Double($1.observed.total) / Double(outcomes.count) * abs($1.meanProbability - $1.observed.share)
        }
        lifts = positiveCount == 0 ? [] : Self.liftShares.map { Self.lift($0, ranking) }
    }

    /// The smallest difference from 1 that a Double has: what a probability of 0 is taken for.
    private static let leastProbability = Double.ulpOfOne

    private static func loss(_ probability: Double, _ outcome: Bool) -> Double {
        let bounded = min(1 - leastProbability, max(leastProbability, probability))
        return outcome ? -log(bounded) : -log1p(-bounded)
    }

    private static func lift(_ share: Double, _ ranking: OutcomeRanking) -> Lift {
        let (found, rows) = ranking.positives(inTop: share)
        let base = Double(ranking.positiveCount) / Double(ranking.positiveCount + ranking.negativeCount)
        let interval = Proportion(count: Int(found.rounded()), of: rows)
        let precision = found / Double(rows)
        return Lift(
            share: share,
            lift: EstimatedValue(
                precision / base, lower: min(precision, interval.lower) / base,
                upper: max(precision, interval.upper) / base),
            recall: found / Double(ranking.positiveCount))
    }

    /// Rows by ten quantiles of the probability, linear between neighbours; a row on a bound belongs below it.
    private static func groups(_ probabilities: [Double]) -> [[Int]] {
        let sorted = probabilities.sorted()
        let bounds = (1..<binCount).map { part -> Double in
            let place = Double(part) / Double(binCount) * Double(sorted.count - 1)
            let lower = Int(place)
            let upper = min(lower + 1, sorted.count - 1)
            return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
        }
        var groups = [[Int]](repeating: [], count: binCount)
        for (row, probability) in probabilities.enumerated() { groups[bounds.count { $0 < probability }].append(row) }
        return groups.filter { !$0.isEmpty }
    }
}
