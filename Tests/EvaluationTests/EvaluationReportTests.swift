import Testing

@testable import Evaluation

/// Two users with history, one new; items 0...3, all in the catalogue. User 0 wants 2, user 1 wants 3, user 2 wants 0.
private func makeReport(newUser: Bool = true) throws -> EvaluationReport {
    let training = SplitInput(users: [0, 1], items: [0, 1], times: [1, 2])
    let users: [Int32] = newUser ? [0, 1, 2] : [0, 1]
    let items: [Int32] = newUser ? [2, 3, 0] : [2, 3]
    let test = SplitInput(users: users, items: items, times: users.map { _ in 5 })
    let split = try DataSplit(training: training, givenTest: test)
    let task = RankingTask(split: split, training: training, test: test, itemCount: 4, catalogueItemCount: 4)
    let cutOffs = try CutOffs([1, 2])
    // The hybrid finds all at rank 1, content user 0's, popularity user 2's at rank 1 and nobody else's.
    let groupings = [
        UserGrouping(byActivityOf: task),
        UserGrouping(by: "segment", labels: newUser ? ["b", "a", nil] : ["b", "a"]),
    ]
    func evaluation(_ name: String, _ lists: [[Int32]]) -> SystemEvaluation {
        SystemEvaluation(of: name, on: task, at: cutOffs, groupings: groupings) { user, _ in lists[Int(user)] }
    }
    let hybrid = evaluation("hybrid", [[2], [3], [0]])
    let content = evaluation("content", [[2, 1], [0, 2], []])
    let popularity = evaluation("popularity", [[1], [0], [0, 1]])
    let latency = LatencySummary(nanoseconds: [1000, 3000, 2000])
    return EvaluationReport(
        of: split, task: task, systems: [(hybrid, latency), (content, nil), (popularity, nil)],
        cutOffs: cutOffs, reference: "hybrid", bootstrap: BootstrapSettings(resampleCount: 100, seed: 3),
        categoryName: "genre", setup: [.init("model", "ease")], notes: ["A note."],
        warnings: ["A \"warning\"."])
}

struct EvaluationReportTests {
    @Test func theVerdictIsOneSentenceOfWhatIsFoundAndOneOfWhatIsBeaten() throws {
        let report = try makeReport()
        #expect(
            report.verdict
                == "The hybrid puts something that was then taken among the first 1 for 100.0 % of 3 test users. By NDCG@1 it is "
                + "not to be told apart from content (+0.6667) and popularity (+0.6667).")
        #expect(report.text.contains("\nVerdict\n- \(report.verdict)"))
    }

    @Test func theTableIsAlignedAndEveryMetricCarriesItsCutOff() throws {
        let lines = try makeReport().text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[0] == "Split given. Ranked: 4 items less the user's training items.")
        let expected = """
            All test users
            System      HitRate@1  NDCG@1  Recall@1  Precision@1   MRR@1   MAP@1  UserCov@1
            hybrid         1.0000  1.0000    1.0000       1.0000  1.0000  1.0000     1.0000
            content        0.3333  0.3333    0.3333       0.3333  0.3333  0.3333     0.6667
            popularity     0.3333  0.3333    0.3333       0.3333  0.3333  0.3333     1.0000
            """
        #expect(lines[2...6].joined(separator: "\n") == expected)
        // Of items 0 and 1 training knows one interaction each, of two: 1 bit; cold items count as one: 1 bit.
        let beyond = """
            Beyond accuracy
            System      CatCov@1  Popularity@1  Gini@1  Novelty@1  Diversity@1  Semantic@1
            hybrid        0.7500        0.3333  0.2500     1.0000            -           -
            content       0.5000        0.5000  0.5000     1.0000            -           -
            popularity    0.5000        1.0000  0.5833     1.0000            -           -
            """
        let text = lines.joined(separator: "\n")
        #expect(text.contains(beyond))
        #expect(lines.contains("95 % intervals over users (bootstrap, 100 resamples, seed 3)"))
        #expect(lines.contains("- 1 test users have no training interaction."))
        #expect(lines.suffix(2).map { $0.prefix(9) } == ["- 2 of 3 ", "- A \"warn"])
        #expect(lines.allSatisfy { $0.last != " " })
        let latency = """
            Microseconds a request on this machine, one at a time
            System  Requests  p50  p90  p99  Mean  Seconds in all
            hybrid         3    2    3    3     2            0.00
            """
        #expect(text.contains(latency))
    }

    @Test func everyGroupWithUsersHasAColumn() throws {
        let text = try makeReport().text
        let activity = """
            NDCG@1 by activity of users (how many)
            System      new (1)  light (2)
            hybrid       1.0000     1.0000
            content      0.0000     0.5000
            popularity   1.0000     0.0000
            """
        #expect(text.contains(activity))
        #expect(text.contains("\nnew: no training item; light: 1 training item\n"))
        #expect(text.contains("System       a (1)   b (1)  (none) (1)\nhybrid      1.0000  1.0000      1.0000\n"))
        #expect(!(try makeReport(newUser: false).text.contains("new (")))
        // Items 2 and 3 are cold, item 0 is the head: of two with one interaction each the first has half.
        #expect(
            text.contains(
                "System      cold (2)  tail (0)  head (1)  cold shown  tail shown  head shown\nhybrid        1.0000         -    1.0000"
            ))
    }

    @Test func comparesWithEveryOtherSystem() throws {
        let comparisons = try makeReport().comparisons
        #expect(comparisons.map(\.cutOff) == [1, 1, 2, 2])
        #expect(comparisons.map(\.other) == ["content", "popularity", "content", "popularity"])
        // Differences 0, 1, 1: of the four choices of two signs two have a sum of at least 2 away from zero.
        #expect(comparisons[0].ndcg.interval.mean == 2.0 / 3)
        #expect(comparisons[0].ndcg.interval.upper == 1)
        #expect(comparisons[0].ndcg.test.pValue == 0.5)
        #expect(comparisons[0].ndcg.test.method == .exact)
        // Two systems with 0.5 each: twice the smaller.
        #expect(comparisons[0].ndcg.adjustedPValue == 1)
        #expect(comparisons[1].hitRate.test.pValue == 0.5)
    }

    @Test func comparesNothingWithoutAReferenceOrAnother() throws {
        let training = SplitInput(users: [0], items: [0], times: nil)
        let test = SplitInput(users: [0], items: [1], times: nil)
        let split = try DataSplit(training: training, givenTest: test)
        let task = RankingTask(split: split, training: training, test: test, itemCount: 2, catalogueItemCount: 2)
        let cutOffs = try CutOffs([1])
        let only = SystemEvaluation(of: "only", on: task, at: cutOffs) { _, _ in [1] }
        for reference in ["only", "hybrid"] {
            let report = EvaluationReport(
                of: split, task: task, systems: [(only, nil)], cutOffs: cutOffs, reference: reference)
            #expect(report.comparisons.isEmpty)
        }
    }

    @Test func theJSONHasItsKeysInOrderAndIsTheSameEachTime() throws {
        let json = try makeReport().value.compactJSON
        #expect(json == (try makeReport().value.compactJSON))
        let start = #"""
            {"split":"given","repeats":"exclude","cutOffs":[1,2],"catalogueItems":4,"counts":{"trainingInteractions":2,\#
            "testInteractions":3,"testPairs":3,"testUsers":3,"newUsers":1,"newItems":2,"newItemPairs":2,\#
            "repeatsDroppedFromTest":0,"repeatedTestInteractions":null,"repeatsDroppedFromTraining":0,"testOlderThanTraining":0,\#
            "thresholdTimeMilliseconds":null,"trainingShare":null},"systems":[{"name":"hybrid",\#
            "users":3,"metrics":{"hitRate@1":1.0,"ndcg@1":1.0,"recall@1":1.0,\#
            "precision@1":1.0,"mrr@1":1.0,"map@1":1.0,"userCoverage@1":1.0,"catalogueCoverage@1":0.75,
            """#
        #expect(json.hasPrefix(start))
        #expect(json.contains(#""reference":"hybrid","other":"content","metric":"ndcg@1""#))
        #expect(json.contains(#""excludesZero":false,"pValue":0.5,"adjustedPValue":1.0,"test":"exact"}"#))
        #expect(
            json.contains(
                #""latency":{"dependsOnMachine":true,"requests":3,"meanMicros":2.0,"p50Micros":2.0,"p90Micros":3.0,"#))
        #expect(json.contains(#""curve":{"hitRate@1":1.0,"ndcg@1":1.0,"recall@1":1.0,"#))
        #expect(json.contains(#""userGroups":{"activity":[{"name":"new","rule":"no training item","users":1,"#))
        #expect(json.contains(#""segment":[{"name":"a","rule":"","users":1,"metrics":{"hitRate@1":1.0,"#))
        #expect(
            json.contains(
                #""itemGroups":[{"name":"cold","testPairs":2,"metrics":{"recall@1":1.0,"shownShare@1":0.6666666666666666,"#
            ))
        #expect(json.contains(#""category":"genre","setup":{"model":"ease"},"notes":["#))
        #expect(json.hasSuffix(#""A \"warning\"."]}"#))
    }
}

struct ReportValueTests {
    @Test func writesEveryKind() {
        let value = ReportValue.object([
            ("b", .integer(-3)), ("a", .number(0.1)), ("n", .number(.nan)), ("i", .number(-.infinity)),
            ("t", .boolean(true)), ("z", .null), ("e", .array([])), ("o", .object([])),
            ("s", .string("q\" b\\ n\n t\t r\r u\u{1} \u{1F600}")), ("l", .array([.integer(1), .string("x")])),
        ])
        let expected = #"""
            {"b":-3,"a":0.1,"n":null,"i":null,"t":true,"z":null,"e":[],"o":{},\#
            "s":"q\" b\\ n\n t\t r\r u\u0001 😀","l":[1,"x"]}
            """#
        #expect(value.compactJSON == expected)
        #expect(
            ReportValue.array([.integer(1), .object([("k", .null)])]).json == "[\n  1,\n  {\n    \"k\": null\n  }\n]")
    }

    @Test func fixedPointRoundsHalfAwayFromZero() {
        #expect(fixedPoint(0.00005, decimals: 4) == "0.0001")
        #expect(fixedPoint(-1.25, decimals: 1) == "-1.3")
        #expect(fixedPoint(-0.00001, decimals: 4) == "0.0000")
        #expect(fixedPoint(12.5, decimals: 0) == "13")
        #expect(fixedPoint(0.9999999, decimals: 4) == "1.0000")
        #expect(fixedPoint(1234.0625, decimals: 4) == "1234.0625")
        #expect(fixedPoint(.nan, decimals: 4) == "-")
        #expect(fixedPoint(.infinity, decimals: 4) == "-")
        #expect(fixedPoint(1e300, decimals: 4) == "-")
    }
}
