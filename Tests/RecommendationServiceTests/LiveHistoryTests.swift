import Interactions
import LinearAlgebra
import RecommendationIndex
import RecommendationService
import TestSupport
import Testing

/// Events in memory, most recent first.
final class ListedHistories: LiveHistories {
    struct Event {
        var userId: String
        var itemId: String
        var weight: Double
        var time: Int64
        var sequence: UInt64
    }

    let events: [Event]
    private(set) var askedCount = 0

    init(_ events: [Event]) {
        self.events = events.sorted { ($1.time, $1.sequence) < ($0.time, $0.sequence) }
    }

    var newestTime: Int64? { events.first?.time }

    func forEachEvent(ofUser id: String, in view: CatalogView, _ body: (LiveEvent) -> Bool) {
        askedCount += 1
        for event in events where event.userId == id {
            guard let item = view.item(event.itemId) else { continue }
            guard body(LiveEvent(item: item, weight: event.weight, time: event.time, sequence: event.sequence)) else {
                return
            }
        }
    }
}

/// What people do since the index was built counts as a build would have counted it.
@Suite struct LiveHistoryTests {
    private static let itemCount = 50

    private struct Row {
        var user: Int
        var item: Int
        var type: Int
        var time: Int64
        var value: Float
    }

    /// Dislikes among them; many pairs repeat, many times are equal.
    private func rows(_ count: Int, seed: UInt64, from time: Int64) -> [Row] {
        var generator = SeededGenerator(seed: seed)
        var time = time
        return (0..<count).map { _ in
            time += Int64(generator.index(below: 3)) * 3_600_000
            return Row(
                user: generator.index(below: 14), item: generator.index(below: 20 + generator.index(below: 30)),
                type: generator.index(below: 2), time: time,
                value: generator.index(below: 6) == 0 ? -2 : Float(1 + generator.index(below: 4)))
        }
    }

    private static let weights = EventWeights.standard

    private func histories(
        _ rows: [Row], hasTimes: Bool, halfLifeDays: Double?
    ) -> (userIds: [String], histories: UserHistories) {
        var log = InteractionLog(eventTypes: Self.weights.names, hasTimes: hasTimes)
        for row in rows {
            log.append(
                user: SampleCatalogue.userId(row.user), item: SampleCatalogue.itemId(row.item),
                eventType: UInt8(row.type), time: row.time, value: row.value)
        }
        let built = InteractionMatrix.build(
            from: log, weights: Self.weights, halfLifeDays: halfLifeDays,
            extraItemIds: (0..<Self.itemCount).map(SampleCatalogue.itemId))
        return (built.userIds, built.histories)
    }

    private struct Pair {
        var old: Recommender
        var new: Recommender
        var source: ListedHistories
    }

    private func catalogue(seed: UInt64, hasTimes: Bool, halfLifeDays: Double?) -> SampleCatalogue {
        var catalogue = SampleCatalogue.random(itemCount: Self.itemCount, userCount: 0, seed: seed)
        catalogue.hasTimes = hasTimes
        catalogue.historyDecay = "0.1 0.8"
        catalogue.returningDecay = "0.3 0.6"
        catalogue.fallbackShare = "0.2 0.9 40000000"
        catalogue.halfLifeDays = halfLifeDays
        return catalogue
    }

    /// An index of the first rows with the others as events, and an index of all of them.
    private func pair(
        seed: UInt64, hasTimes: Bool = true, halfLifeDays: Double? = nil, consumed: Int = 0, person: Int? = nil,
        model: (inout SampleCatalogue) -> Void = { _ in }
    ) throws -> Pair {
        var catalogue = catalogue(seed: seed, hasTimes: hasTimes, halfLifeDays: halfLifeDays)
        let first = rows(200, seed: seed, from: 1_700_000_000_000)
        // Some came late: events of before the newest of the index.
        var later = rows(60, seed: seed &+ 1000, from: first[150].time)
        if let person { for place in later.indices { later[place].user = person } }
        catalogue.stored = histories(first + later.prefix(consumed), hasTimes: hasTimes, halfLifeDays: halfLifeDays)
        catalogue.consumedSequence = UInt64(consumed)
        model(&catalogue)
        let old = try catalogue.recommender()
        catalogue.stored = histories(first + later, hasTimes: hasTimes, halfLifeDays: halfLifeDays)
        model(&catalogue)
        let types = Self.weights.entries
        let source = ListedHistories(
            later.enumerated().map { place, row in
                ListedHistories.Event(
                    userId: SampleCatalogue.userId(row.user), itemId: SampleCatalogue.itemId(row.item),
                    weight: types[row.type].weight * Double(row.value), time: row.time, sequence: UInt64(place + 1))
            })
        old.liveHistories = source
        return Pair(old: old, new: try catalogue.recommender(), source: source)
    }

    private func answers(_ recommender: Recommender, users: Range<Int> = 0..<15) -> [Recommendation] {
        users.flatMap { user -> [Recommendation] in
            let id = SampleCatalogue.userId(user)
            var options = RecommendationOptions(count: 40)
            let own = recommender.recommend(for: UserEvidence(userId: id), options: options)
            let recent = [RecentItem(itemId: SampleCatalogue.itemId(user), eventWeight: 2)]
            let mixed = recommender.recommend(for: UserEvidence(userId: id, recentItems: recent), options: options)
            options.excludeSeen = false
            return [
                own, mixed, recommender.recommend(for: UserEvidence(userId: id), options: options),
                recommender.popular(.popular, userId: id, options: RecommendationOptions(count: 40)),
                recommender.recommend(session: [SampleCatalogue.itemId(3)], userId: id, options: options),
            ]
        }
    }

    /// Weights and quantities are whole numbers, so sums are exact.
    @Test(arguments: 0..<8) func answersAreThoseOfARebuiltIndex(seed: UInt64) throws {
        let pair = try pair(seed: seed)
        #expect(answers(pair.old) == answers(pair.new))
        #expect(pair.source.askedCount > 0)
    }

    /// A person's own history is what factors are folded from, to the last bit.
    @Test(arguments: 0..<3) func factorsAreFoldedFromTheSameHistory(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let values = (0..<Self.itemCount * 4).map { _ in Float(generator.unit()) - 0.3 }
        let pair = try pair(seed: seed) { catalogue in
            catalogue.factorModel = FactorModelContents(
                items: DenseMatrix(rowCount: Self.itemCount, columnCount: 4, values: values),
                gram: DenseMatrix(rowCount: 4, columnCount: 4, values: (0..<16).map { $0 % 5 == 0 ? 3 : 0.1 }),
                constants: [0.5, 1, 0.1, 1])
            catalogue.factorShare = 0.5
        }
        #expect(answers(pair.old) == answers(pair.new))
    }

    /// Who is compared with users whom the index knows as they are finds the same neighbours: somebody whom it knows, and somebody new.
    @Test(arguments: 0..<3, [4, 14]) func usersAreComparedByTheSameHistory(seed: UInt64, person: Int) throws {
        let pair = try pair(seed: seed, person: person) { catalogue in
            guard let histories = catalogue.stored?.histories else { return }
            var users = [[Int32]](repeating: [], count: Self.itemCount)
            for user in 0..<histories.userCount {
                for entry in histories.range(ofUser: user) where histories.sums[entry] > 0 {
                    users[Int(histories.itemIndexes[entry])].append(Int32(user))
                }
            }
            var lists = IndexLists()
            for list in users { lists.append(list) }
            catalogue.usersOfItems = lists
        }
        // A session is nobody's, and is compared with everybody as the index has them.
        let found = answers(pair.old, users: person..<person + 1).dropLast()
        #expect(found == answers(pair.new, users: person..<person + 1).dropLast())
        #expect(found[0].items.contains { $0.source == .collaborative })
    }

    /// What the index has consumed counts once.
    @Test(arguments: [1, 17, 60]) func nothingCountsTwice(consumed: Int) throws {
        let pair = try pair(seed: 3, consumed: consumed)
        #expect(answers(pair.old) == answers(pair.new))
    }

    @Test(arguments: 0..<4) func weightsFadeAsInARebuiltIndex(seed: UInt64) throws {
        let pair = try pair(seed: seed, halfLifeDays: 2)
        for (found, expected) in zip(answers(pair.old), answers(pair.new)) {
            #expect(found.userState == expected.userState && found.items.count == expected.items.count)
            for (item, other) in zip(found.items, expected.items) {
                #expect(abs(item.score - other.score) <= 1e-5 * max(1, other.score.magnitude))
            }
        }
    }

    /// Everything is equally recent; what was done since comes first where the history has a limit.
    @Test func withoutTimesEverythingIsEquallyRecent() throws {
        let pair = try pair(seed: 2, hasTimes: false)
        for (found, expected) in zip(answers(pair.old), answers(pair.new)) {
            #expect(found.userState == expected.userState)
            for (item, other) in zip(found.items, expected.items) {
                #expect(abs(item.score - other.score) <= 1e-5 * max(1, other.score.magnitude))
            }
        }
    }

    @Test func aNewUserIsAnsweredByWhatTheyDo() throws {
        var catalogue = SampleCatalogue(itemCount: 4)
        catalogue.collaborative[1][3] = 1
        let recommender = try catalogue.recommender()
        recommender.liveHistories = ListedHistories([
            .init(userId: "newcomer", itemId: "i0001", weight: 1, time: 5, sequence: 1)
        ])
        let answer = recommender.recommend(
            for: UserEvidence(userId: "newcomer"), options: RecommendationOptions(count: 4))
        #expect(answer.items.map(\.item) == [3, 0, 2] && answer.items[0].source == .collaborative)
        #expect(answer.userState.known && answer.userState.usedItemCount == 1)
        let stranger = recommender.recommend(
            for: UserEvidence(userId: "stranger"), options: RecommendationOptions(count: 4))
        #expect(!stranger.userState.known && stranger.items.map(\.item) == [0, 1, 2, 3])
    }

    /// The index has no newest time that what came later could be compared with.
    @Test func whatIsDoneCountsWhereTheIndexHasNoHistories() throws {
        var catalogue = SampleCatalogue(itemCount: 4)
        catalogue.collaborative[1][3] = 1
        catalogue.halfLifeDays = 3
        let recommender = try catalogue.recommender()
        recommender.liveHistories = ListedHistories([
            .init(userId: "first", itemId: "i0001", weight: 1, time: 1_700_000_000_000, sequence: 1)
        ])
        let answer = recommender.recommend(for: UserEvidence(userId: "first"), options: RecommendationOptions(count: 4))
        #expect(answer.items.first?.item == 3 && answer.userState.usedItemCount == 1)
    }

    /// A history is bounded: the most recent events of somebody who does nothing else count.
    @Test func aVeryBusyUserIsAnswered() throws {
        var catalogue = SampleCatalogue(itemCount: 3)
        catalogue.collaborative[1][2] = 1
        let recommender = try catalogue.recommender()
        let events = (0..<25_000).map { (number: Int) -> ListedHistories.Event in
            .init(
                userId: "robot", itemId: number < 20 ? "i0000" : "i0001", weight: 1, time: Int64(number),
                sequence: UInt64(number + 1))
        }
        recommender.liveHistories = ListedHistories(events)
        let answer = recommender.recommend(for: UserEvidence(userId: "robot"), options: RecommendationOptions(count: 3))
        #expect(answer.userState.usedItemCount == 1)
        #expect(answer.items.map(\.item) == [2, 0])
    }
}
