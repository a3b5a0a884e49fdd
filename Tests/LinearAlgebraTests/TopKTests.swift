import LinearAlgebra
import SeededRandom
import Testing

@Suite struct TopKTests {
    /// By sorting everything.
    func expected(_ k: Int, _ scores: [Float], floor: Float = -.infinity) -> [ScoredIndex] {
        let candidates = scores.indices.filter { scores[$0] > floor }
            .map { ScoredIndex(index: Int32($0), score: scores[$0]) }
        let sorted = candidates.sorted { $0.score > $1.score || ($0.score == $1.score && $0.index < $1.index) }
        return Array(sorted.prefix(max(k, 0)))
    }

    @Test(arguments: [0, 1, 2, 10, 100, 999, 1000, 5000]) func agreesWithSorting(k: Int) {
        for (seed, distinct) in [(1, 3), (2, 50), (3, 100_000)] {
            var generator = SplitMix64(seed: UInt64(seed))
            let scores = (0..<1000).map { _ in Float(generator.nextIndex(below: distinct) - distinct / 2) }
            #expect(TopKSelector.best(k, of: scores) == expected(k, scores))
        }
    }

    @Test(arguments: [0, 1, 15, 16, 17, 31, 33]) func everyLengthAndOrder(count: Int) {
        let ascending = (0..<count).map { Float($0) }
        #expect(TopKSelector.best(5, of: ascending) == expected(5, ascending))
        #expect(TopKSelector.best(5, of: ascending.reversed()) == expected(5, ascending.reversed()))
        let equal = [Float](repeating: 2, count: count)
        #expect(TopKSelector.best(5, of: equal).map(\.index) == (0..<Int32(min(5, count))).map { $0 })
    }

    @Test func neverNotANumberNorMasked() {
        var scores = [Float](repeating: .nan, count: 40)
        #expect(TopKSelector.best(3, of: scores).isEmpty)
        scores = [Float](repeating: -.infinity, count: 40)
        #expect(TopKSelector.best(3, of: scores).isEmpty)
        scores[30] = 1
        scores[7] = .nan
        scores[12] = .infinity
        scores[13] = -3
        #expect(TopKSelector.best(5, of: scores).map(\.index) == [12, 30, 13])
        #expect(TopKSelector.best(2, of: scores).map(\.index) == [12, 30])
    }

    @Test func negativeKIsNone() { #expect(TopKSelector.best(-1, of: [1, 2]).isEmpty) }

    @Test func floorIsExclusive() {
        var selector = TopKSelector(capacity: 4)
        selector.reset(k: 4, floor: 0)
        for (index, score) in [0, 1, -1, 2, 0].enumerated() { selector.offer(Int32(index), score: Float(score)) }
        var found: [ScoredIndex] = []
        selector.drain(into: &found)
        #expect(found.map(\.index) == [3, 1])
    }

    @Test func anyOrderOfOffersGivesTheSame() {
        var generator = SplitMix64(seed: 6)
        let scores = (0..<300).map { _ in Float(generator.nextIndex(below: 20)) }
        var order = Array(scores.indices)
        order.shuffle(using: &generator)
        var selector = TopKSelector(capacity: 50)
        selector.reset(k: 40)
        for index in order { selector.offer(Int32(index), score: scores[index]) }
        var found: [ScoredIndex] = []
        selector.drain(into: &found)
        #expect(found == expected(40, scores))
    }

    @Test func blocksInAnyOrderGiveTheSame() {
        var generator = SplitMix64(seed: 7)
        let scores = (0..<300).map { _ in Float(generator.nextIndex(below: 20)) }
        var selector = TopKSelector(capacity: 40)
        for starts in [[0, 100, 200], [200, 0, 100]] {
            selector.reset(k: 40)
            unsafe scores.withUnsafeBufferPointer { buffer in
                guard let start = buffer.baseAddress else { return }
                for first in starts {
                    unsafe selector.offer(start + first, count: 100, firstIndex: Int32(first))
                }
            }
            var found: [ScoredIndex] = []
            selector.drain(into: &found)
            #expect(found == expected(40, scores))
        }
    }
}
