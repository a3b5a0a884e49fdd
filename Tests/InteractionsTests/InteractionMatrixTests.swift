import Foundation
import Interactions
import LinearAlgebra
import Testing

struct InteractionMatrixTests {
    private static let day: Int64 = 86_400_000

    @Test func smallCaseByHand() throws {
        var log = InteractionLog(eventTypes: EventWeights.standard.names, hasTimes: true)
        log.append(user: "u2", item: "b", eventType: 0, time: 1000)
        log.append(user: "u1", item: "b", eventType: 2, time: 3000)
        log.append(user: "u2", item: "a", eventType: 3, time: 1000, value: 2)
        log.append(user: "u2", item: "b", eventType: 1, time: 500)
        log.append(user: "u1", item: "c", eventType: 4, time: 4000, value: -3)
        let built = InteractionMatrix.build(from: log, extraItemIds: ["aa", "b", "aa"])
        #expect(built.userIds == ["u1", "u2"])
        #expect(built.itemIds == ["a", "aa", "b", "c"])
        #expect(built.matrix.rowOffsets == [0, 2, 4])
        #expect(built.matrix.columnIndexes == [2, 3, 0, 2])
        #expect(built.matrix.columnCount == 4)
        // ln(1 + 20), -ln(1 + 3), ln(1 + 2 * 40), ln(1 + 1 + 5)
        #expect(built.matrix.values == [3.044522437723423, -1.3862944, 4.394449, 1.9459101])
        #expect(built.histories.offsets == [0, 2, 4])
        #expect(built.histories.itemIndexes == [3, 2, 0, 2])
        #expect(built.histories.times == [4000, 3000, 1000, 1000])
        #expect(built.histories.weights == [-1.3862944, 3.044522437723423, 4.394449, 1.9459101])
        #expect(built.referenceTime == 4000 && built.hasTimes)
    }

    @Test func halfLifeIsExact() throws {
        let decay = TimeDecay(halfLifeDays: 30, referenceTime: 100 * Self.day)
        #expect(decay.factor(at: 100 * Self.day) == 1)
        #expect(decay.factor(at: 101 * Self.day) == 1)
        #expect(decay.factor(at: 70 * Self.day) == 0.5)
        #expect(decay.factor(at: 40 * Self.day) == 0.25)
        #expect(decay.factor(at: 10 * Self.day) == 0.125)
        #expect(decay.factor(at: 85 * Self.day) == 0.5.squareRoot())
        var log = InteractionLog(eventTypes: EventWeights.standard.names, hasTimes: true)
        log.append(user: "u", item: "old", eventType: 3, time: 10 * Self.day)
        log.append(user: "u", item: "new", eventType: 0, time: 40 * Self.day)
        let built = InteractionMatrix.build(from: log, halfLifeDays: 30)
        #expect(built.matrix.values == [Float(log1p(1.0)), Float(log1p(20.0))])
        let later = InteractionMatrix.build(from: log, halfLifeDays: 30, referenceTime: 70 * Self.day)
        #expect(later.matrix.values == [Float(log1p(0.5)), Float(log1p(10.0))])
    }

    @Test func withoutTimesNothingFades() {
        var log = InteractionLog(eventTypes: ["view"], hasTimes: false)
        for item in ["a", "b", "a"] { log.append(user: "u", item: item) }
        let built = InteractionMatrix.build(from: log, halfLifeDays: 0.000_001)
        #expect(built.matrix.values == [Float(log1p(2.0)), Float(log1p(1.0))])
        #expect(built.histories.itemIndexes == [0, 1] && built.histories.times == [2, 1])
    }

    @Test func emptyLogAndUsersWithoutRows() {
        let empty = InteractionMatrix.build(
            from: InteractionLog(eventTypes: ["view"], hasTimes: true), extraItemIds: ["x"])
        #expect(
            empty.matrix == SparseMatrix(rowCount: 0, columnCount: 1, rowOffsets: [0], columnIndexes: [], values: []))
        #expect(empty.itemIds == ["x"] && empty.histories.userCount == 0)
        var log = InteractionLog(eventTypes: ["view"], hasTimes: true)
        log.append(user: "b", item: "i", time: 1)
        log.append(user: "a", item: "j", time: 2)
        let part = InteractionMatrix.build(from: log.subset(rows: [0]))
        #expect(part.userIds == ["a", "b"] && part.matrix.rowOffsets == [0, 0, 1])
        #expect(part.histories.range(ofUser: 0).isEmpty)
        #expect(ItemPopularity(part).allTime == [1, 0])
    }

    @Test func sumsThatCancelAreKept() throws {
        let weights = try EventWeights(parsing: "dislike=-1")
        var log = InteractionLog(eventTypes: weights.names, hasTimes: false)
        log.append(user: "u", item: "i", eventType: 0)
        log.append(user: "u", item: "i", eventType: 5)
        log.append(user: "u", item: "j", eventType: 5)
        let built = InteractionMatrix.build(from: log, weights: weights)
        #expect(built.matrix.values == [0, -Float(log1p(1.0))])
        #expect(ItemPopularity(built).allTime == [0, 0])
    }

    @Test(arguments: [1, 2, 3])
    func agreesWithADictionaryOfPairs(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let weights = try EventWeights(parsing: "dislike=-7")
        var log = InteractionLog(eventTypes: weights.names, hasTimes: true)
        for _ in 0..<3000 {
            let type = UInt8.random(in: 0...5, using: &generator)
            let value =
                Bool.random(using: &generator) || type == 4 ? Float(Int.random(in: 1...9, using: &generator)) : .nan
            log.append(
                user: "u\(Int.random(in: 0..<40, using: &generator))",
                item: "i\(Int.random(in: 0..<60, using: &generator))",
                eventType: type, time: Int64.random(in: 0..<50, using: &generator) * Self.day, value: value)
        }
        let built = InteractionMatrix.build(from: log, weights: weights, halfLifeDays: 10)
        let newest = try #require(log.times.max())

        var sums: [String: [String: (sum: Double, last: Int64)]] = [:]
        for (row, spelled) in log.rows.enumerated() {
            let age = Double(newest - log.times[row]) / Double(Self.day)
            let weight = try #require(weights.weight(of: spelled.type)) * Double(spelled.value ?? 1) * pow(2, -age / 10)
            let old = sums[spelled.user]?[spelled.item] ?? (0, .min)
            sums[spelled.user, default: [:]][spelled.item] = (old.sum + weight, max(old.last, log.times[row]))
        }

        #expect(built.userIds == sums.keys.sorted())
        #expect(built.matrix.storedCount == sums.values.reduce(0) { $0 + $1.count })
        for (user, id) in built.userIds.enumerated() {
            let pairs = try #require(sums[id])
            let items = built.matrix.range(ofRow: user).map { built.itemIds[Int(built.matrix.columnIndexes[$0])] }
            #expect(items == pairs.keys.sorted())
            for position in built.matrix.range(ofRow: user) {
                let pair = try #require(pairs[built.itemIds[Int(built.matrix.columnIndexes[position])]])
                let expected = pair.sum < 0 ? -log1p(-pair.sum) : log1p(pair.sum)
                #expect(abs(Double(built.matrix.values[position]) - expected) < 1e-6)
            }
            let history = built.histories.range(ofUser: user).map {
                (built.itemIds[Int(built.histories.itemIndexes[$0])], built.histories.times[$0])
            }
            let expected = pairs.sorted { ($1.value.last, $0.key) < ($0.value.last, $1.key) }
            #expect(history.map(\.0) == expected.map(\.key))
            #expect(history.map(\.1) == expected.map(\.value.last))
        }
    }

    @Test func popularity() throws {
        var log = InteractionLog(eventTypes: EventWeights.standard.names, hasTimes: true)
        // "a": two users, at ages 0 and 30; "b": one user, twice, last at age 90; "c": a rating of -1.
        log.append(user: "u", item: "a", eventType: 0, time: 180 * Self.day)
        log.append(user: "v", item: "a", eventType: 3, time: 150 * Self.day)
        log.append(user: "u", item: "b", eventType: 0, time: 0)
        log.append(user: "u", item: "b", eventType: 0, time: 90 * Self.day)
        log.append(user: "w", item: "c", eventType: 4, time: 180 * Self.day, value: -1)
        let built = InteractionMatrix.build(from: log)
        let popularity = ItemPopularity(built)
        #expect(popularity.allTime == [2, 1, 0])
        #expect(popularity.recent == [1.5, 0.125, 0])
        let trendingA = (1 + pow(2, -30.0 / 7)) / (1 + pow(2, -30.0 / 90) + 10)
        let trendingB = pow(2, -90.0 / 7) / (0.5 + 10)
        #expect(popularity.trending == [Float(trendingA), Float(trendingB), 0])
    }

    @Test func popularityWithoutTimes() {
        var log = InteractionLog(eventTypes: ["view"], hasTimes: false)
        for (user, item) in [("u", "a"), ("v", "a"), ("v", "a"), ("v", "b")] { log.append(user: user, item: item) }
        let popularity = ItemPopularity(InteractionMatrix.build(from: log))
        #expect(popularity.allTime == [2, 1] && popularity.recent == [2, 1] && popularity.trending == [2, 1])
    }
}
