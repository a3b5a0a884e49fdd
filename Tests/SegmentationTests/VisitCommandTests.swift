import Foundation
import TestSupport
import Testing

/// `foretaste segment visits` as a user runs it.
struct VisitCommandTests {
    /// 30 visitors a month: odd ones look at one page and leave, even ones at many and buy, in the second month fewer of them.
    private func visits(in folder: TemporaryDirectory) throws -> String {
        var text = "visit;pages;seconds;score;kind;Month;bought\n"
        for month in ["Feb", "Mar"] {
            for visitor in 0..<30 {
                let isLong = month == "Feb" ? visitor % 2 == 0 : visitor % 5 == 0
                let buys = isLong && visitor % 10 != 0
                text += "\(month)-\(visitor);\(isLong ? 20 + visitor % 3 : 1);\(isLong ? 600 : 0);"
                text += "\(buys ? 9 : visitor % 2);\(isLong ? "reader" : "passer, by");\(month);\(buys)\n"
            }
        }
        return try folder.write(text, to: "visits.csv")
    }

    private func run(_ folder: TemporaryDirectory, _ options: [String]) throws -> [String: Any] {
        let outcome = try Subprocess.run(
            "foretaste", ["segment", "visits", "--out", folder.path("out"), "--quiet", "--json"] + options)
        try #require(outcome.exitCode == 0, "\(outcome.errors)")
        return try #require(try JSONSerialization.jsonObject(with: Data(outcome.outputBytes)) as? [String: Any])
    }

    @Test func aTableOfVisits() throws {
        let folder = try TemporaryDirectory()
        let options = [
            "--visits", try visits(in: folder), "--id", "visit", "--conversion", "bought", "--period", "Month", "--k",
            "2",
            "--max-k", "3",
        ]
        let report = try run(folder, options)
        let warnings = try #require(report["warnings"] as? [String])
        #expect(warnings.contains { $0.hasPrefix("score tells the outcome almost by itself (AUC 1.000)") })
        let clusters = try #require(report["clusters"] as? [[String: Any]])
        #expect(clusters.map { $0["visits"] as? Int } == [39, 21])
        let rates = clusters.map { ($0["conversion"] as? [String: Any])?["count"] as? Int }
        #expect(rates == [0, 15])
        let drift = try #require(report["drift"] as? [[String: Any]])
        #expect(drift.map { $0["period"] as? String } == ["Feb", "Mar"])
        #expect(drift.map { $0["mix"] as? [Int] } == [[15, 15], [24, 6]])
        #expect(drift[1]["mix_level"] as? String == "large")

        let first = try folder.bytes(of: "out/session_clusters.csv")
        let lines = String(decoding: first, as: UTF8.self).split(separator: "\n")
        #expect(lines[0] == "visit_id,cluster,period,converted,pages,seconds,score")
        #expect(lines[1] == "Feb-0,1,Feb,0,20.0,600.0,0.0" && lines.count == 61)
        // The numbers stay, whatever the order; words become features when they are named.
        _ = try run(folder, options + ["--threads", "1"])
        #expect(try folder.bytes(of: "out/session_clusters.csv") == first)
        let words = try run(folder, options + ["--features", "pages,kind"])
        let features = try #require(words["features"] as? [[String: Any]])
        #expect(features.map { $0["name"] as? String } == ["pages", "kind=passer, by", "kind=reader"])
        let centres = String(decoding: try folder.bytes(of: "out/cluster_centers.csv"), as: UTF8.self)
        #expect(centres.hasPrefix("cluster,visits,share,conversion_rate,pages,\"kind=passer, by\",kind=reader\n"))
    }

    @Test func eventsBecomeVisits() throws {
        let folder = try TemporaryDirectory()
        var text = "user,item,time,type\n"
        for user in 0..<20 {
            for step in 0..<(user % 2 == 0 ? 1 : 8) {
                text += "u\(user),i\(step),\(1_700_000_000_000 + user * 86_400_000 + step * 60_000),view\n"
            }
            if user % 4 == 1 { text += "u\(user),i0,\(1_700_000_000_000 + user * 86_400_000 + 480_000),purchase\n" }
            text += "u\(user),i9,\(1_700_000_000_000 + user * 86_400_000 + 40 * 60_000),view\n"
        }
        let path = try folder.write(text, to: "events.csv")
        let report = try run(folder, ["--events", path, "--k", "2", "--max-k", "3"])
        #expect(report["visits"] as? Int == 40)
        let clusters = try #require(report["clusters"] as? [[String: Any]])
        #expect(clusters.map { $0["visits"] as? Int } == [30, 10])
        #expect(clusters.map { ($0["conversion"] as? [String: Any])?["count"] as? Int } == [0, 5])
        let periods = try #require(report["drift"] as? [[String: Any]])
        #expect(periods.first?["period"] as? String == "week 1" && periods.count == 3)
    }

    /// Sessions that are given hold together over any pause, and part events without one.
    @Test func givenSessionsAreTheVisits() throws {
        let folder = try TemporaryDirectory()
        var text = "user,session,item,time,type\n"
        let start = 1_700_000_000_000
        for user in 0..<20 {
            // Two sessions at once, one of them over five hours; and an event at the same time without a session.
            for step in 0..<6 {
                text += "u\(user),s\(user)a,i\(step),\(start + user * 86_400_000 + step * 3_600_000),view\n"
            }
            text += "u\(user),s\(user)b,i1,\(start + user * 86_400_000 + 60_000),view\n"
            text += "u\(user),,i1,\(start + user * 86_400_000 + 60_000),view\n"
        }
        let path = try folder.write(text, to: "events.csv")
        func visits() throws -> [[Substring]] {
            String(decoding: try folder.bytes(of: "out/session_clusters.csv"), as: UTF8.self)
                .split(separator: "\n").dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        }
        let report = try run(folder, ["--events", path, "--k", "2", "--max-k", "1"])
        #expect(report["visits"] as? Int == 60)
        // Sessions come first.
        let rows = try [0, 1, 40].map { try visits()[$0] }
        #expect(rows.map { $0[0] } == ["s0a", "s0b", "u0@1700000060000"])
        #expect(rows.map { $0[4] } == ["18000.0", "0.0", "0.0"])
        // The same without users; the rows without a session are then nobody's.
        let alone = try run(
            folder,
            ["--events", path, "--columns", "userId=", "--k", "2", "--max-k", "1", "--max-bad-rows", "20%", "--fresh"])
        #expect(alone["visits"] as? Int == 40)
        #expect(try visits().prefix(2).map { $0[0] } == ["s0a", "s0b"])
        // The column left out: pauses decide, and what overlaps is one visit.
        let pauses = try run(
            folder, ["--events", path, "--columns", "sessionId=", "--k", "2", "--max-k", "1", "--fresh"])
        #expect(pauses["visits"] as? Int == 120)
    }

    /// A session id that two users have is a visit of each, named after both; without users it is one visit.
    @Test func sessionIdsAreEachUsersOwn() throws {
        let folder = try TemporaryDirectory()
        var text = "user,session,item,time,type\n"
        let start = 1_700_000_000_000
        for user in 0..<2 {
            for step in 0..<(user + 2) { text += "u\(user),1,i\(step),\(start + step * 60_000),view\n" }
            text += "u\(user),own\(user),i1,\(start + 3_600_000),view\n"
        }
        let path = try folder.write(text, to: "events.csv")
        func visits(_ options: [String]) throws -> [[Substring]] {
            _ = try run(
                folder,
                ["--events", path, "--features", "views", "--k", "1", "--max-k", "1", "--fresh"] + options)
            return try folder.text(of: "out/session_clusters.csv").split(separator: "\n").dropFirst().map {
                let fields = $0.split(separator: ",", omittingEmptySubsequences: false)
                return [fields[0], fields[4]]
            }
        }
        #expect(try visits([]) == [["u0@1", "2.0"], ["u1@1", "3.0"], ["own0", "1.0"], ["own1", "1.0"]])
        #expect(try visits(["--columns", "userId="]) == [["1", "5.0"], ["own0", "1.0"], ["own1", "1.0"]])
    }

    /// Searches have a query and no item; event types may be called anything.
    @Test func searchesAndChannelsOfEvents() throws {
        let folder = try TemporaryDirectory()
        var lines = ""
        for user in 0..<20 {
            for step in 0..<(user % 2 == 0 ? 3 : 6) {
                let event = ["\"event\":\"search\",\"query\":\"shoes\"", "\"event\":\"PageView\",\"item\":\"i1\""][
                    step % 2]
                lines += "{\"user\":\"u\(user)\",\(event),\"channel\":\"\(user % 2 == 0 ? "app" : "web")\","
                lines += "\"time\":\(1_700_000_000 + user * 86_400 + step * 60)}\n"
            }
        }
        let path = try folder.write(lines, to: "events.jsonl")
        let report = try run(
            folder, ["--events", path, "--k", "2", "--max-k", "1", "--features", "views,searches,channel"])
        #expect(report["visits"] as? Int == 20)
        let rows = try folder.text(of: "out/session_clusters.csv").split(separator: "\n")
        #expect(rows[0] == "visit_id,cluster,period,converted,views,searches,channel=app,channel=web")
        #expect(rows[1].hasSuffix(",1.0,2.0,1.0,0.0") && rows[2].hasSuffix(",3.0,3.0,0.0,1.0"))
        let outcome = try Subprocess.run(
            "foretaste",
            ["segment", "visits", "--events", path, "--columns", "channel=", "--features", "channel", "--out", "o"])
        #expect(outcome.exitCode == 1 && outcome.errors.contains("visits have no feature \"channel\""))
    }

    @Test(arguments: [
        (["--visits", "V", "--conversion", "boght"], "no column \"boght\""),
        (["--visits", "V", "--conversion", "kind"], "is no outcome"),
        (["--visits", "V", "--features", "Month,nothing"], "no column \"nothing\""),
        (["--visits", "V", "--events", "V"], "and not both"), (["--visits", "nowhere.csv"], "nowhere.csv"),
        ([], "'--events FILE' or '--visits FILE'"),
    ]) func mistakesAreNamed(_ options: [String], _ words: String) throws {
        let folder = try TemporaryDirectory()
        let path = try visits(in: folder)
        let outcome = try Subprocess.run(
            "foretaste",
            ["segment", "visits", "--out", folder.path("out"), "-q"] + options.map { $0 == "V" ? path : $0 })
        #expect(outcome.exitCode != 0 && outcome.errors.contains(words), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
    }

    @Test(.enabled(if: DataSets.have("online-shoppers"), "\(DataSets.reason)"))
    func onlineShoppers() throws {
        let folder = try TemporaryDirectory()
        let report = try run(
            folder,
            [
                "--visits", DataSets.path("online-shoppers/online_shoppers_intention.csv.gz"), "--conversion",
                "Revenue",
                "--period", "Month", "--k", "3", "--max-k", "1", "--starts", "2",
            ])
        #expect(report["visits"] as? Int == 12_330)
        let clusters = try #require(report["clusters"] as? [[String: Any]])
        let bought = clusters.compactMap { ($0["conversion"] as? [String: Any])?["count"] as? Int }
        #expect(bought.reduce(0, +) == 1908)
        let warnings = try #require(report["warnings"] as? [String])
        #expect(warnings.count == 1 && warnings[0].hasPrefix("PageValues tells the outcome"))
        let drift = try #require(report["drift"] as? [[String: Any]])
        #expect(
            drift.map { $0["period"] as? String } == [
                "Feb", "Mar", "May", "June", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
            ])
    }
}
