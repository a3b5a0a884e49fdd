import LinearAlgebra

// Two models that err differently are better together than either (Jahrer, Töscher, Legenstein, KDD 2010): item lists see
// what goes with what, factors see the whole taste. Each is measured in units of its root mean square over its own candidates
// of one request, so that neither's size decides:
//
//     score(i) = (1 - s) lists(i) / rms(lists) + s factors(i) / rms(factors)
//
// The candidates of the factors are the best of the catalogue and all candidates of the lists. Where one of the two has
// nothing to say of a history, the other answers alone, as it would by itself. Decision 0024 has the figures.

/// What a score of each model counts in the answer to one history.
package struct ScorePair: Sendable, Equatable {
    /// What factors count in a pair. On validation splits of five data sets the best was 0.3 to 0.5 beside EASE and up to 0.7
    /// beside SLIST, and flat (decision 0024).
    package static let standardFactorShare: Float = 0.4

    package let listUnit: Float
    package let factorUnit: Float

    /// Before an answer.
    package static let alone = ScorePair(listUnit: 1, factorUnit: 1)

    private init(listUnit: Float, factorUnit: Float) {
        self.listUnit = listUnit
        self.factorUnit = factorUnit
    }

    /// - Parameter factorShare: s, in 0...1.
    package init(
        lists: borrowing NeighbourScoring, factors: borrowing NeighbourScoring, factorShare: Float
    ) {
        precondition((0...1).contains(factorShare))
        self.init(
            listSquares: lists.sumOfSquares, listCount: lists.candidateCount, factorSquares: factors.sumOfSquares,
            factorCount: factors.candidateCount, factorShare: factorShare)
    }

    /// - Parameters: the sums of the squares of both models' scores over their candidates, and how many these are.
    package init(
        listSquares: Double, listCount: Int, factorSquares: Double, factorCount: Int, factorShare: Float
    ) {
        precondition((0...1).contains(factorShare))
        let listsScale = Self.scale(listSquares, listCount)
        let factorsScale = Self.scale(factorSquares, factorCount)
        guard listsScale > 0 && factorsScale > 0 else {
            self = .alone
            return
        }
        listUnit = (1 - factorShare) * listsScale
        factorUnit = factorShare * factorsScale
    }

    /// The largest unit. Evidence of both signs may cancel to next to nothing, whose inverse has no bound; this one leaves
    /// 10^8 below the largest `Float` for what a single item of the history adds.
    private static let greatestScale = 1e30

    /// 1 / root mean square, at most `greatestScale`; 0 where no score is other than 0.
    private static func scale(_ squares: Double, _ count: Int) -> Float {
        guard squares > 0 else { return 0 }
        return Float(min((Double(count) / squares).squareRoot(), greatestScale))
    }
}

extension NeighbourScoring {
    /// Of the candidates' scores.
    fileprivate var sumOfSquares: Double {
        var sumOfSquares = 0.0
        for position in 0..<candidateCount {
            let score = Double(candidate(at: position).score)
            sumOfSquares += score * score
        }
        return sumOfSquares
    }

    /// Makes of the lists' scores those of the pair; who is no candidate of one has 0 from it.
    package mutating func combine(with factors: borrowing NeighbourScoring, _ pair: ScorePair) {
        for position in 0..<candidateCount {
            let own = candidate(at: position)
            let other = factors.score(of: Int(own.index)) ?? 0
            replace(own.index, score: pair.listUnit * own.score + pair.factorUnit * other)
        }
        for position in 0..<factors.candidateCount {
            let other = factors.candidate(at: position)
            if score(of: Int(other.index)) == nil { set(other.index, score: pair.factorUnit * other.score) }
        }
    }
}
