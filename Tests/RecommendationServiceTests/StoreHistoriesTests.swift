import Interactions
import KeyValueStore
import LiveData
import LiveStore
import RecommendationIndex
import RecommendationService
import Telemetry
import TestSupport
import Testing

/// Events that a live store was given count in answers as rows of a build: which of them count, what for, and once.
@Suite struct StoreHistoriesTests {
    private static let itemCount = 40
    private static let weights = EventWeights.standard

    private final class Store {
        let directory: TemporaryDirectory
        let store: LiveDataStore

        init() throws {
            directory = try TemporaryDirectory()
            store = try LiveDataStore(directory: directory.path("live"))
        }

        func put(_ events: [UserEvent]) throws {
            let answer = Monitor<Result<LiveOutcome, LiveStoreError>?>(nil)
            try store.submit(.putEvents(events)) { result in answer.change { $0 = result } }
            _ = try answer.wait { $0 }.get()
        }
    }

    /// Among them types in other letters, types without a weight, dislikes, ratings without a value, quantities of 0 and less.
    private func events(_ count: Int, users: Int, seed: UInt64, from time: Int64) -> [UserEvent] {
        var generator = SeededGenerator(seed: seed)
        let types = ["view", "VIEW", " cart", "purchase", "rating", "Rating", "wishlist", "search"]
        let values: [Double?] = [nil, nil, 1, 3, 0, -2]
        return (0..<count).map { place in
            var event = UserEvent(
                type: types[generator.index(below: types.count)],
                userId: SampleCatalogue.userId(generator.index(below: users)),
                itemId: SampleCatalogue.itemId(generator.index(below: Self.itemCount)))
            event.value = values[generator.index(below: values.count)]
            // In any order, many at the same time.
            event.time = time + Int64(generator.index(below: 40)) * 3_600_000
            if place % 9 == 8 {
                event.itemId = nil
                event.query = "kite"
            }
            return event
        }
    }

    /// As `foretaste build --from-live` makes rows of events.
    private func append(_ events: some Sequence<UserEvent>, to log: inout InteractionLog) {
        for event in events {
            guard let item = event.itemId, let user = event.userId, let time = event.time,
                let row = Self.weights.liveRow(ofType: event.type, value: event.value)
            else { continue }
            log.append(user: user, item: item, eventType: UInt8(row.type), time: time, value: row.value)
        }
    }

    private func catalogue(_ events: some Sequence<UserEvent>, seed: UInt64, consumed: Int) -> SampleCatalogue {
        var catalogue = SampleCatalogue.random(itemCount: Self.itemCount, userCount: 0, seed: seed)
        catalogue.historyDecay = "0.1 0.8"
        catalogue.fallbackShare = "0.2 0.9 40000000"
        var log = InteractionLog(eventTypes: Self.weights.names, hasTimes: true)
        append(self.events(150, users: 8, seed: seed, from: 1_700_000_000_000), to: &log)
        append(events, to: &log)
        let built = InteractionMatrix.build(
            from: log, weights: Self.weights, halfLifeDays: nil,
            extraItemIds: (0..<Self.itemCount).map(SampleCatalogue.itemId))
        catalogue.stored = (built.userIds, built.histories)
        catalogue.consumedSequence = UInt64(consumed)
        return catalogue
    }

    private func answers(_ recommender: Recommender) -> [Recommendation] {
        (0..<12).flatMap { user in
            let evidence = UserEvidence(userId: SampleCatalogue.userId(user))
            var options = RecommendationOptions(count: 30)
            let plain = recommender.recommend(for: evidence, options: options)
            options.excludeSeen = false
            return [plain, recommender.recommend(for: evidence, options: options)]
        }
    }

    /// One store, one catalogue, and indexes that have consumed nothing of it, some and all: each answers alike, also one after the other.
    @Test(arguments: 0..<4) func answersAreThoseOfABuildWhateverItHasConsumed(seed: UInt64) throws {
        let later = events(90, users: 12, seed: seed &+ 99, from: 1_700_050_000_000)
        let expected = answers(try catalogue(later, seed: seed, consumed: later.count).recommender())
        let test = try Store()
        try test.put(Array(later.prefix(50)))
        let first = try catalogue([], seed: seed, consumed: 0).serving()
        let live = try LiveCatalogue(store: test.store, serving: first, log: Log(level: .error))
        try test.put(Array(later.dropFirst(50)))
        let histories = StoreHistories(live)
        for consumed in [0, 1, 37, later.count, 50] {
            let serving = try catalogue(later.prefix(consumed), seed: seed, consumed: consumed).serving()
            try live.adopt(serving)
            let recommender = Recommender(serving)
            recommender.liveHistories = histories
            recommender.refresh(now: 0)
            #expect(answers(recommender) == expected, "consumed \(consumed)")
        }
    }

    /// More events than a history has items.
    @Test func everyEventOfABusyPersonCounts() throws {
        let later = events(1_500, users: 1, seed: 5, from: 1_700_050_000_000)
        let test = try Store()
        try test.put(later)
        let serving = try catalogue([], seed: 5, consumed: 0).serving()
        let recommender = Recommender(serving)
        recommender.liveHistories = StoreHistories(
            try LiveCatalogue(store: test.store, serving: serving, log: Log(level: .error)))
        let built = try catalogue(later, seed: 5, consumed: later.count).recommender()
        #expect(answers(recommender) == answers(built))
    }
}
