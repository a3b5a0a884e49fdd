import Prediction
import SeededRandom
import Testing

@Suite struct OutlierTests {
    private func columns(seed: UInt64, count: Int = 2000) -> [(name: String, values: [Double])] {
        var random = SplitMix64(seed: seed)
        func usual() -> Double {
            // Nearly log-normal: the sum of eight even draws.
            let sum = (0..<8).reduce(0.0) { total, _ in total + Double(random.next() >> 11) / Double(1 << 53) }
            var value = 1.0
            for _ in 0..<Int((sum * 4).rounded()) { value *= 1.15 }
            return value
        }
        return ["events", "seconds", "items"].map { name in (name, (0..<count).map { _ in usual() }) }
    }

    @Test func programsAreFoundWithTheirReasons() throws {
        var columns = columns(seed: 3)
        columns[0].values[77] = 60_000
        columns[2].values[77] = 9_000
        columns[1].values[500] = 4_000_000
        let rows = UnusualRows(columns, limit: 10, seed: 5).rows
        #expect(Set(rows.map(\.row)) == [77, 500])
        let first = try #require(rows.first { $0.row == 77 })
        #expect(first.reasons.map(\.column).prefix(2).sorted() == ["events", "items"])
        #expect(first.reasons[0].percentile == 1 && first.reasons[0].value > 50 * first.reasons[0].usual)
        #expect(rows == UnusualRows(columns, limit: 10, seed: 5).rows)
        #expect(UnusualRows(columns, limit: 1, seed: 5).rows.count == 1)
    }

    @Test func usualRowsAreNone() {
        for seed in UInt64(1)...5 { #expect(UnusualRows(columns(seed: seed), limit: 10, seed: seed).rows.isEmpty) }
        #expect(UnusualRows([], limit: 10, seed: 1).rows.isEmpty)
        #expect(UnusualRows([("same", Array(repeating: 4, count: 100))], limit: 10, seed: 1).rows.isEmpty)
        #expect(UnusualRows([("none", Array(repeating: .nan, count: 100))], limit: 10, seed: 1).rows.isEmpty)
    }
}
