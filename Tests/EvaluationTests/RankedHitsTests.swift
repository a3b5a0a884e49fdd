import Testing

@testable import Evaluation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

private func isClose(_ left: Double, _ right: Double) -> Bool { abs(left - right) < 1e-12 }

struct RankedHitsTests {
    /// Wanted 2, 5, 9; they stand at ranks 2 and 4, and 9 is not in the list of five.
    private let hits = RankedHits(ranked: [7, 5, 1, 2, 8], wanted: [2, 5, 9])

    @Test func findsTheRanks() {
        #expect(hits.ranks == [2, 4])
        #expect(hits.wantedCount == 3)
        #expect(hits.hitCount(at: 1) == 0)
        #expect(hits.hitCount(at: 3) == 1)
        #expect(hits.hitCount(at: 100) == 2)
    }

    @Test func hitRate() {
        #expect(hits.hitRate(at: 1) == 0)
        #expect(hits.hitRate(at: 2) == 1)
        #expect(hits.hitRate(at: 100) == 1)
    }

    @Test func ndcg() {
        #expect(hits.ndcg(at: 1) == 0)
        // DCG@2 = 1/log2(3) = 0.63093; ideal@2 = 1 + 0.63093; quotient 0.38685.
        #expect(isClose(hits.ndcg(at: 2), 0.386_852_807_234_542))
        // DCG@5 = 1/log2(3) + 1/log2(5) = 0.630930 + 0.430677 = 1.061606;
        // ideal@5 has three hits: 1 + 0.630930 + 0.5 = 2.130930; quotient 0.498189.
        let gain: Double = 1 / log2(3.0) + 1 / log2(5.0)
        let ideal: Double = 1.5 + 1 / log2(3.0)
        #expect(isClose(hits.ndcg(at: 5), gain / ideal))
        #expect(abs(hits.ndcg(at: 5) - 0.498_189) < 1e-6)
        // Beyond the list nothing changes.
        #expect(hits.ndcg(at: 100) == hits.ndcg(at: 5))
    }

    @Test func ndcgSetsRanksOneAndTwoApart() {
        let first = RankedHits(ranked: [1, 0], wanted: [1])
        let second = RankedHits(ranked: [0, 1], wanted: [1])
        #expect(first.ndcg(at: 10) == 1)
        // One wanted item: ideal is 1, so the value is 1/log2(3).
        #expect(isClose(second.ndcg(at: 10), 0.630_929_753_571_457_4))
    }

    @Test func recall() {
        #expect(hits.recall(at: 1) == 0)
        #expect(isClose(hits.recall(at: 2), 1.0 / 3))
        #expect(isClose(hits.recall(at: 5), 2.0 / 3))
    }

    @Test func precisionDividesByKBeyondTheList() {
        #expect(hits.precision(at: 1) == 0)
        #expect(hits.precision(at: 2) == 0.5)
        #expect(hits.precision(at: 5) == 0.4)
        // Two hits, list of 5, k = 10: 2/10.
        #expect(hits.precision(at: 10) == 0.2)
    }

    @Test func reciprocalRank() {
        #expect(hits.reciprocalRank(at: 1) == 0)
        #expect(hits.reciprocalRank(at: 2) == 0.5)
        #expect(hits.reciprocalRank(at: 10) == 0.5)
    }

    @Test func averagePrecision() {
        #expect(hits.averagePrecision(at: 1) == 0)
        // k = 2: (1/2) / min(2, 3) = 0.25.
        #expect(hits.averagePrecision(at: 2) == 0.25)
        // k = 5: (1/2 + 2/4) / min(5, 3) = 1/3.
        #expect(isClose(hits.averagePrecision(at: 5), 1.0 / 3))
    }

    @Test(arguments: [1, 2, 3, 7])
    func aPerfectListScoresOneAtEveryCutOff(k: Int) {
        let perfect = RankedHits(ranked: [3, 1, 2, 9], wanted: [1, 2, 3])
        #expect(isClose(perfect.ndcg(at: k), 1))
        #expect(isClose(perfect.averagePrecision(at: k), 1))
        #expect(perfect.hitRate(at: k) == 1)
        #expect(perfect.reciprocalRank(at: k) == 1)
        #expect(isClose(perfect.recall(at: k), Double(min(k, 3)) / 3))
        #expect(isClose(perfect.precision(at: k), Double(min(k, 3)) / Double(k)))
    }

    @Test(arguments: RankingMetric.allCases)
    func isZeroWithoutAListOrAWantedItem(metric: RankingMetric) {
        #expect(RankedHits(ranked: [], wanted: [1, 2]).value(of: metric, at: 10) == 0)
        #expect(RankedHits(ranked: [1, 2, 3], wanted: []).value(of: metric, at: 10) == 0)
        #expect(RankedHits(ranked: [3, 4], wanted: [1, 2]).value(of: metric, at: 1) == 0)
    }

    @Test func choosesTheMetricByItsCase() {
        let expected = [1, hits.ndcg(at: 5), 2.0 / 3, 0.4, 0.5, 1.0 / 3]
        for (metric, value) in zip(RankingMetric.allCases, expected) {
            #expect(isClose(hits.value(of: metric, at: 5), value))
        }
    }

    @Test func aWantedItemTwiceIsAProgrammersError() async {
        await #expect(processExitsWith: .failure) {
            _ = RankedHits(ranked: [5, 1, 5], wanted: [5])
        }
    }

    @Test func membershipAgreesWithALinearSearch() {
        let wanted: [Int32] = [0, 3, 4, 9, 11, 12, 40]
        for first in 0...wanted.count {
            let slice = wanted[first...]
            for item in Int32(-1)...41 { #expect(slice.sortedContains(item) == slice.contains(item)) }
        }
    }
}

struct CutOffsTests {
    @Test func sortsAndDropsRepeats() throws {
        #expect(try CutOffs(parsing: "20,10,20").values == [10, 20])
        #expect(try CutOffs(parsing: "1").longest == 1)
        #expect(try CutOffs([10_000]).values == [10_000])
    }

    @Test(arguments: ["", "0", "-1", "10001", "ten", "10,", "10 20", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17"])
    func refusesOthers(text: String) {
        let error = #expect(throws: EvaluationError.self) { try CutOffs(parsing: text) }
        #expect(error?.code == .invalidCutOff)
        #expect(error?.found == "\"\(text)\"")
    }
}
