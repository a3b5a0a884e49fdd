import Foundation
import TestSupport
import Testing

/// A search as a user runs it: on files, interrupted, taken up again, and its result used.
@Suite struct TuneTests {
    private static let trials = ["--trials", "6", "--models", "ease,item-knn", "--validation-users", "100"]

    private func tune(_ shop: BuiltShop, _ options: [String], output: String = "shop.tuned") throws
        -> Subprocess.Outcome
    {
        try Subprocess.run(
            "foretaste",
            [
                "tune", "--interactions", shop.interactionsPath, "--items", shop.itemsPath, "--output",
                shop.folder.path(output), "--quiet", "--json",
            ] + options)
    }

    /// What the trials scored, by their numbers; times and order left out.
    private func scores(_ outcome: Subprocess.Outcome) throws -> [Int: Double] {
        try #require(outcome.exitCode == 0, "\(outcome.errors)")
        let answer = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let trials = try #require(answer["trials"] as? [[String: Any]])
        return try trials.reduce(into: [:]) { scores, trial in
            scores[try #require(trial["trial"] as? Int)] = try #require(trial["score"] as? Double)
        }
    }

    @Test func theResultBuildsAnIndexThatSaysSo() throws {
        let shop = try BuiltShop()
        let outcome = try tune(shop, Self.trials)
        let scores = try scores(outcome)
        #expect(scores.keys.sorted() == Array(0..<6))
        #expect(Set(scores.values).count > 1)
        let settings = try String(contentsOfFile: shop.folder.path("shop.tuned"), encoding: .utf8)
        #expect(settings.contains("tuned-on = interactions.csv ("))
        // Beside a device there is no place for a journal.
        let nowhere = try Subprocess.run(
            "foretaste",
            [
                "tune", "--interactions", shop.interactionsPath, "--output", "/dev/null", "--quiet", "--trials", "1",
                "--models", "item-knn", "--validation-users", "50",
            ])
        #expect(nowhere.exitCode == 0, "\(nowhere.errors)")
        let built = try shop.build(["--quiet", "--config", shop.folder.path("shop.tuned")])
        #expect(built.exitCode == 0, "\(built.errors)")
        let inspected = try Subprocess.run("foretaste", ["inspect", shop.indexPath])
        #expect(inspected.output.contains("tunedOn"))
        #expect(inspected.output.contains("validation temporal:0.9; ndcg@10; at most 100 users"))
    }

    /// Factors and users are a collaborative component too, though they have no item lists.
    @Test(arguments: ["ials", "user-knn", "ease+ials"]) func theBlendOfEveryModelIsSearched(model: String) throws {
        let shop = try BuiltShop()
        let options = ["--trials", "3", "--models", model, "--ials-dimension", "16", "--validation-users", "100"]
        _ = try scores(try tune(shop, options))
        let journal = try String(contentsOfFile: shop.folder.path("shop.tuned.journal"), encoding: .utf8)
        let contentShares = journal.split(separator: "\n").dropFirst().map {
            $0.split(separator: "\t", omittingEmptySubsequences: false)[4]
        }
        // The first trial is the defaults, which are never searched for.
        #expect(contentShares.count == 3 && contentShares.first == "-")
        #expect(contentShares.dropFirst().contains { $0 != "0.4" })
    }

    /// A journal cut back to its first lines, as a killed run leaves it, and more trials than before.
    @Test func aStoppedSearchGoesOn() throws {
        let shop = try BuiltShop()
        let whole = try scores(try tune(shop, Self.trials))
        let path = shop.folder.path("shop.tuned.journal")
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 8)
        // The third trial's score is changed, so that the answer shows whether it was run again.
        var third = lines[3].split(separator: "\t", omittingEmptySubsequences: false)
        third[2] = "0.875"
        let cut = lines[0..<3].joined(separator: "\n") + "\n" + third.joined(separator: "\t") + "\n"
        try cut.write(toFile: path, atomically: true, encoding: .utf8)
        var expected = whole
        expected[2] = 0.875
        #expect(try scores(try tune(shop, Self.trials)) == expected)
        let more = try scores(try tune(shop, ["--trials", "7"] + Self.trials.dropFirst(2)))
        #expect(more.keys.sorted() == Array(0..<7))
        expected[6] = more[6]
        #expect(more == expected)
    }

    @Test func anotherSearchsJournalIsRefused() throws {
        let shop = try BuiltShop()
        _ = try scores(try tune(shop, Self.trials))
        let other = try tune(shop, Self.trials + ["--metric", "recall@5"])
        #expect(other.exitCode == 1 && other.errors.contains("belongs to another search"), "\(other.errors)")
        let damaged = shop.folder.path("shop.tuned.journal")
        try "no journal".write(toFile: damaged, atomically: true, encoding: .utf8)
        let refused = try tune(shop, Self.trials)
        #expect(refused.exitCode == 1 && refused.errors.contains("is no journal"), "\(refused.errors)")
        #expect(try String(contentsOfFile: damaged, encoding: .utf8) == "no journal")
    }

    /// The rows that are put aside are replaced by others of the same times: no score moves.
    @Test func theTestPartIsNeverLookedAt() throws {
        let shop = try BuiltShop()
        let options = Self.trials + ["--split", "temporal:0.8"]
        let first = try scores(try tune(shop, options))
        let text = try String(contentsOfFile: shop.interactionsPath, encoding: .utf8)
        var lines = text.split(separator: "\n").map(String.init)
        let timeColumn = try #require(lines[0].split(separator: ",").firstIndex { $0 == "time" || $0 == "timestamp" })
        func time(_ line: String) -> String { String(line.split(separator: ",")[timeColumn]) }
        let times = lines.dropFirst().map(time).sorted()
        let threshold = times[Int((0.8 * Double(times.count)).rounded(.up)) - 1]
        var changed = 0
        for index in lines.indices.dropFirst() where time(lines[index]) > threshold {
            var fields = lines[index].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            fields[0] = "stranger"
            lines[index] = fields.joined(separator: ",")
            changed += 1
        }
        #expect(changed > 100)
        try (lines.joined(separator: "\n") + "\n").write(
            toFile: shop.interactionsPath, atomically: true, encoding: .utf8)
        #expect(try scores(try tune(shop, options, output: "other.tuned")) == first)
    }

    /// Of a published protocol only the training part is there: what is found is used where the test part is, and said.
    @Test func aProtocolIsTunedWithoutItsTestPart() throws {
        let folder = try TemporaryDirectory()
        try folder.makeFolder("gowalla")
        // Users 0 ... 29 in two tastes: even ones have even items of 0 ... 19, odd ones odd items.
        let lines = (0..<30).map { user in
            let items = (0..<10).filter { ($0 * 7 + user) % 10 < 6 }.map { "\(2 * $0 + user % 2)" }
            return "\(user) \(items.joined(separator: " "))\n"
        }
        _ = try folder.write(lines.joined(), to: "gowalla/train.txt.gz")
        let output = folder.path("gowalla.tuned")
        let data = ["--protocol", "lightgcn-gowalla", "--data", folder.path, "--quiet"]
        let tuned = try Subprocess.run(
            "foretaste", ["tune", "--output", output, "--trials", "4", "--models", "ease,item-knn", "--json"] + data)
        #expect(try scores(tuned).keys.sorted() == Array(0..<4))
        #expect(try tuned.json()["metric"] == .string("ndcg@20"))
        _ = try folder.write("0 1 3\n1 0 2\n", to: "gowalla/test.txt.gz")
        let report = folder.path("report.json")
        let evaluated = try Subprocess.run(
            "foretaste", ["evaluate", "--config", output, "--report", report] + data)
        #expect(evaluated.exitCode == 0, "\(evaluated.errors)")
        let text = try String(contentsOfFile: report, encoding: .utf8)
        let count = lines.reduce(0) { $0 + $1.split(separator: " ").count - 1 }
        #expect(
            text.contains(
                "protocol lightgcn-gowalla, its \(count) training interactions; validation random:0.9; ndcg@20"))
    }

    /// Three items in all, so nothing can be drawn beside the one to be found: whatever the model, it is the whole list.
    @Test func negativesAreDrawnWhereTheProtocolDrawsThem() throws {
        let folder = try TemporaryDirectory()
        for name in ["movielens-1m", "movielens-1m-ncf"] { try folder.makeFolder(name) }
        // Twenty users have items 0 ... 3; the last is the protocol's test, the one before it validation.
        let ratings = (0..<20).flatMap { user in (0..<4).map { "\(user),\($0),5\n" } }
        _ = try folder.write(ratings.joined(), to: "movielens-1m/ratings_order.csv.gz")
        _ = try folder.write(
            (0..<20).map { "\($0)\t3\t5\t9\n" }.joined(), to: "movielens-1m-ncf/ml-1m.test.rating.gz")
        let films = (0..<3).map { "\($0)::Film \($0) (1990)::Drama\n" }
        _ = try folder.write(films.joined(), to: "movielens-1m/movies.dat.gz")
        let tuned = try Subprocess.run(
            "foretaste",
            [
                "tune", "--protocol", "ncf-ml1m", "--data", folder.path, "--output", folder.path("tuned"), "--trials",
                "1", "--quiet", "--json",
            ])
        #expect(try scores(tuned) == [0: 1])
        let text = try String(contentsOfFile: folder.path("tuned"), encoding: .utf8)
        #expect(text.contains("its 60 training interactions; validation leave-last-one; among 99 drawn items; ndcg@10"))
    }

    @Test func sessionsAreTuned() throws {
        let folder = try TemporaryDirectory()
        try folder.makeFolder("diginetica")
        // Rings: after item n of a ring comes its next one.
        let sessions = (0..<200).map { visit in
            (0..<4).map { "\(visit % 5)-\((visit / 5 + $0) % 8)" }.joined(separator: " ") + "\n"
        }
        _ = try folder.write(sessions.joined(), to: "diginetica/train_sessions.txt.gz")
        let output = folder.path("sessions.tuned")
        let command = [
            "tune", "--protocol", "diginetica", "--data", folder.path, "--output", output, "--quiet", "--json",
        ]
        let tuned = try Subprocess.run("foretaste", command + ["--trials", "3", "--session-neighbours", "50"])
        let scores = try scores(tuned)
        #expect(scores.keys.sorted() == [0, 1, 2])
        // What was seen comes first, then the next item of the ring: second, third and fourth of the three questions a visit.
        #expect(scores.values.allSatisfy { abs($0 - (1.0 / 2 + 1.0 / 3 + 1.0 / 4) / 3) < 1e-9 })
        let text = try String(contentsOfFile: output, encoding: .utf8)
        #expect(text.contains("protocol diginetica, its 200 training sessions; validation temporal:0.9; mrr@20"))
        #expect(!text.contains("session-neighbours ="))
        let refused = try Subprocess.run("foretaste", command + ["--models", "ease"])
        #expect(refused.exitCode == 2 && refused.errors.contains("sessions have one model"), "\(refused.errors)")
    }

    /// No time at all: no trial is begun, which is told.
    @Test func aBudgetEndsTheSearch() throws {
        let shop = try BuiltShop()
        let outcome = try tune(shop, Self.trials + ["--budget", "0.001"])
        // 60 ms: the first trials may fit, six do not on a slow machine; whatever ran is in the journal.
        let journal = try String(contentsOfFile: shop.folder.path("shop.tuned.journal"), encoding: .utf8)
        let recordCount = journal.split(separator: "\n").count - 1
        if outcome.exitCode == 0 {
            #expect(try scores(outcome).count == recordCount)
        } else {
            #expect(recordCount == 0 && outcome.errors.contains("--budget"))
        }
    }
}
