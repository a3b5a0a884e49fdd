import Interactions
import RecommendationService
import Synchronization
import Testing

/// Filters that are looked over elsewhere come to what they come to here.
@Suite struct RuleDeskTests {
    /// Work that waits until a test does it.
    private final class Bench: Sendable {
        private let works = Mutex<[RuleDesk.Work]>([])
        var count: Int { works.withLock { $0.count } }

        func put(_ work: @escaping RuleDesk.Work) { works.withLock { $0.append(work) } }

        func doAll() {
            while let work = works.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { work() }
        }
    }

    private final class Results: Sendable {
        private let found = Mutex<[RuleResult]>([])
        var all: [RuleResult] { found.withLock { $0 } }
        func take(_ result: RuleResult) { found.withLock { $0.append(result) } }
    }

    private static let itemCount = 500
    private let catalogue: SampleCatalogue
    private let bench = Bench()
    private let desk: RuleDesk

    init() {
        var catalogue = SampleCatalogue.random(itemCount: Self.itemCount, userCount: 5, seed: 20_261_130)
        catalogue.properties = (0..<Self.itemCount).map { place in
            [.init("price", .number(Double(place * 7 % 100))), .init("title", .string("title x\(place)"))]
        }
        self.catalogue = catalogue
        desk = RuleDesk(workerCount: 2, quickNanoseconds: 0) { [bench] in bench.put($0) }
    }

    private func makeRecommender(_ serving: ServingIndex, _ desk: RuleDesk?) -> Recommender {
        let recommender = Recommender(serving)
        recommender.filters.desk = desk
        return recommender
    }

    private func ask(
        _ recommender: Recommender, filter: String? = nil, boost: String? = nil, lent: [RuleResult] = []
    ) throws -> Recommendation {
        // As a server does: what has changed since is seen afterwards.
        recommender.filters.begin(lent: lent, mayWait: true)
        recommender.refresh(now: 0)
        var options = RecommendationOptions(count: 20)
        options.filter = try filter.map { try recommender.filters.filter($0) }
        options.boost = try boost.map { try recommender.filters.boost($0) }
        return recommender.recommend(for: UserEvidence(userId: SampleCatalogue.userId(1)), options: options)
    }

    private func lookOver(_ missing: RuleEvaluation, _ results: Results, isWanted: Bool = true) -> Bool {
        desk.evaluate(missing, isWanted: { isWanted }, then: { results.take($0) })
    }

    @Test func whatIsLookedOverElsewhereIsTheSame() throws {
        let serving = try catalogue.serving()
        let here = makeRecommender(serving, nil)
        let waiting = makeRecommender(serving, desk)
        for filter in ["price < 30", "title contains 'x1'", "not price > 50 and title ends with '7'"] {
            let boost = "1 + (price > 20)"
            var lent = Results()
            var answer = try ask(waiting, filter: filter, boost: boost)
            var waits = 0
            while let missing = waiting.filters.takeMissing() {
                let results = Results()
                for result in lent.all { results.take(result) }
                #expect(lookOver(missing, results))
                bench.doAll()
                lent = results
                answer = try ask(waiting, filter: filter, boost: boost, lent: lent.all)
                waits += 1
            }
            // The boost is the same each time.
            #expect(waits == (filter == "price < 30" ? 2 : 1))
            #expect(answer.items == (try ask(here, filter: filter, boost: boost)).items && !answer.items.isEmpty)
            // Another loop has it without work.
            let other = makeRecommender(serving, desk)
            #expect(try ask(other, filter: filter, boost: boost).items == answer.items)
            #expect(other.filters.takeMissing() == nil)
        }
    }

    /// What was asked for holds, whatever has changed while it was looked over: nobody waits twice.
    @Test func aChangeMeanwhileMakesNobodyWaitAgain() throws {
        let serving = try catalogue.serving()
        let recommender = makeRecommender(serving, desk)
        var builder = CatalogOverlayBuilder(serving)
        let results = Results()
        for rule in ["filter", "boost"] {
            let (filter, boost) = rule == "filter" ? ("price < 30", nil) : (nil, "1 + price")
            _ = try ask(recommender, filter: filter, boost: boost)
            let missing = try #require(recommender.filters.takeMissing())
            #expect(lookOver(missing, results))
            var new = NewItem(id: "new \(rule)")
            new.properties = [.init("price", .number(1))]
            new.scores.popular = 1_000
            try builder.put(new)
            serving.live.publish(builder.snapshot())
            bench.doAll()
            #expect(try ask(recommender, filter: filter, boost: boost, lent: results.all).items.count == 20)
            #expect(recommender.filters.takeMissing() == nil)
        }
        // Fewer items than it was looked over for: it is no answer any more.
        _ = try ask(recommender, filter: "price < 60")
        let missing = try #require(recommender.filters.takeMissing())
        #expect(lookOver(missing, results))
        bench.doAll()
        serving.live.publish(nil)
        _ = try ask(recommender, filter: "price < 60", lent: results.all)
        #expect(recommender.filters.takeMissing() != nil)
    }

    @Test func theSameIsLookedOverOnceForAll() throws {
        let serving = try catalogue.serving()
        let results = Results()
        for _ in 0..<5 {
            let recommender = makeRecommender(serving, desk)
            _ = try ask(recommender, filter: "price < 30")
            let missing = try #require(recommender.filters.takeMissing())
            #expect(lookOver(missing, results))
        }
        #expect(desk.openCount == 1 && bench.count == 1)
        bench.doAll()
        #expect(results.all.count == 5 && desk.evaluationCount == 1 && desk.openCount == 0)
    }

    @Test func whatNobodyWantsIsNotLookedOver() throws {
        let recommender = makeRecommender(try catalogue.serving(), desk)
        _ = try ask(recommender, filter: "price < 30")
        let missing = try #require(recommender.filters.takeMissing())
        let results = Results()
        #expect(lookOver(missing, results, isWanted: false))
        bench.doAll()
        #expect(results.all.isEmpty && desk.evaluationCount == 0 && desk.openCount == 0)
        // One who wants it among others who do not.
        #expect(lookOver(missing, Results(), isWanted: false))
        #expect(lookOver(missing, results))
        bench.doAll()
        #expect(results.all.count == 1)
    }

    @Test func moreThanTheLimitIsRefused() throws {
        let recommender = makeRecommender(try catalogue.serving(), desk)
        let results = Results()
        for place in 0...RuleDesk.evaluationLimit {
            _ = try ask(recommender, filter: "price < \(place)")
            let missing = try #require(recommender.filters.takeMissing())
            let isTaken = lookOver(missing, results)
            #expect(isTaken == (place < RuleDesk.evaluationLimit))
        }
        #expect(bench.count == 2, "as many as work at a time")
        bench.doAll()
        #expect(results.all.count == RuleDesk.evaluationLimit && desk.openCount == 0)
    }

    /// An asker, told by its address as a connection is.
    private final class Asker {}

    @Test func oneAskerLeavesRoomAndTurnsToOthers() throws {
        let recommender = makeRecommender(try catalogue.serving(), desk)
        let (greedy, modest) = (Asker(), Asker())
        let order = Results()
        var takenCount = 0
        for place in 0..<RuleDesk.evaluationLimit {
            _ = try ask(recommender, filter: "price < \(place)")
            let missing = try #require(recommender.filters.takeMissing())
            let isTaken = desk.evaluate(
                missing, for: ObjectIdentifier(greedy), isWanted: { true }, then: { order.take($0) })
            takenCount += isTaken ? 1 : 0
        }
        #expect(takenCount == RuleDesk.askerLimit)
        // Two workers have been asked for; neither has begun. The other's one filter is the second that is looked over.
        _ = try ask(recommender, filter: "price > 1")
        let missing = try #require(recommender.filters.takeMissing())
        let place = Mutex<Int?>(nil)
        let isTaken = desk.evaluate(
            missing, for: ObjectIdentifier(modest), isWanted: { true },
            then: { _ in place.withLock { $0 = order.all.count } })
        #expect(isTaken)
        bench.doAll()
        #expect(place.withLock { $0 } == 1)
        #expect(order.all.count == RuleDesk.askerLimit && desk.openCount == 0)
        // Who waits for what another looks over takes no room.
        _ = try ask(recommender, filter: "price > 2")
        let shared = try #require(recommender.filters.takeMissing())
        for asker in [greedy, modest] {
            let isTaken = desk.evaluate(
                shared, for: ObjectIdentifier(asker), isWanted: { true }, then: { order.take($0) })
            #expect(isTaken)
        }
        #expect(desk.openCount == 1)
        bench.doAll()
        withExtendedLifetime((greedy, modest)) {}
    }
}
