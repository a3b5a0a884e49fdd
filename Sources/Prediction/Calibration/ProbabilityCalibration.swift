#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

// Design note. A learner's scores order rows; whether 0.3 means three in ten is another matter, the more so where classes were
// weighted. A monotone function of the score, fitted to rows that the learner was not trained on, makes them probabilities.

/// From scores to probabilities.
package enum ProbabilityCalibration: Sendable, Equatable {
    /// The score is a probability already, or becomes one as log-odds do.
    case identity(isLogOdds: Bool)
    /// 1 / (1 + exp(slope * score + offset)), the score as log-odds (Platt 1999, "Probabilistic outputs for support vector
    /// machines").
    case platt(slope: Double, offset: Double, isLogOdds: Bool)
    /// Straight lines between points of ascending scores and values; flat beyond them.
    case isotonic(scores: [Double], values: [Double], floor: Double)

    package enum Method: String, Sendable, CaseIterable {
        case none
        case platt
        case isotonic
        /// Isotonic where the rows hold enough of both outcomes, else Platt's.
        case auto
    }

    /// Isotonic regression has as many free numbers as it takes, and needs about so many of the rarer outcome for them
    /// (Niculescu-Mizil, Caruana 2005, "Predicting good probabilities with supervised learning": from 1,000 rows on, where
    /// both outcomes are frequent).
    static let leastIsotonicCount = 500

    package init(
        _ method: Method, scores: [Double], outcomes: [Bool], isLogOdds: Bool
    ) {
        precondition(scores.count == outcomes.count)
        let positives = outcomes.count { $0 }
        let rarer = min(positives, outcomes.count - positives)
        switch method {
        case .none: self = .identity(isLogOdds: isLogOdds)
        case _ where rarer == 0: self = .identity(isLogOdds: isLogOdds)
        case .isotonic: self = Self.isotonic(scores, outcomes)
        case .auto where rarer >= Self.leastIsotonicCount: self = Self.isotonic(scores, outcomes)
        case .auto, .platt: self = Self.platt(scores, outcomes, isLogOdds: isLogOdds)
        }
    }

    package func probability(_ score: Double) -> Double {
        switch self {
        case .identity(let isLogOdds): return isLogOdds ? LogOdds.share(score) : min(1, max(0, score))
        case .platt(let slope, let offset, let isLogOdds):
            return LogOdds.share(-(slope * (isLogOdds ? score : LogOdds.margin(score)) + offset))
        case .isotonic(let scores, let values, let floor):
            return min(1 - floor, max(floor, Self.interpolated(score, scores, values)))
        }
    }

    package var method: Method {
        switch self {
        case .identity: .none
        case .platt: .platt
        case .isotonic: .isotonic
        }
    }

    /// Nothing of n rows may be more certain than 1 in n + 2 (Laplace's rule of succession).
    private static func isotonic(_ scores: [Double], _ outcomes: [Bool]) -> ProbabilityCalibration {
        let fit = IsotonicRegression(scores, outcomes)
        return .isotonic(scores: fit.scores, values: fit.values, floor: 1 / Double(outcomes.count + 2))
    }

    private static func interpolated(_ score: Double, _ scores: [Double], _ values: [Double]) -> Double {
        var (low, high) = (0, scores.count)
        while low < high {
            let middle = (low + high) / 2
            if scores[middle] < score { low = middle + 1 } else { high = middle }
        }
        if low == scores.count { return values[low - 1] }
        if low == 0 || scores[low] == score { return values[low] }
        let share = (score - scores[low - 1]) / (scores[low] - scores[low - 1])
        return values[low - 1] + share * (values[low] - values[low - 1])
    }

    /// Newton's method with Platt's smoothed targets, as Lin, Lin and Weng 2007 give it ("A note on Platt's probabilistic
    /// outputs"): the loss is written so that it does not overflow.
    private static func platt(_ scores: [Double], _ outcomes: [Bool], isLogOdds: Bool) -> ProbabilityCalibration {
        let margins = isLogOdds ? scores : scores.map(LogOdds.margin)
        let positives = Double(outcomes.count { $0 })
        let negatives = Double(outcomes.count) - positives
        let targets = outcomes.map { $0 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2) }
        func loss(_ slope: Double, _ offset: Double) -> Double {
            zip(margins, targets).reduce(0) { sum, row in
                let f = slope * row.0 + offset
                return sum + (f >= 0 ? row.1 * f + log1p(exp(-f)) : (row.1 - 1) * f + log1p(exp(f)))
            }
        }
        var (slope, offset) = (0.0, log((negatives + 1) / (positives + 1)))
        var current = loss(slope, offset)
        for _ in 0..<100 {
            var (h11, h22, h21, g1, g2) = (1e-12, 1e-12, 0.0, 0.0, 0.0)
            for (margin, target) in zip(margins, targets) {
                let p = LogOdds.share(-(slope * margin + offset))
                let (d1, d2) = (target - p, p * (1 - p))
                h11 += margin * margin * d2
                h22 += d2
                h21 += margin * d2
                g1 += margin * d1
                g2 += d1
            }
            if g1.magnitude < 1e-9 && g2.magnitude < 1e-9 { break }
            let determinant = h11 * h22 - h21 * h21
            guard determinant > 0 else { break }
            let (stepSlope, stepOffset) = (-(h22 * g1 - h21 * g2) / determinant, -(h11 * g2 - h21 * g1) / determinant)
            var share = 1.0
            var isLower = false
            while share > 1e-10 {
                let next = loss(slope + share * stepSlope, offset + share * stepOffset)
                if next < current {
                    (slope, offset, current, isLower) = (
                        slope + share * stepSlope, offset + share * stepOffset, next, true
                    )
                    break
                }
                share /= 2
            }
            if !isLower { break }
        }
        // A score that goes against the outcome on the rows that judge it tells nothing: its order is not turned round, and every
        // row has the share of all.
        guard slope < 0 else {
            return .platt(slope: 0, offset: log((negatives + 1) / (positives + 1)), isLogOdds: isLogOdds)
        }
        return .platt(slope: slope, offset: offset, isLogOdds: isLogOdds)
    }
}
