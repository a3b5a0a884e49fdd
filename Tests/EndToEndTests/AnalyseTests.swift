import Foundation
import TestSupport
import Testing

/// Anomalies and trends, from files to files.
@Suite struct AnalyseTests {
    private func must(_ arguments: [String]) throws -> Subprocess.Outcome {
        let outcome = try Subprocess.run("foretaste", arguments)
        #expect(outcome.exitCode == 0, "\(arguments): \(outcome.errors)")
        return outcome
    }

    /// Weeks of visits with a wild Wednesday; one day is missing.
    private func series(in folder: TemporaryDirectory) throws -> String {
        var text = "day,visits\n"
        for day in 0..<84 where day != 40 {
            let visits = day == 51 ? 900 : 100 + [9, 3, 0, 5, 30, -40, -60][day % 7] + day * 13 % 5
            text += "\(1_704_067_200 + day * 86_400),\(visits)\n"
        }
        return try folder.write(text, to: "visits.csv")
    }

    @Test func aWildDayIsFoundInAFinishedSeries() throws {
        let folder = try TemporaryDirectory()
        let told = try must([
            "analyse", "anomalies", "--series", try series(in: folder), "--columns", "value=visits", "--mode", "batch",
            "--json", "--quiet",
        ]).json()
        #expect(told["period"]?.number == 7 && told["missing"]?.number == 1)
        let found = try #require(told["anomalies"]?.elements)
        #expect(found.count == 1)
        #expect(found.first?["time"]?.text == "2024-02-21" && found.first?["direction"]?.text == "above")
        #expect(try #require(found.first?["size"]?.number) > 700)
    }

    @Test func scoresHaveARowForEachValue() throws {
        let folder = try TemporaryDirectory()
        let scores = folder.path("scores.csv")
        _ = try must([
            "analyse", "anomalies", "--series", try series(in: folder), "--columns", "value=visits", "--scores", scores,
            "--quiet",
        ])
        let lines = try String(contentsOf: URL(filePath: scores), encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 84)
        #expect(lines[0] == "row,time,value,score,alarm,kind,direction,expected,lower,upper")
    }

    @Test(arguments: [
        ["--period", "1"], ["--threshold", "2"], ["--mode", "stream"], ["--columns", "value=nothing"],
    ])
    func wrongUseOfAnomaliesIsSaid(extra: [String]) throws {
        let folder = try TemporaryDirectory()
        let outcome = try Subprocess.run(
            "foretaste", ["analyse", "anomalies", "--series", try series(in: folder), "--quiet"] + extra)
        #expect(outcome.exitCode != 0)
        #expect(outcome.errors.contains("foretaste"))
    }

    @Test func trendsOfEventsAndOrdersAreWritten() throws {
        let folder = try TemporaryDirectory()
        var events = "userId,itemId,time,type,channel\n"
        var orders = "userId,orderId,time,quantity,price\n"
        for day in 0..<70 where day % 7 != 5 {
            for user in 0..<(10 + day % 3) {
                let time = 1_704_067_200 + day * 86_400 + user * 60
                events += "u\(user),i1,\(time),view,\(user % 2 == 0 ? "app" : "web")\n"
                if user < 4 { events += "u\(user),i1,\(time + 30),purchase,app\n" }
                if user < 4 { orders += "u\(user),\(day)-\(user),\(time + 30),2,\(5 + day % 4)\n" }
            }
        }
        let out = folder.path("trends")
        let told = try must([
            "analyse", "trends", "--events", try folder.write(events, to: "events.csv"), "--by", "channel",
            "--transactions", try folder.write(orders, to: "orders.csv"), "--out", out, "--json", "--quiet",
        ]).json()
        #expect(told["sources"]?.elements?.count == 2)
        #expect(told["sources"]?.elements?.first?["daysWithoutData"]?.number == 10)
        let indicators = try #require(told["indicators"]?.elements)
        let names = Set(indicators.compactMap { $0["indicator"]?.text })
        #expect(names.isSuperset(of: ["users", "visits", "conversion", "orders", "revenue", "averageOrder"]))
        let revenue = try #require(
            indicators.first { $0["indicator"]?.text == "revenue" && $0["period"]?.text == "day" })
        let next = try #require(revenue["forecast"]?["values"]?.elements)
        #expect(next.count == 12)
        for file in ["daily.csv", "weekly.csv", "forecast.csv", "anomalies.csv", "cohorts.csv", "lifecycle.csv"] {
            let text = try String(contentsOf: URL(filePath: "\(out)/\(file)"), encoding: .utf8)
            #expect(text.contains(",") && text.hasSuffix("\n"), "\(file)")
        }
        let funnel = try String(contentsOf: URL(filePath: "\(out)/funnel.csv"), encoding: .utf8)
        #expect(funnel.split(separator: "\n").count == 4)
    }

    @Test func trendsNeedAFileAndDays() throws {
        let folder = try TemporaryDirectory()
        let nothing = try Subprocess.run("foretaste", ["analyse", "trends", "--out", folder.path("out")])
        #expect(nothing.exitCode != 0 && nothing.errors.contains("--events FILE"))
        let orders = try folder.write("userId,orderId,time,price\na,1,2024-01-01,5\n", to: "orders.csv")
        let grouped = try Subprocess.run(
            "foretaste",
            ["analyse", "trends", "--transactions", orders, "--by", "channel", "--out", folder.path("out")])
        #expect(grouped.exitCode != 0 && grouped.errors.contains("--by"))
    }
}
