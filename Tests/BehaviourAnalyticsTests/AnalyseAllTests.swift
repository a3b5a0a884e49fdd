import AnalyticsArtefacts
import Foundation
import StoredFiles
import TestSupport
import Testing

/// `foretaste analyse all` from files to artefacts; one shop and one analysis for all tests.
@Suite(.serialized) struct AnalyseAllTests {
    private static let made = Result { () throws -> TemporaryDirectory in
        let folder = try TemporaryDirectory()
        folder.removeAtExit()
        try run([
            "synthesize", "--users", "300", "--items", "100", "--seed", "5", "--plant", "--out", folder.path("shop"),
            "--quiet",
        ])
        try analyse(folder, out: "out")
        return folder
    }

    @discardableResult
    private static func run(_ arguments: [String], exitCode: Int32 = 0) throws -> Subprocess.Outcome {
        let outcome = try Subprocess.run("foretaste", arguments)
        #expect(outcome.exitCode == exitCode, "\(arguments): \(outcome.errors)")
        return outcome
    }

    @discardableResult
    private static func analyse(_ folder: TemporaryDirectory, out: String, _ more: [String] = []) throws
        -> Subprocess.Outcome
    {
        try run(
            [
                "analyse", "all", "--events", folder.path("shop/interactions.csv"), "--items",
                folder.path("shop/items.jsonl"), "--out", folder.path(out), "--quiet",
            ] + more)
    }

    @Test func everyDocumentIsThereAndFits() throws {
        let folder = try Self.made.get()
        let bundle = try AnalyticsBundle(directory: folder.path("out"))
        let (trends, users) = (try #require(bundle.trends), try #require(bundle.users))
        #expect(bundle.manifest.documents.count == 6 && bundle.manifest.facts.users == users.ids.count)
        #expect(users.ids.count == 300 && users.events.reduce(0, +) == bundle.manifest.facts.events)
        #expect(users.models.map(\.name) == ["purchase", "churn", "conversion", "bounce"])
        for model in users.models where model.learner != nil {
            #expect(model.predictions.contains { $0 != nil } && !model.measures.isEmpty, "\(model.name)")
        }
        let segments = try #require(bundle.segments).segments
        #expect(segments.reduce(0) { $0 + $1.users } == 300)
        // Visits by segment add up to all visits.
        let weeks = trends.series.filter { $0.indicator == "visits" && $0.period == "week" }
        let all = try #require(weeks.first { $0.group == nil })
        let parts = weeks.filter { $0.dimension == "segment" }
        #expect(parts.count == segments.count)
        for week in all.values.indices {
            #expect(all.values[week] == parts.reduce(0) { $0 + ($1.values[week] ?? 0) })
        }
        let revenue = try #require(
            trends.series.first { $0.indicator == "revenue" && $0.period == "day" && $0.group == nil })
        let total = revenue.values.reduce(0) { $0 + ($1 ?? 0) }
        #expect(abs(total - users.revenue.reduce(0) { $0 + ($1 ?? 0) }) < 1e-6 * total)
        let visitors = try #require(bundle.anomalies).visitors.filter { $0.start == nil }.map(\.user)
        #expect(Set(["u00076", "u00151", "u00226"]).isSubset(of: visitors), "\(visitors)")
        #expect(bundle.summary?.paragraphs.isEmpty == false)
        let page = try folder.text(of: "out/report.html")
        #expect(!page.contains("<script") && page.contains("What to mend"))
    }

    /// However many threads there are. An analysis before gives way, but for its states; and a language model that invents is refused.
    @Test func theSameEventsAreToldTheSame() throws {
        let folder = try Self.made.get()
        let stub = try StubModel(
            StubModel.response(#"{"choices":[{"message":{"content":"Visits rose by 4711 %."}}]}"#))
        let first = try AnalyticsBundle(directory: folder.path("out"))
        try AnomalyStates.set("day:x", (7, nil), in: folder.path("out"))
        let outcome = try Self.analyse(
            folder, out: "out",
            ["--threads", "1", "--llm", "http://127.0.0.1:\(stub.port)/v1/chat/completions", "--llm-model", "small"])
        let second = try AnalyticsBundle(directory: folder.path("out"))
        for document in first.manifest.documents where document.name != .summary {
            #expect(second.manifest.document(document.name) == document, "\(document.name)")
        }
        #expect(try AnomalyStates(directory: folder.path("out")).acknowledged.count == 1)
        let summary = try #require(second.summary)
        #expect(summary.written == nil && summary.refusal?.contains("4711") == true)
        #expect(summary.paragraphs == first.summary?.paragraphs && outcome.errors.contains("4711"))
        let request = stub.finished()
        #expect(request.contains("visits") && request.range(of: #"u0[0-9]{4}"#, options: .regularExpression) == nil)
    }

    @Test(arguments: [
        ["--llm", "http://example.com:99999"], ["--llm-model", "x"], ["--llm", "https://example.com/v1"],
        ["--by", "gender"],
        ["--days", "0"], ["--columns", "time=nothing"],
    ])
    func wrongUseIsSaid(_ more: [String]) throws {
        let folder = try Self.made.get()
        let outcome = try Subprocess.run(
            "foretaste",
            [
                "analyse", "all", "--events", folder.path("shop/interactions.csv"), "--out", folder.path("wrong"),
                "--quiet",
            ] + more)
        #expect(outcome.exitCode != 0 && outcome.errors.contains("foretaste"))
        #expect(try FileSystem.kind(of: folder.path("wrong")) == .missing)
    }

    @Test func fewEventsAreAnAnalysisToo() throws {
        let folder = try TemporaryDirectory()
        let events = try folder.write(
            "userId,itemId,type,time\na,1,view,2025-01-06T10:00:00Z\nb,,search,2025-01-06T11:00:00Z\n", to: "e.csv")
        for content in [
            events, try folder.write("userId,itemId,type,time\na,1,view,2025-01-06T10:00:00Z\n", to: "f.csv"),
        ] {
            try? FileManager.default.removeItem(atPath: folder.path("out"))
            let outcome = try Subprocess.run(
                "foretaste",
                ["analyse", "all", "--events", content, "--out", folder.path("out"), "--quiet", "--max-bad-rows", "1"])
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
            let bundle = try AnalyticsBundle(directory: folder.path("out"))
            #expect(
                bundle.users?.models.allSatisfy { $0.learner == nil && $0.refusal != nil } == true
                    && bundle.summary == nil)
        }
    }
}
