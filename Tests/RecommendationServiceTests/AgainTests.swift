import Foundation
import Interactions
import RecommendationService
import SeededRandom
import Testing

/// What a person takes again, against the definition.
@Suite struct AgainTests {
    private static let day: Int64 = 86_400_000
    private static let newest = 1_000 * day

    private struct Own {
        var item: Int
        var weight: Double
        var time: Int64
    }

    /// Most recent first, as an index keeps them.
    private static func history(_ generator: inout SplitMix64) -> [Own] {
        var items = Array(0..<12)
        generator.shuffle(&items)
        return items.prefix(generator.nextIndex(below: 9)).map {
            Own(
                item: $0, weight: Double(generator.nextIndex(below: 12)) - 2,
                time: newest - Int64(generator.nextIndex(below: 900)) * day)
        }.sorted { ($1.time, $0.item) < ($0.time, $1.item) }
    }

    private static func expected(_ own: [Own], _ options: RecommendationOptions) -> [Int] {
        let excluded = Set(options.excludeIds)
        var scored: [(item: Int, score: Float)] = []
        for own in own where own.weight > 0 && !excluded.contains(String(format: "i%04d", own.item)) {
            if options.excludeSeen, own.time >= options.seenSince ?? .min { continue }
            let age = Double(newest - own.time) / Double(day)
            let faded = Float(pow(0.5, age / Recommender.againHalfLifeDays))
            scored.append((own.item, InteractionMatrix.damped(Float(own.weight)) * faded))
        }
        scored.sort { (left, right) -> Bool in
            left.score == right.score ? left.item < right.item : left.score > right.score
        }
        return scored.prefix(options.count).map(\.item)
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>) func ownItemsByAmountAndAge(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let own = Self.history(&generator)
        var catalogue = SampleCatalogue(itemCount: 12)
        // Somebody else says what the newest time is.
        catalogue.histories = [
            own.map { .init(item: $0.item, sum: Float($0.weight), time: $0.time) },
            [.init(item: 0, sum: 1, time: Self.newest)],
        ]
        let recommender = try catalogue.recommender()
        var options = RecommendationOptions(count: 1 + generator.nextIndex(below: 12))
        options.excludeSeen = false
        if seed % 3 == 0 { options.excludeIds = ["i0001", "i0004"] }
        if seed % 4 == 0 {
            options.excludeSeen = true
            options.seenSince = Self.newest - 100 * Self.day
        }
        let answer = recommender.again(userId: "u0000", options: options)
        #expect(answer.items.map { Int($0.item.rawValue) } == Self.expected(own, options), "seed \(seed)")
        #expect(answer.items.allSatisfy { $0.source == .history && $0.score > 0 })
        // An earlier request has left nothing behind.
        _ = recommender.recommend(basket: ["i0000"], options: RecommendationOptions(count: 5))
        #expect(recommender.again(userId: "u0000", options: options) == answer)
    }

    @Test func whatWasJustDoneCounts() throws {
        var catalogue = SampleCatalogue(itemCount: 4)
        catalogue.histories = [
            [
                .init(item: 1, sum: 3, time: Self.newest),
                .init(item: 2, sum: 1, time: Self.newest - 500 * Self.day),
            ]
        ]
        let recommender = try catalogue.recommender()
        var options = RecommendationOptions(count: 4)
        options.excludeSeen = false
        #expect(recommender.again(userId: "u0000", options: options).items.map(\.item.rawValue) == [1, 2])
        recommender.liveHistories = ListedHistories([
            .init(userId: "u0000", itemId: "i0002", weight: 9, time: Self.newest + 1, sequence: 1),
            .init(userId: "new", itemId: "i0003", weight: 1, time: Self.newest + 1, sequence: 2),
        ])
        #expect(recommender.again(userId: "u0000", options: options).items.map(\.item.rawValue) == [2, 1])
        let new = recommender.again(userId: "new", options: options)
        #expect(new.items.map(\.item.rawValue) == [3] && new.userState.known && new.userState.usedItemCount == 1)
        let nobody = recommender.again(userId: "nobody", options: options)
        #expect(nobody.items.isEmpty && !nobody.userState.known && !nobody.fallbackUsed)
    }
}
