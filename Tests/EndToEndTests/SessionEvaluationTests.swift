import Foundation
import TestSupport
import Testing

/// `foretaste evaluate-sessions`, and a log that names sessions and no users.
@Suite struct SessionEvaluationTests {
    private static let clicks = "yoochoose-100k/yoochoose-clicks-100k_train_full.txt.gz"

    /// A floor below the 35.9 % that the release measures on its validation sessions; popularity reaches 2.4 %.
    @Test(.enabled(if: DataSets.have(clicks), "\(DataSets.reason)"))
    func theNextClickIsFound() throws {
        let run = try Subprocess.run(
            "foretaste",
            [
                "evaluate-sessions", "--interactions", DataSets.path(Self.clicks), "--format", "tsv", "--at", "20",
                "--sample", "5", "--json", "--quiet",
            ])
        #expect(run.exitCode == 0, "\(run.errors)")
        let report = try run.json()
        #expect(report["trainingSessions"] == .number(16014))
        guard case .array(let systems) = report["systems"], let session = systems.first,
            case .number(let reciprocalRank) = session["mrr@20"]
        else {
            Issue.record("no figures in \(run.output)")
            return
        }
        #expect(session["name"] == .string("session"))
        #expect(reciprocalRank > 0.33)
    }

    @Test func aProtocolOfSessionsRunsByItsName() throws {
        let folder = try TemporaryDirectory()
        try folder.makeFolder("diginetica")
        _ = try folder.write("a b\na b\nc d\n", to: "diginetica/train_sessions.txt.gz")
        _ = try folder.write("a\tb\nc\td\n", to: "diginetica/test_prefixes.txt.gz")
        let name = ["evaluate", "--protocol", "diginetica", "--data", folder.path, "--json", "--quiet"]
        let run = try Subprocess.run("foretaste", name)
        #expect(run.exitCode == 0, "\(run.errors)")
        let report = try run.json()
        #expect(report["protocol"]?["name"] == .string("diginetica"))
        #expect(report["trainingSessions"] == .number(3) && report["queries"] == .number(2))
        guard case .array(let systems) = report["systems"] else {
            Issue.record("no systems in \(run.output)")
            return
        }
        #expect(systems.first?["hr@20"] == .number(1))
        let refused = try Subprocess.run("foretaste", name + ["--html", "page.html"])
        #expect(refused.exitCode == 2)
        #expect(refused.errors.contains("leave '--html' out"))
    }

    @Test func givenQueriesAndWrongUse() throws {
        let folder = try TemporaryDirectory()
        let train = try folder.write(Array("a b\na b\nc d\n".utf8), to: "train.txt")
        let test = try folder.write(Array("a\tb\nx a\tnever\n".utf8), to: "test.txt")
        let run = try Subprocess.run(
            "foretaste",
            ["evaluate-sessions", "--sessions", train, "--test", test, "--at", "2", "--json", "--quiet"])
        #expect(run.exitCode == 0, "\(run.errors)")
        let report = try run.json()
        #expect(report["queries"] == .number(2))
        guard case .array(let systems) = report["systems"] else {
            Issue.record("no systems in \(run.output)")
            return
        }
        #expect(systems.count == 3)
        // a and b are the list of the first query; what nobody has seen cannot be found.
        #expect(systems.first?["hr@2"] == .number(0.5))
        #expect(try Subprocess.run("foretaste", ["evaluate-sessions"]).exitCode == 2)
        let once = try folder.write(
            "user,item,time\n" + (1...9).map { "u\($0),i,2024-01-0\($0)\n" }.joined(), to: "once.csv")
        let nothing = try Subprocess.run("foretaste", ["evaluate-sessions", "--interactions", once, "--quiet"])
        #expect(nothing.exitCode == 1 && nothing.errors.contains("nothing to ask for"), "\(nothing.errors)")
    }
}
