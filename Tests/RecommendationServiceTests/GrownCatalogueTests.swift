import Foundation
import LinearAlgebra
import RecommendationIndex
import RecommendationService
import TestSupport
import Testing

/// An index with an overlay answers as an index that has everything: the same ids in the same order, ties included.
@Suite struct GrownCatalogueTests {
    enum Model: CaseIterable { case lists, factors, users, sessions, contentOnly }

    private func catalogue(_ model: Model, seed: UInt64) -> GrownCatalogue {
        var generator = SeededGenerator(seed: seed &+ 77)
        let itemCount = 60
        var catalogue = SampleCatalogue.random(itemCount: itemCount, userCount: 10, seed: seed)
        catalogue.fallbackShare = seed % 2 == 0 ? "0.7 0 0" : nil
        // Equal scores, for ties.
        for item in 0..<itemCount where item % 3 == 0 { catalogue.popularity[item] = 1 }
        switch model {
        case .lists, .sessions: break
        case .contentOnly:
            catalogue.collaborative = catalogue.collaborative.map { $0.map { _ in 0 } }
            catalogue.interactionCounts = catalogue.interactionCounts.map { _ in 0 }
            catalogue.coldItemsHaveLinks = false
        case .factors:
            catalogue.coldItemsHaveLinks = true
            catalogue.hasVector = catalogue.hasVector.map { _ in true }
            // Whole numbers of which 127 is the largest are kept exactly.
            let values = (0..<itemCount * 3).map { place in
                place % 3 == 0 ? Float(127) : Float(generator.index(below: 255)) - 127
            }
            catalogue.factorModel = FactorModelContents(
                items: DenseMatrix(rowCount: itemCount, columnCount: 3, values: values),
                gram: DenseMatrix(rowCount: 3, columnCount: 3, values: [9000, 0, 0, 0, 9000, 0, 0, 0, 9000]),
                constants: [1, 1, 0.1, 1])
        case .users:
            var lists = IndexLists()
            for item in 0..<itemCount {
                let users = catalogue.histories.indices.filter { user in
                    catalogue.histories[user].contains { $0.item == item }
                }
                lists.append(users.map { Int32($0) })
            }
            catalogue.usersOfItems = lists
        }
        let late = (0..<itemCount).shuffled(using: &generator).prefix(12).sorted()
        var grown = GrownCatalogue(catalogue, late: late, seed: seed)
        if model == .users {
            var lists = IndexLists()
            for item in 0..<itemCount {
                lists.append(late.contains(item) ? [] : Array(catalogue.usersOfItems?[item] ?? []))
            }
            grown.whole.usersOfItems = lists
        }
        if model == .sessions { grown.whole.sessionModel = sessions(without: late, &generator) }
        return grown
    }

    /// Sessions of five items of the older index.
    private func sessions(without late: [Int], _ generator: inout SeededGenerator) -> SessionModelContents {
        let early = (0..<60).filter { !late.contains($0) }
        var sessions = IndexLists()
        var sessionsOfItems = [[Int32]](repeating: [], count: 60)
        for session in 0..<30 {
            let items = early.shuffled(using: &generator).prefix(5)
            sessions.append(items.map { Int32($0) })
            for item in items { sessionsOfItems[item].append(Int32(session)) }
        }
        var lists = IndexLists()
        for list in sessionsOfItems { lists.append(list) }
        return SessionModelContents(
            sessions: sessions, sessionsOfItems: lists,
            itemWeights: sessionsOfItems.map { log(30 / Float(max($0.count, 1))) },
            rules: SparseMatrix(
                rowCount: 60, columnCount: 60, rowOffsets: Array(repeating: 0, count: 61), columnIndexes: [],
                values: []))
    }

    private typealias Request = (Recommender) -> Recommendation

    private func requests(_ late: [Int], seed: UInt64) -> [Request] {
        var generator = SeededGenerator(seed: seed)
        var requests: [Request] = []
        func options(_ count: Int) -> RecommendationOptions { RecommendationOptions(count: count) }
        for user in 0..<10 {
            let id = SampleCatalogue.userId(user)
            let some = [
                SampleCatalogue.itemId(late[generator.index(below: late.count)]),
                SampleCatalogue.itemId(generator.index(below: 60)), SampleCatalogue.itemId(late[user]),
            ]
            let recent = some.map { RecentItem(itemId: $0, eventWeight: 3) }
            requests.append { $0.recommend(for: UserEvidence(userId: id), options: options(60)) }
            requests.append { $0.recommend(for: UserEvidence(userId: id, recentItems: recent), options: options(9)) }
            requests.append { $0.recommend(for: UserEvidence(recentItems: recent), options: options(60)) }
            requests.append { $0.recommend(session: some, userId: id, options: options(20)) }
            requests.append { recommender in
                recommender.recommend(
                    similarTo: recommender.view.item(some[user % 2]) ?? 0, userId: id, options: options(20))
            }
            for kind in [PopularityKind.popular, .trending, .recent] {
                requests.append { $0.popular(kind, userId: id, options: options(60)) }
            }
            requests.append {
                var options = options(60)
                options.excludeIds = (0..<40).map(SampleCatalogue.itemId)
                options.excludeSeen = false
                return $0.recommend(for: UserEvidence(userId: id, recentItems: recent), options: options)
            }
            requests.append {
                var options = options(5)
                options.onlyIds = some + (0..<60).filter { $0 % 5 == 0 }.map(SampleCatalogue.itemId)
                return $0.recommend(for: UserEvidence(userId: id), options: options)
            }
        }
        return requests
    }

    private func expectEqual(_ recommender: Recommender, _ whole: Recommender, _ request: Request) {
        // Links of new items are in single precision, those of an index are rounded.
        let tolerance: Float = 1e-5
        let (found, expected) = (request(recommender), request(whole))
        let ids = found.items.map { recommender.view.idString(of: $0.item) }
        let wantedIds = expected.items.map { whole.view.idString(of: $0.item) }
        #expect(found.userState == expected.userState && ids.count == wantedIds.count)
        for (item, other) in zip(found.items, expected.items) {
            #expect(abs(item.score - other.score) <= tolerance * max(1, other.score.magnitude))
        }
        #expect(ids == wantedIds)
        #expect(found.items.map(\.source) == expected.items.map(\.source))
        let explained = recommender.evidence(for: found.items.prefix(5).map(\.item), limit: 3)
        let wanted = whole.evidence(for: expected.items.prefix(5).map(\.item), limit: 3)
        for (shares, others) in zip(explained, wanted) {
            #expect(
                shares.map { recommender.view.idString(of: $0.item) } == others.map { whole.view.idString(of: $0.item) }
            )
        }
    }

    @Test(arguments: Model.allCases, 0..<4) func answersAreThoseOfAWholeIndex(model: Model, seed: UInt64) throws {
        let catalogue = catalogue(model, seed: seed)
        let whole = Recommender(try catalogue.whole.serving())
        let grown = try catalogue.grownRecommender()
        for request in requests(catalogue.late, seed: seed) { expectEqual(grown, whole, request) }
    }

    @Test(arguments: 0..<3) func theOrderOfArrivalDoesNotMatter(seed: UInt64) throws {
        let catalogue = catalogue(.lists, seed: seed)
        let whole = Recommender(try catalogue.whole.serving())
        let grown = try catalogue.grownRecommender(order: catalogue.late.reversed())
        for request in requests(catalogue.late, seed: seed) { expectEqual(grown, whole, request) }
    }

    /// The recommender that has seen other overlays, and none, answers as a fresh one.
    @Test func overlaysComeAndGo() throws {
        let catalogue = catalogue(.lists, seed: 5)
        let serving = try catalogue.base().serving()
        let recommender = Recommender(serving)
        let requests = requests(catalogue.late, seed: 5)
        let before = requests.map { $0(recommender) }
        for length in [12, 3, 7] {
            var builder = try catalogue.builder(for: serving, order: Array(catalogue.late.prefix(length)))
            for item in 0..<length { try builder.setAvailability(.never, of: ItemNumber(item * 2)) }
            let overlay = builder.snapshot()
            serving.live.publish(overlay)
            recommender.refresh(now: 0)
            let fresh = Recommender(serving)
            fresh.refresh(now: 0)
            for request in requests { #expect(request(recommender) == request(fresh)) }
        }
        serving.live.publish(nil)
        recommender.refresh(now: 0)
        for (request, answer) in zip(requests, before) { #expect(request(recommender) == answer) }
    }
}
