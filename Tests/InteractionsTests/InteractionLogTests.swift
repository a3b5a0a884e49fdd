import Interactions
import SeededRandom
import Testing

@testable import Interactions

struct InteractionLogTests {
    private func log(times: [Int64], hasTimes: Bool = true) -> InteractionLog {
        var log = InteractionLog(eventTypes: ["view", "cart"], hasTimes: hasTimes)
        for (row, time) in times.enumerated() {
            log.append(user: "u\(row % 2)", item: "i\(row)", eventType: UInt8(row % 2), time: time, value: Float(row))
        }
        return log
    }

    @Test func rowNumbersAreTimesWhereThereAreNone() {
        let log = log(times: [50, 40, 30], hasTimes: false)
        #expect(log.times == [0, 1, 2])
        #expect(log.subset(rows: [2, 0]).times == [2, 0])
        #expect(log.subset(rows: [2, 0]).sortedByTime().rows.map(\.item) == ["i0", "i2"])
    }

    @Test func sortsStably() {
        let log = log(times: [3, -1, 3, Int64.max, Int64.min, -1]).sortedByTime()
        #expect(log.rows.map(\.item) == ["i4", "i1", "i5", "i0", "i2", "i3"])
        #expect(log.values == [4, 1, 5, 0, 2, 3])
        #expect(log.eventTypeIndexes == [0, 1, 1, 0, 0, 1])
    }

    @Test func subsetsKeepTheTables() {
        let log = log(times: [1, 2, 3, 4])
        let part = log.filter { log.times[$0] > 3 }
        #expect(part.rows == [Row("u1", "i3", 4, 3, "cart")])
        #expect(part.users.count == 2 && part.items.count == 4)
        #expect(part.itemIndexes == [3])
        #expect(log.filter { _ in false }.isEmpty)
        #expect(log.filter { _ in false }.newestTime == nil)
        #expect(log.newestTime == 4)
    }

    /// Amounts and sessions among it, which decide segments and next items.
    @Test func rowsUnderOtherNamesSayAllThatTheySaid() {
        var log = InteractionLog(eventTypes: ["view"], hasTimes: true, valueColumn: "quantity")
        for row in 0..<3 {
            log.append(
                user: "u\(row)", item: "i\(row)", time: Int64(row), value: Float(row) + 0.5, session: Int32(row) / 2,
                amount: Double(row) * 10)
        }
        let kept = log.rewritten { $0 == 1 ? nil : ArraySlice("ann".utf8) }
        #expect(kept.count == 2 && kept.users.count == 1 && kept.users.id(at: 0) == "ann")
        #expect((0..<kept.items.count).map { kept.items.id(at: $0) } == ["i0", "i2"])
        #expect(kept.times == [0, 2] && kept.values == [0.5, 2.5] && kept.sessionIndexes == [0, 1])
        #expect(kept.amounts == [0, 20] && kept.valueColumn == "quantity")
    }

    @Test func liveEventsCountAsRowsDo() {
        let weights = EventWeights.standard
        #expect(weights.liveRow(ofType: " VIEW", value: 3).map { weights.weight(of: $0) } == 3)
        #expect(weights.liveRow(ofType: "purchase", value: nil).map { weights.weight(of: $0) } == 40)
        #expect(weights.liveRow(ofType: "Rating", value: -2).map { weights.weight(of: $0) } == -2)
        #expect(weights.liveRow(ofType: "rating", value: nil) == nil)
        for value in [0, -1.0] { #expect(weights.liveRow(ofType: "cart", value: value) == nil) }
        #expect(weights.liveRow(ofType: "wishlist", value: nil) == nil)
    }

    @Test(arguments: [0, 1, 2, 1000])
    func ordersByTimeLikeAComparisonSort(count: Int) {
        var generator = SeededGenerator(seed: 7)
        let times = (0..<count).map { _ in
            generator.next() % 3 == 0 ? Int64(generator.next() % 5) : Int64(bitPattern: generator.next())
        }
        let ascending = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }.map { Int32($0) }
        let descending = times.indices.sorted { (times[$1], $0) < (times[$0], $1) }.map { Int32($0) }
        #expect(TimeOrder.ascending(times) == ascending)
        #expect(TimeOrder.descending(times) == descending)
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
