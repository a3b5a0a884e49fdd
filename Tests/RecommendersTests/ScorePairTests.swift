import LinearAlgebra
import Recommenders
import Testing

/// Item lists and factors that answer together.
@Suite struct ScorePairTests {
    private func scoring(_ scores: [Int32: Float]) -> NeighbourScoring {
        var scoring = NeighbourScoring(itemCount: 6)
        for (item, score) in scores.sorted(by: { $0.key < $1.key }) { scoring.set(item, score: score) }
        return scoring
    }

    private func scores(_ scoring: borrowing NeighbourScoring) -> [Int32: Float] {
        var scores: [Int32: Float] = [:]
        for position in 0..<scoring.candidateCount {
            let candidate = scoring.candidate(at: position)
            scores[candidate.index] = candidate.score
        }
        return scores
    }

    /// The root mean square of 3, 4 and 0 is 5 / sqrt 3, that of 1 and -7 is 5.
    @Test func eachCountsInItsOwnUnit() {
        var lists = scoring([0: 3, 1: 4, 2: 0])
        let factors = scoring([1: 1, 5: -7])
        let pair = ScorePair(lists: lists, factors: factors, factorShare: 0.25)
        #expect(abs(pair.listUnit - 0.75 * Float(3).squareRoot() / 5) < 1e-6)
        #expect(abs(pair.factorUnit - 0.05) < 1e-6)
        lists.combine(with: factors, pair)
        let found = scores(lists)
        let expected: [Int32: Float] = [
            0: 3 * pair.listUnit, 1: 4 * pair.listUnit + 0.05, 2: 0, 5: -0.35,
        ]
        #expect(found.count == 4 && lists.candidateCount == 4)
        for (item, score) in expected { #expect(abs((found[item] ?? .nan) - score) < 1e-6) }
    }

    /// Sizes of scores decide nothing: that is what the units are for.
    @Test(arguments: [Float(1e-30), 1e-3, 1e4]) func aThousandTimesIsTheSame(size: Float) {
        var plain = scoring([0: 3, 1: 4])
        var sized = scoring([0: 3 * size, 1: 4 * size])
        let factors = scoring([1: 1, 2: 2])
        plain.combine(with: factors, ScorePair(lists: plain, factors: factors, factorShare: 0.4))
        sized.combine(with: factors, ScorePair(lists: sized, factors: factors, factorShare: 0.4))
        let (expected, found) = (scores(plain), scores(sized))
        for (item, score) in expected { #expect(abs((found[item] ?? .nan) - score) < 1e-5) }
    }

    @Test func whoIsAloneAnswersAsByItself() {
        var none = scoring([:])
        let factors = scoring([1: 2, 2: -1])
        let pair = ScorePair(lists: none, factors: factors, factorShare: 0.4)
        #expect(pair == .alone)
        none.combine(with: factors, pair)
        #expect(scores(none) == [1: 2, 2: -1])
        // Candidates whose scores have cancelled out say nothing either.
        #expect(ScorePair(lists: scoring([3: 0]), factors: factors, factorShare: 0.4) == .alone)
        #expect(ScorePair(lists: factors, factors: scoring([:]), factorShare: 0.4) == .alone)
    }

    @Test func theSharesAreThoseOfEitherModel() {
        let lists = scoring([0: 3, 1: 4])
        let factors = scoring([1: 1, 2: 2])
        #expect(ScorePair(lists: lists, factors: factors, factorShare: 0).factorUnit == 0)
        #expect(ScorePair(lists: lists, factors: factors, factorShare: 1).listUnit == 0)
    }

    /// As in a blend: what is left where evidence cancels has no bound to its inverse, and one item's part must stay a number.
    @Test(arguments: [Float.leastNonzeroMagnitude, .leastNormalMagnitude / 1024, -.leastNormalMagnitude])
    func whatCancelsLeavesFiniteUnits(_ left: Float) {
        let factors = scoring([1: 1, 2: 2])
        let pair = ScorePair(lists: scoring([0: left]), factors: factors, factorShare: 0.4)
        #expect((pair.listUnit * 13.9 * 1000).isFinite)
        let turned = ScorePair(lists: factors, factors: scoring([0: left]), factorShare: 0.4)
        #expect((turned.factorUnit * 13.9 * 1000).isFinite)
    }
}
