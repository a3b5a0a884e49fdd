import HybridBlending
import IndexBuilding
import Interactions
import RecommendationIndex
import RecommendationService
import TestSupport
import Testing

private struct Silent: BuildObserver {
    func stage(_ name: String) {}
    func reading(_ path: String) {}
    func progress(done: Int, total: Int) {}
    func read(_ report: ReadReport) {}
}

/// What `recommend(session:)` answers from a small shop: after a comes b, after c comes d, and z is in a session of its own.
@Suite struct SessionAnswerTests {
    private static let sessions = [["a", "b"], ["a", "b"], ["c", "d"], ["c", "d", "c"], ["z"]]

    private func recommender(_ model: SessionModelChoice = .automatic) throws -> Recommender {
        var log = InteractionLog(eventTypes: EventWeights.standard.names, hasTimes: false)
        for (session, items) in Self.sessions.enumerated() {
            for item in items { log.append(user: "u\(session)", item: item, session: Int32(session)) }
        }
        var configuration = BuildConfiguration(threadCount: 1, memoryLimitBytes: 1 << 30)
        configuration.sessionModel = model
        let contents = try IndexBuilder(configuration).contents(
            of: LoadedInputs(log: log, items: [], reports: []), createdMilliseconds: 1_764_000_000_000,
            observer: Silent())
        let directory = try TemporaryDirectory()
        let path = directory.path("session.index")
        _ = try IndexDirectory(path: path).beginBuild().publish(contents)
        let index = try RecommendationIndex.open(path)
        #expect((index.sessionModel != nil) == (model == .automatic))
        return Recommender(ServingIndex(index))
    }

    private func ids(_ answer: Recommendation, _ recommender: Recommender) -> [String] {
        answer.items.map { recommender.serving.index.items.string(at: $0.item.index) }
    }

    private func options(_ count: Int, excludeSeen: Bool, strict: Bool = false) -> RecommendationOptions {
        var options = RecommendationOptions(count: count)
        options.excludeSeen = excludeSeen
        options.strict = strict
        return options
    }

    @Test func theOpenPageStaysOutWhereAsked() throws {
        let recommender = try recommender()
        var options = options(9, excludeSeen: false)
        let all = ids(recommender.recommend(session: ["unknown", "c", "d"], options: options), recommender)
        #expect(all.contains("c") && all.contains("d"))
        options.excludeCurrent = true
        let without = ids(recommender.recommend(session: ["unknown", "c", "d"], options: options), recommender)
        #expect(without.contains("d") && !without.contains("c"))
    }

    @Test func whatFollowedComesFirst() throws {
        let recommender = try recommender()
        let answer = recommender.recommend(session: ["a"], options: options(1, excludeSeen: true))
        #expect(ids(answer, recommender) == ["b"])
        #expect(answer.items.first?.source == .collaborative)
        #expect(!answer.fallbackUsed)
        #expect(!answer.userState.known)
        #expect(answer.userState.usedItemCount == 1 && answer.userState.unknownItemCount == 0)
        #expect(
            ids(recommender.recommend(session: ["c"], options: options(1, excludeSeen: true)), recommender) == ["d"])
    }

    @Test func seenItemsComeBackUnlessExcluded() throws {
        let recommender = try recommender()
        let kept = recommender.recommend(session: ["b", "a"], options: options(5, excludeSeen: false, strict: true))
        #expect(Set(ids(kept, recommender)) == ["a", "b"])
        let without = recommender.recommend(session: ["b", "a"], options: options(5, excludeSeen: true, strict: true))
        #expect(without.items.isEmpty)
    }

    @Test func unknownItemsAreCountedAndTheListIsFilledUp() throws {
        let recommender = try recommender()
        let answer = recommender.recommend(
            session: ["nothing", "a", "nothing", "a"], options: options(10, excludeSeen: true))
        #expect(answer.userState.unknownItemCount == 2 && answer.userState.usedItemCount == 1)
        let found = ids(answer, recommender)
        #expect(found.first == "b" && found.sorted() == ["b", "c", "d", "z"])
        #expect(answer.fallbackUsed)
        let empty = recommender.recommend(session: ["nothing"], options: options(10, excludeSeen: true))
        #expect(empty.items.allSatisfy { $0.source == .fallback } && empty.items.count == 5)
    }

    @Test func aUsersOwnItemsStayOutOnRequest() throws {
        let recommender = try recommender()
        let out = recommender.recommend(session: ["a"], userId: "u2", options: options(9, excludeSeen: true))
        #expect(ids(out, recommender).sorted() == ["b", "z"])
        #expect(out.userState.known)
        let all = recommender.recommend(session: ["a"], userId: "u2", options: options(9, excludeSeen: false))
        #expect(all.items.count == 5)
    }

    @Test func withoutASessionModelTheItemsListsAnswer() throws {
        let recommender = try recommender(.none)
        let answer = recommender.recommend(session: ["a"], options: options(3, excludeSeen: true, strict: true))
        #expect(ids(answer, recommender) == ["b"])
        #expect(recommender.evidence(for: answer.items[0].item, limit: 3).count == 1)
    }

    @Test func oneWorkspaceAnswersManyRequestsAlike() throws {
        let recommender = try recommender()
        let queries = [["a"], ["c", "a"], ["z"], ["d", "c", "b", "a"]]
        let first = queries.map { recommender.recommend(session: $0, options: options(4, excludeSeen: false)) }
        for (query, answer) in zip(queries, first).reversed() {
            #expect(recommender.recommend(session: query, options: options(4, excludeSeen: false)) == answer)
        }
    }
}
