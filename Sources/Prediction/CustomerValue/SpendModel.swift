#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

// Design note. The Gamma-Gamma model (Fader, Hardie 2013, "The Gamma-Gamma model of monetary value"): what purchases of a
// customer come to is gamma(p, v), and v is gamma(q, gamma) among customers. For x purchases with a mean of m:
//
//     L = G(px + q) / (G(px) G(q)) * gamma^q m^(px - 1) x^(px) / (gamma + m x)^(px + q)
//
// It takes what customers spend to be independent of how often they buy: the correlation of the two is told. q is kept above
// 1, without which the mean of customers' means is infinite.

/// What a purchase of a customer comes to.
package struct SpendModel: Sendable, Equatable {
    package let p: Double
    package let q: Double
    package let gamma: Double

    package init(p: Double, q: Double, gamma: Double) {
        precondition(p > 0 && q > 1 && gamma > 0)
        self.p = p
        self.q = q
        self.gamma = gamma
    }

    package struct Fit: Sendable, Equatable {
        package let model: SpendModel
        package let logLikelihood: Double
        package let customerCount: Int
        /// Of purchases and mean value, over customers with both.
        package let correlation: Double
    }

    package static let parameterNames = ["p", "q", "gamma"]
    /// Beyond it the model's assumption does not hold.
    package static let greatestCorrelation = 0.3

    /// By maximum likelihood, from customers with repeat purchases that came to something.
    package static func fit(_ histories: PurchaseHistories) throws(PredictionError) -> Fit {
        let customers = (0..<histories.count).filter { histories.repeatCounts[$0] > 0 && histories.meanValues[$0] > 0 }
        guard customers.count >= PurchaseModel.leastCustomerCount else {
            throw PredictionError(
                .tooFewRows, operation: "fit what purchases come to",
                expected: "\(PurchaseModel.leastCustomerCount) customers with repeat purchases",
                found: "\(customers.count)",
                remedy: "Give a longer time of transactions.")
        }
        let counts = customers.map { Double(histories.repeatCounts[$0]) }
        let means = customers.map { histories.meanValues[$0] }
        // The likelihood is the same in any currency: in units of the mean value logarithms are small.
        let unit = means.reduce(0, +) / Double(means.count)
        let values = means.map { $0 / unit }
        let found = LikelihoodMaximum(start: [0, 0, 0], observationCount: Double(customers.count)) { logarithms in
            loss(counts, values, p: exp(logarithms[0]), q: 1 + exp(logarithms[1]), gamma: exp(logarithms[2]))
        }
        let parameters = found.logarithms.map { exp($0) }
        return Fit(
            model: SpendModel(p: parameters[0], q: 1 + parameters[1], gamma: parameters[2] * unit),
            logLikelihood: -(found.loss + log(unit)) * Double(customers.count), customerCount: customers.count,
            correlation: correlation(counts, means))
    }

    private static func loss(_ counts: [Double], _ means: [Double], p: Double, q: Double, gamma: Double) -> Double {
        let (base, scale) = (-logGamma(q), q * log(gamma))
        var sum = 0.0
        for (x, m) in zip(counts, means) {
            let shape = p * x
            sum += logGamma(shape + q) - logGamma(shape) + base + scale + (shape - 1) * log(m) + shape * log(x)
            sum -= (shape + q) * log(x * m + gamma)
        }
        return -sum / Double(counts.count)
    }

    private static func correlation(_ a: [Double], _ b: [Double]) -> Double {
        let count = Double(a.count)
        let (meanA, meanB) = (a.reduce(0, +) / count, b.reduce(0, +) / count)
        var (ab, aa, bb) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            ab += (x - meanA) * (y - meanB)
            aa += (x - meanA) * (x - meanA)
            bb += (y - meanB) * (y - meanB)
        }
        return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : 0
    }

    /// What the customer's next purchase will come to: between the customer's own mean and that of all, the nearer to the
    /// former the more purchases there were.
    package func expectedValue(repeatCount x: Int, meanValue: Double) -> Double {
        guard x > 0, meanValue > 0 else { return p * gamma / (q - 1) }
        return p * (gamma + Double(x) * meanValue) / (p * Double(x) + q - 1)
    }
}
