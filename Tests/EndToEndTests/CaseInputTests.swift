import Foundation
import TestSupport
import Testing

/// The ten small inputs of `SharedCases`: each stands for a kind of fault that was once accepted in silence.
@Suite(.enabled(if: SharedCases.areThere, "\(SharedCases.reason)"))
struct CaseInputTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func run(_ arguments: [String], code: Int32 = 0) throws -> Subprocess.Outcome {
        let outcome = try Subprocess.run("foretaste", arguments)
        #expect(outcome.exitCode == code, "\(arguments): \(outcome.errors)")
        return outcome
    }

    private func build(_ name: String, _ options: [String], code: Int32 = 0) throws -> Subprocess.Outcome {
        try run(
            ["build", "--interactions", SharedCases.path(name), "--index", folder.path("x.index"), "--model", "none"]
                + options, code: code)
    }

    private func rfm(_ name: String, _ options: [String] = [], code: Int32 = 0) throws -> Subprocess.Outcome {
        try run(
            [
                "segment", "rfm", "--transactions", SharedCases.path(name), "--out", folder.path("rfm"), "--k", "2",
                "--max-k", "2",
            ]
                + options, code: code)
    }

    private func recencies() throws -> [String: Int] {
        var found: [String: Int] = [:]
        for line in try folder.text(of: "rfm/rfm_table.csv").split(separator: "\n").dropFirst() {
            let fields = line.split(separator: ",")
            found[String(fields[0])] = Int(fields[1])
        }
        return found
    }

    @Test func compactDates() throws {
        let told = try rfm("compact-dates.csv")
        #expect(try recencies() == ["c1": 366, "c2": 535, "c3": 34, "c4": 201, "c5": 1])
        #expect(told.errors.contains("column date: YYYYMMDD, 1997-01-01 to 1998-06-30"), "\(told.errors)")
        _ = try rfm("compact-dates.csv", ["--reference", "1998-07-02", "--time-format", "yyyymmdd", "--fresh"])
        #expect(try recencies()["c5"] == 2)
    }

    @Test func missingMarkers() throws {
        let refused = try build("missing-markers-events.csv", [], code: 1)
        #expect(
            refused.errors.contains("missingUserId 10, missingItemId 4") && refused.errors.contains("--missing-values"))
        let told = try build("missing-markers-events.csv", ["--max-bad-rows", "50%"])
        #expect(told.output.contains("6 items, 8 users"), "\(told.output)")
        #expect(told.errors.contains("2 \"\\n\"") && told.errors.contains("--missing-values keep"))
        _ = try rfm("missing-markers-sales.csv")
        #expect(try Set(recencies().keys) == ["c1", "c2", "c3"])
        _ = try rfm("missing-markers-sales.csv", ["--missing-values", "keep", "--fresh"])
        #expect(try recencies().keys.contains("NULL"))
    }

    @Test func joins() throws {
        let users = ["--users", SharedCases.path("joined-users.csv"), "--segment-by", "country"]
        let none = try build("joined-events.csv", users, code: 1)
        #expect(none.errors.contains("0 of 30 users") && none.errors.contains("\"17850\" and \"17850.0\""))
        #expect(none.errors.contains("--whole-ids") && none.errors.contains("--allow-unmatched"))
        let whole = try build("joined-events.csv", users + ["--whole-ids"])
        #expect(whole.errors.contains("30 of 30 users"))
        let catalogue = ["--items", SharedCases.path("joined-catalogue.csv")]
        let other = try build("joined-events.csv", catalogue, code: 1)
        #expect(other.errors.contains("0 of 12 items") && other.errors.contains("letters in front"), "\(other.errors)")
        #expect(try build("joined-events.csv", catalogue + ["--allow-unmatched"]).errors.contains("warning: 0 of 12"))
    }

    @Test func visitsWithGaps() throws {
        let told = try run([
            "segment", "visits", "--visits", SharedCases.path("visits-na.csv"), "--conversion", "Revenue", "--out",
            folder.path("v"), "--max-k", "2",
        ])
        #expect(told.errors.contains("Bounce has no value in 1 of 200 rows"), "\(told.errors)")
        #expect(
            told.errors.contains("visit_no (it numbers the rows)")
                && told.errors.contains("Const (the same in every row)"))
        #expect(told.errors.contains("Rare differs in only"))
        #expect(try folder.text(of: "v/cluster_centers.csv").contains("Bounce"))
    }

    @Test func repeatedHeader() throws {
        let told = try build("repeated-header.csv", [])
        #expect(told.output.contains("5 items, 12 users") && told.errors.contains("repeated headers passed over: 1"))
    }

    @Test func windows1252() throws {
        let catalogue = ["--items", SharedCases.path("catalogue-cp1252.csv"), "--allow-unmatched"]
        let refused = try build("joined-events.csv", catalogue, code: 1)
        #expect(refused.errors.contains("--encoding windows-1252"), "\(refused.errors)")
        _ = try build("joined-events.csv", catalogue + ["--encoding", "latin-1"])
    }

    @Test func secondsInFloat64() throws {
        let answer = try run(["segment", "kmeans", "--vectors", SharedCases.path("seconds-float64.npy"), "--k", "2"])
        let members = try #require(try JSONSerialization.jsonObject(with: Data(answer.outputBytes)) as? [String: Any])
        #expect(members["sizes"] as? [Int] == [60, 60])
        #expect(((members["inertia"] as? Double ?? 0) * 10).rounded() == 11_202)
    }

    @Test func dayFirstDates() throws {
        let told = try rfm("day-first-dates.csv")
        #expect(told.errors.contains("InvoiceDate: day-first dates, 2010-12-01"), "\(told.errors)")
        let refused = try rfm("day-first-dates.csv", ["--time-format", "month-first"], code: 1)
        #expect(refused.errors.contains("InvoiceDate \"13/12/2010 10:00\"") && refused.errors.contains("day-first"))
    }

    @Test func utcSuffix() throws {
        let told = try build(
            "utc-suffix-events.csv", ["--columns", "userId=user_id,itemId=product_id,type=event_type,time=event_time"])
        #expect(told.errors.contains("400 rows") && told.errors.contains("2019-10-01 to 2019-10-10"), "\(told.errors)")
    }
}
