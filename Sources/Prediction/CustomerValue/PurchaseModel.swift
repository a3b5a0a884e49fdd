#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

// Design note. The BG/NBD model (Fader, Hardie, Lee 2005, "'Counting your customers' the easy way"): while a customer is alive,
// purchases come at a rate of their own, gamma(r, alpha) among customers; after each purchase the customer leaves with a
// probability of their own, beta(a, b) among customers. For x repeat purchases, the last at t, in a time T:
//
//     L = B(a, b + x) / B(a, b) * G(r + x) alpha^r / G(r) * ((alpha + T)^-(r + x) + [x > 0] a / (b + x - 1) (alpha + t)^-(r + x))
//
// Customers with the same x, t and T count together.

/// How often customers buy, and whether they still do.
package struct PurchaseModel: Sendable, Equatable {
    package let r: Double
    /// In days.
    package let alpha: Double
    package let a: Double
    package let b: Double

    package init(r: Double, alpha: Double, a: Double, b: Double) {
        precondition([r, alpha, a, b].allSatisfy { $0 > 0 && $0.isFinite })
        self.r = r
        self.alpha = alpha
        self.a = a
        self.b = b
    }

    /// A model with what its fit found.
    package struct Fit: Sendable, Equatable {
        package let model: PurchaseModel
        /// Of r, alpha, a, b, by the normal distribution of their logarithms; nil where the likelihood is flat.
        package let parameters: [EstimatedValue]?
        package let logLikelihood: Double
    }

    package static let parameterNames = ["r", "alpha", "a", "b"]
    /// With fewer customers, four parameters are guesses.
    package static let leastCustomerCount = 50

    /// By maximum likelihood.
    package static func fit(_ histories: PurchaseHistories) throws(PredictionError) -> Fit {
        let repeats = histories.repeatCounts.count { $0 > 0 }
        guard histories.count >= leastCustomerCount, repeats >= 10, histories.ages.contains(where: { $0 > 0 }) else {
            throw PredictionError(
                .tooFewRows, operation: "fit how often customers buy",
                expected: "\(leastCustomerCount) customers, 10 of them with purchases on more than one day",
                found: "\(histories.count) customers, \(repeats) of them with purchases on several days",
                remedy: "Give a longer time of transactions.")
        }
        let patterns = PurchasePatterns(histories)
        let meanAge = histories.ages.reduce(0, +) / Double(histories.count)
        let found = LikelihoodMaximum(
            start: [0, log(max(1, meanAge / 2)), 0, 0], observationCount: Double(histories.count)
        ) { patterns.loss(r: exp($0[0]), alpha: exp($0[1]), a: exp($0[2]), b: exp($0[3])) }
        let values = found.logarithms.map { exp($0) }
        let parameters = found.standardErrors.map { errors in
            zip(values, errors).map { value, error in
                EstimatedValue(
                    value, lower: value * exp(-EstimatedValue.normalQuantile * error),
                    upper: value * exp(EstimatedValue.normalQuantile * error))
            }
        }
        return Fit(
            model: PurchaseModel(r: values[0], alpha: values[1], a: values[2], b: values[3]), parameters: parameters,
            logLikelihood: -found.loss * Double(histories.count))
    }

    /// The probability that a customer has not left; 1 without a repeat purchase, since the model lets nobody leave before.
    package func aliveProbability(repeatCount x: Int, recency: Double, age: Double) -> Double {
        guard x > 0 else { return 1 }
        let odds = (r + Double(x)) * log((alpha + age) / (alpha + recency)) + log(a / (b + Double(x) - 1))
        return LogOdds.share(-odds)
    }

    /// How many purchases the customer will make within so many days.
    ///
    /// Given that the customer is alive, the rate is gamma(r + x, alpha + T) and the probability p of leaving is beta(a, b + x). The
    /// rate of purchases after s days is then the mean of rate * exp(-rate p s), whose integral over s and mean over rates is
    /// (1 - (1 + p days / (alpha + T))^-(r + x)) / p. Its mean over p is taken by the double exponential formula (Takahasi, Mori
    /// 1974), which has no trouble with the ends of a beta distribution, where the hypergeometric series of the paper overflows.
    package func expectedPurchases(days: Double, repeatCount: Int, recency: Double, age: Double) -> Double {
        expectedPurchases(withinEach: [days], repeatCount: repeatCount, recency: recency, age: age)[0]
    }

    /// Within each of several times.
    package func expectedPurchases(
        withinEach days: [Double], repeatCount x: Int, recency: Double, age: Double
    ) -> [Double] {
        let (shape, scale, after) = (r + Double(x), alpha + age, b + Double(x))
        let constant = logGamma(a) + logGamma(after) - logGamma(a + after)
        let alive = aliveProbability(repeatCount: x, recency: recency, age: age)
        var sums = [Double](repeating: 0, count: days.count)
        for node in QuadratureNode.all {
            let logWeight = a * node.logShare + after * node.logRest - constant
            // What is less than 1e-26 of the whole is below the rounding of the rest.
            guard logWeight > -60 else { continue }
            let weight = exp(logWeight) * node.width
            for (place, time) in days.enumerated() where time > 0 {
                let gain =
                    node.share < 1e-290
                    ? shape * time / scale : -expm1(-shape * log1p(node.share * time / scale)) / node.share
                sums[place] += weight * gain
            }
        }
        return sums.map { alive * $0 }
    }
}

/// Where the double exponential formula looks at a share p = 1 / (1 + exp(-s)), s = pi sinh(u), at steps of u. The range is wide
/// enough for a beta distribution whose parameters are e^-14, the least that a fit gives: s reaches 10^8.
private struct QuadratureNode {
    let share: Double
    let logShare: Double
    /// Of 1 - p, without cancellation.
    let logRest: Double
    /// Of the step, in units of ds.
    let width: Double

    static let all: [QuadratureNode] = (-320...320).map { place in
        let step = 1.0 / 16
        let (u, pi) = (Double(place) * step, Double.pi)
        let s = pi * sinh(u)
        let (logShare, logRest) = s > 0 ? (-log1p(exp(-s)), -s - log1p(exp(-s))) : (s - log1p(exp(s)), -log1p(exp(s)))
        return QuadratureNode(
            share: exp(logShare), logShare: logShare, logRest: logRest, width: pi * cosh(u) * step)
    }
}

/// Histories with how many customers have each.
private struct PurchasePatterns {
    private struct Pattern {
        let x: Int
        let recency: Double
        let age: Double
        var count: Double
    }

    private let patterns: [Pattern]
    private let customerCount: Double
    private let greatest: Int

    init(_ histories: PurchaseHistories) {
        let order = (0..<histories.count).sorted { a, b in
            (histories.repeatCounts[a], histories.recencies[a], histories.ages[a], a)
                < (histories.repeatCounts[b], histories.recencies[b], histories.ages[b], b)
        }
        var patterns: [Pattern] = []
        for customer in order {
            let (x, recency, age) = (
                histories.repeatCounts[customer], histories.recencies[customer], histories.ages[customer]
            )
            if let last = patterns.last, last.x == x, last.recency == recency, last.age == age {
                patterns[patterns.count - 1].count += 1
            } else {
                patterns.append(Pattern(x: x, recency: recency, age: age, count: 1))
            }
        }
        self.patterns = patterns
        customerCount = Double(histories.count)
        greatest = histories.repeatCounts.max() ?? 0
    }

    func loss(r: Double, alpha: Double, a: Double, b: Double) -> Double {
        // What depends on x alone, for each x that there is; they come in ascending order.
        var (sum, known, constant) = (0.0, -1, 0.0)
        for pattern in patterns {
            let x = Double(pattern.x)
            if pattern.x != known {
                known = pattern.x
                constant =
                    logGamma(r + x) - logGamma(r) + r * log(alpha) + logGamma(a + b) + logGamma(b + x) - logGamma(b)
                    - logGamma(a + b + x)
            }
            let alive = -(r + x) * log(alpha + pattern.age)
            var part = alive
            if pattern.x > 0 {
                let left = log(a) - log(b + x - 1) - (r + x) * log(alpha + pattern.recency)
                part = max(alive, left) + log1p(exp(-(alive - left).magnitude))
            }
            sum += pattern.count * (constant + part)
        }
        return -sum / customerCount
    }
}
