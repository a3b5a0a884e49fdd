import Evaluation
import Foundation
import Interactions
import Testing

@Suite struct SessionQueriesTests {
    private typealias Query = SessionQueries.Query

    private func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("foretaste-\(UUID().uuidString).txt")
        try Data(text.utf8).write(to: file)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: file) } }
        return try body(file.path)
    }

    @Test func everyItemFromTheSecondOnIsAQuery() {
        let queries = SessionQueries(
            dividing: [["a", "b"], ["b", "c"], ["a", "x", "b", "a"], ["c"]], trainingShare: 0.5)
        #expect(queries.training == [["a", "b"], ["b", "c"]])
        // Nobody has seen x in training.
        #expect(queries.queries == [Query(prefix: ["a"], next: "b"), Query(prefix: ["a", "b"], next: "a")])
        #expect(SessionQueries(dividing: [], trainingShare: 0.9).queries.isEmpty)
    }

    @Test func readsTheLayoutOfThePublishedFiles() throws {
        #expect(
            try withFile("1 2\n3  4 3\n") { try SessionQueries.readSessions($0) } == [["1", "2"], ["3", "4", "3"]])
        let queries = try withFile("5 6\t7\n5\t6\n") { try SessionQueries.readQueries($0) }
        #expect(queries == [Query(prefix: ["5", "6"], next: "7"), Query(prefix: ["5"], next: "6")])
        for text in ["5 6\n", "\t6\n", "5\t\n", "5\t6 7\n", "5\t6\t7\n"] {
            #expect(throws: ReadError.self) { try withFile(text) { try SessionQueries.readQueries($0) } }
        }
    }

    @Test func aLogsSessionsComeOldestFirst() {
        var log = InteractionLog(eventTypes: ["view"], hasTimes: true)
        for (item, time, session) in [("b", 5, 0), ("a", 1, 0), ("c", 2, 1)] as [(String, Int64, Int32)] {
            log.append(user: "u", item: item, time: time, session: session)
        }
        #expect(SessionSequences.itemIds(of: log) == [["c"], ["a", "b"]])
        let again = SessionQueries(training: [["c"], ["a", "b"]], queries: []).trainingLog
        #expect(again.sessionIndexes == [0, 1, 1] && !again.hasTimes)
        #expect(SessionSequences.itemIds(of: again) == [["c"], ["a", "b"]])
    }

    @Test func figuresOfThreeLists() throws {
        let lists: [[Int32]] = [[7, 1], [1, 2, 7], [3]]
        let evaluation = NextItemEvaluation(of: "x", wanted: [7, 7, -1], at: try CutOffs([1, 3])) { query in
            (lists[query], Int64(1000 * (query + 1)))
        }
        let third: Double = 1.0 / 3
        let hitRates = evaluation.hitRate.map { $0?.mean ?? -1 }
        #expect(hitRates == [third, 2 * third])
        let reciprocalRanks = evaluation.reciprocalRank.map { $0?.mean ?? -1 }
        #expect(reciprocalRanks == [third, (1 + third) / 3])
        // Ranks 1 and 3: 1 and 1 / log2(4).
        let gains = evaluation.ndcg.map { $0?.mean ?? -1 }
        #expect(gains == [third, 0.5])
        #expect(evaluation.latency?.mean == 2)
        #expect(evaluation.latency?.p99 == 3)
        let nothing = NextItemEvaluation(of: "x", wanted: [], at: try CutOffs([5])) { _ in ([], 0) }
        #expect(nothing.hitRate.count == 1 && nothing.hitRate[0] == nil)
        #expect(nothing.latency == nil)
    }
}
