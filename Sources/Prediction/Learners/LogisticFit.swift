internal import LinearAlgebra

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Newton's method for penalised logistic regression; the last parameter is the intercept, which has no penalty.
struct LogisticFit {
    let order: Int
    let l2: Double
    let outcomes: [Bool]
    let rowWeights: [Double]
    private(set) var parameters: [Double]
    private var information: [Double] = []

    /// Newton's method doubles the digits at each step: a problem that needs more is none with a minimum.
    private static let greatestStepCount = 100
    /// Rows whose standardised features are in memory at a time.
    private static let blockSize = 2048

    init(order: Int, l2: Double, outcomes: [Bool], rowWeights: [Double]) {
        self.order = order
        self.l2 = l2
        self.outcomes = outcomes
        self.rowWeights = rowWeights
        parameters = Array(repeating: 0, count: order)
    }

    /// - Parameter rows: the features of some rows, row-major, with a 1 for the intercept last.
    mutating func converge(_ rows: (Range<Int>) -> [Double]) throws(PredictionError) {
        var state = derivatives(parameters, rows)
        for _ in 0..<Self.greatestStepCount {
            information = state.information
            guard let step = DoubleSystem.solution(state.information, order: order, state.gradient) else {
                throw notConverged("second derivatives that are not positive definite")
            }
            let slope = zip(step, state.gradient).reduce(0) { $0 + $1.0 * $1.1 }
            // Half the squared distance to the minimum, in the units of the loss.
            if slope < 1e-18 * max(1, state.loss) { return }
            var share = 1.0
            while true {
                let next = zip(parameters, step).map { $0 - share * $1 }
                let moved = derivatives(next, rows)
                if moved.loss <= state.loss - 1e-4 * share * slope
                    || slope < 1e-10 * max(1, state.loss) && moved.loss.isFinite
                {
                    (parameters, state) = (next, moved)
                    break
                }
                share /= 2
                guard share > 1e-12 else { throw notConverged("a step that does not lower the loss") }
            }
        }
        throw notConverged("no minimum after \(Self.greatestStepCount) steps")
    }

    /// Of each parameter.
    func standardErrors() throws(PredictionError) -> [Double] {
        guard let covariance = DoubleSystem.inverse(information, order: order) else {
            throw notConverged("second derivatives that cannot be inverted")
        }
        return (0..<order).map { max(0, covariance[$0 * order + $0]).squareRoot() }
    }

    private struct State {
        var loss: Double
        var gradient: [Double]
        var information: [Double]
    }

    private func derivatives(_ parameters: [Double], _ rows: (Range<Int>) -> [Double]) -> State {
        var state = State(
            loss: 0, gradient: Array(repeating: 0, count: order),
            information: Array(repeating: 0, count: order * order))
        for start in stride(from: 0, to: outcomes.count, by: Self.blockSize) {
            let range = start..<min(start + Self.blockSize, outcomes.count)
            var block = rows(range)
            for (place, row) in range.enumerated() {
                let features = place * order..<(place + 1) * order
                var margin = 0.0
                for (parameter, position) in features.enumerated() { margin += parameters[parameter] * block[position] }
                let weight = rowWeights[row]
                let share = LogOdds.share(margin)
                state.loss += weight * LogOdds.loss(margin, outcomes[row])
                let residual = weight * (share - (outcomes[row] ? 1 : 0))
                let root = max(weight * share * (1 - share), 1e-12).squareRoot()
                for (parameter, position) in features.enumerated() {
                    state.gradient[parameter] += residual * block[position]
                    block[position] *= root
                }
            }
            DoubleSystem.addGram(of: block, order: order, to: &state.information)
        }
        for parameter in 0..<order - 1 {
            state.loss += l2 / 2 * parameters[parameter] * parameters[parameter]
            state.gradient[parameter] += l2 * parameters[parameter]
            state.information[parameter * order + parameter] += l2
        }
        return state
    }

    private func notConverged(_ found: String) -> PredictionError {
        PredictionError(
            .didNotConverge, operation: "fit a logistic regression", expected: "a minimum", found: found,
            remedy: "Give a larger --l2, or leave out columns that repeat others.")
    }
}

/// Between log-odds and shares.
package enum LogOdds {
    package static func share(_ margin: Double) -> Double {
        margin >= 0 ? 1 / (1 + exp(-margin)) : exp(margin) / (1 + exp(margin))
    }

    /// Of a share that is kept away from 0 and 1 by 1e-12.
    package static func margin(_ share: Double) -> Double {
        let bounded = min(1 - 1e-12, max(1e-12, share))
        return log(bounded / (1 - bounded))
    }

    /// -ln of the probability that the margin gave to the outcome.
    static func loss(_ margin: Double, _ outcome: Bool) -> Double {
        let signed = outcome ? -margin : margin
        return signed > 0 ? signed + log1p(exp(-signed)) : log1p(exp(signed))
    }
}
