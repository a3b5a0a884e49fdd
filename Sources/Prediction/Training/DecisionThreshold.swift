/// From which probability on an outcome is foretold.
enum DecisionThreshold {
    /// Where probabilities are calibrated, foretelling costs less than not from here on.
    static func threshold(_ costs: PredictorConfiguration.Costs) -> Double {
        costs.falseAlarm / (costs.falseAlarm + costs.miss)
    }

    /// Where F1 is greatest: half-way between the last probability above and the first below. Of equal ones the highest.
    static func greatestF1(_ probabilities: [Double], _ outcomes: [Bool]) -> Double {
        let order = probabilities.indices.sorted {
            probabilities[$0] == probabilities[$1] ? $0 < $1 : probabilities[$0] > probabilities[$1]
        }
        let total = outcomes.count { $0 }
        var (found, best) = (0, (f1: 0.0, threshold: 0.5))
        for (place, row) in order.enumerated() {
            found += outcomes[row] ? 1 : 0
            let next = place + 1 < order.count ? probabilities[order[place + 1]] : 0
            guard next < probabilities[row] || place + 1 == order.count else { continue }
            let f1 = 2 * Double(found) / Double(place + 1 + total)
            if f1 > best.f1 { best = (f1, (probabilities[row] + next) / 2) }
        }
        return best.threshold
    }
}

/// What a threshold does to rows whose outcomes are known.
package struct Confusion: Sendable, Equatable {
    package internal(set) var truePositives = 0
    package internal(set) var falsePositives = 0
    package internal(set) var trueNegatives = 0
    package internal(set) var falseNegatives = 0

    package init(_ probabilities: [Double], _ outcomes: [Bool], threshold: Double) {
        for (probability, outcome) in zip(probabilities, outcomes) {
            add(isForetold: probability >= threshold, outcome)
        }
    }

    /// Each row by a threshold of its own.
    package init(isForetold: [Bool], _ outcomes: [Bool]) {
        for (foretold, outcome) in zip(isForetold, outcomes) { add(isForetold: foretold, outcome) }
    }

    private mutating func add(isForetold: Bool, _ outcome: Bool) {
        switch (isForetold, outcome) {
        case (true, true): truePositives += 1
        case (true, false): falsePositives += 1
        case (false, true): falseNegatives += 1
        case (false, false): trueNegatives += 1
        }
    }

    package func cost(_ costs: PredictorConfiguration.Costs) -> Double {
        Double(falseNegatives) * costs.miss + Double(falsePositives) * costs.falseAlarm
    }
}
