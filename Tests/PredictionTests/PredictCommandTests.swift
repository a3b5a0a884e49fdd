import Foundation
import TestSupport
import Testing

/// `foretaste analyse predict` as a user runs it.
@Suite struct PredictCommandTests {
    /// 400 visits of a made-up shop: who comes from the newsletter and stays long buys. `paid` was measured afterwards.
    private static func visits(seed: UInt64 = 1) -> String {
        var state = seed
        func uniform() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) * 0x1p-53
        }
        var text = "id,user,day,source,seconds,constant,paid,bought\n"
        for row in 0..<400 {
            let source = ["mail", "\"ad,s\"", "search"][Int(uniform() * 3)]
            let seconds = uniform() * 300
            let margin = (source == "mail" ? 1.5 : -1) + seconds / 100 - 2
            let bought = uniform() < 1 / (1 + exp(-margin))
            let day = row / 20 + 1
            text += "00\(row),u\(row / 2),2024-01-\(day < 10 ? "0" : "")\(day),\(source),"
            text += "\(row % 17 == 0 ? "" : "\(seconds)"),5,\(bought ? 1 + row % 3 : 0),\(bought ? "yes" : "no")\n"
        }
        return text
    }

    private func object(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    private let common = ["--outcome", "bought", "--positive", "yes", "--without", "paid", "--id", "id", "--quiet"]

    @Test func learnsJudgesAndForetells() throws {
        let folder = try TemporaryDirectory()
        let table = try folder.write(Self.visits(), to: "visits.csv")
        let out = folder.path("out")
        let learned = try Subprocess.run(
            "foretaste",
            [
                "analyse", "predict", "--table", table, "--out", out, "--folds", "4", "--learners",
                "logistic,forest,boosting",
                "--trees", "40", "--user", "user", "--without", "paid,day", "--json",
            ] + common.filter { !["--without", "paid"].contains($0) })
        #expect(learned.exitCode == 0, "\(learned.errors)")
        let evaluation = try object(learned.outputBytes)
        #expect((evaluation["learners"] as? [Any])?.count == 3)
        #expect(evaluation["rows"] as? Int == 400)
        #expect((evaluation["notUsed"] as? [String])?.contains { $0.hasPrefix("constant") } == true)
        let predictions = String(decoding: try folder.bytes(of: "out/predictions.csv"), as: UTF8.self)
        #expect(predictions.split(separator: "\n").count == 401)
        // An id is what is written, zeros in front included.
        #expect(predictions.contains("\n000,"))
        let card = String(decoding: try folder.bytes(of: "out/model_card.md"), as: UTF8.self)
        #expect(card.contains("checksum") && card.contains("XGBoost"))

        let model = "\(out)/prediction_model.json"
        let scored = try Subprocess.run(
            "foretaste",
            [
                "analyse", "predict", "--table", table, "--model", model, "--out", folder.path("scored"), "--id", "id",
                "--outcome", "bought", "--reasons", "2", "--quiet", "--json",
            ])
        #expect(scored.exitCode == 0, "\(scored.errors)")
        let told = try object(scored.outputBytes)
        #expect(told["rows"] as? Int == 400 && told["metrics"] is [String: Any])
        let lines = String(decoding: try folder.bytes(of: "scored/scores.csv"), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 401)
        #expect(lines[0] == "id,probability,foretold,score,base,reason_1,effect_1,reason_2,effect_2")
        #expect(lines.contains { $0.contains("\"source=ad,s\"") })
    }

    @Test func sameFilesWhateverTheThreads() throws {
        let folder = try TemporaryDirectory()
        let table = try folder.write(Self.visits(), to: "visits.csv")
        var written: [[UInt8]] = []
        for threads in ["1", "2"] {
            let run = try Subprocess.run(
                "foretaste",
                [
                    "analyse", "predict", "--table", table, "--out", folder.path(threads), "--time", "day", "--threads",
                    threads,
                ]
                    + common)
            #expect(run.exitCode == 0, "\(run.errors)")
            written.append(
                try folder.bytes(of: "\(threads)/prediction_model.json")
                    + folder.bytes(of: "\(threads)/evaluation.json"))
        }
        #expect(written[0] == written[1])
    }

    @Test func leaksAreRefusedUnlessAccepted() throws {
        let folder = try TemporaryDirectory()
        let table = try folder.write(Self.visits(), to: "visits.csv")
        let arguments = [
            "analyse", "predict", "--table", table, "--out", folder.path("out"), "--outcome", "bought", "--positive",
            "yes", "--folds", "3", "--learners", "logistic", "--quiet",
        ]
        let refused = try Subprocess.run("foretaste", arguments)
        #expect(refused.exitCode == 1)
        #expect(refused.errors.contains("paid (AUC") && refused.errors.contains("--without paid"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
        let accepted = try Subprocess.run("foretaste", arguments + ["--accept", "paid"])
        #expect(accepted.exitCode == 0)
        #expect(accepted.errors.contains("paid tells the outcome almost by itself"))
    }

    @Test(arguments: [
        (["--outcome", "source"], "two values, and has 3"), (["--outcome", "bought"], "say by --positive"),
        (["--outcome", "bought", "--positive", "maybe"], "never \"maybe\""),
        (["--outcome", "absent"], "has no column \"absent\""),
        (["--outcome", "bought", "--positive", "yes", "--without", "paid", "--time", "source"], "source"),
        (["--outcome", "bought", "--positive", "yes", "--features", "constant"], "at least one column"),
        (["--outcome", "bought", "--positive", "yes", "--without", "nothing"], "has no column \"nothing\""),
    ])
    func wrongTablesAreRefused(_ options: [String], _ told: String) throws {
        let folder = try TemporaryDirectory()
        let table = try folder.write(Self.visits(), to: "visits.csv")
        let run = try Subprocess.run(
            "foretaste", ["analyse", "predict", "--table", table, "--out", folder.path("out"), "--quiet"] + options)
        #expect(run.exitCode == 1)
        #expect(run.errors.contains(told), "\(run.errors)")
    }

    @Test(arguments: [
        [], ["--outcome", "a", "--learners", "tree"], ["--outcome", "a", "--learners", "forest,forest"],
        ["--outcome", "a", "--cost-miss", "5"], ["--outcome", "a", "--time", "b", "--period", "c"],
        ["--outcome", "a", "--validation-share", "90%"], ["--model", "m", "--folds", "3"],
    ])
    func wrongUseIsRefused(_ options: [String]) throws {
        let run = try Subprocess.run("foretaste", ["analyse", "predict", "--table", "t", "--out", "/tmp"] + options)
        #expect(run.exitCode == 2, "\(run.errors)")
    }

    @Test func damagedModelsAreRefused() throws {
        let folder = try TemporaryDirectory()
        let table = try folder.write(Self.visits(), to: "visits.csv")
        let learned = try Subprocess.run(
            "foretaste",
            ["analyse", "predict", "--table", table, "--out", folder.path("out"), "--folds", "2"] + common)
        #expect(learned.exitCode == 0, "\(learned.errors)")
        let text = String(decoding: try folder.bytes(of: "out/prediction_model.json"), as: UTF8.self)
        let damages: [(String, String)] = [
            (String(text.prefix(text.count / 2)), "cut off"), ("{}", "there is no \"format\""),
            (text.replacingOccurrences(of: "\"version\": 1", with: "\"version\": 9"), "version 9"),
            (text.replacingOccurrences(of: "\"seconds\"", with: "\"minutes\""), "damaged"),
            (text.replacingOccurrences(of: "\"threshold\": 0", with: "\"threshold\": 7"), "do not fit"),
        ]
        for (damage, told) in damages {
            let model = try folder.write(damage, to: "damaged.json")
            let run = try Subprocess.run(
                "foretaste",
                ["analyse", "predict", "--table", table, "--model", model, "--out", folder.path("scored"), "--quiet"])
            #expect(run.exitCode == 1)
            #expect(run.errors.contains(told), "\(told): \(run.errors)")
        }
        let other = try folder.write("a,b\n1,2\n", to: "other.csv")
        let run = try Subprocess.run(
            "foretaste",
            [
                "analyse", "predict", "--table", other, "--model", folder.path("out/prediction_model.json"), "--out",
                folder.path("scored"), "--quiet",
            ])
        #expect(run.exitCode == 1 && run.errors.contains("day"), "\(run.errors)")
    }
}

/// `foretaste analyse value` as a user runs it.
@Suite struct ValueCommandTests {
    @Test func customersGetValues() throws {
        let folder = try TemporaryDirectory()
        var text = "CustomerID,InvoiceNo,InvoiceDate,Quantity,UnitPrice\n"
        // Every customer a rhythm of their own; half of them stop in the middle.
        for customer in 0..<200 {
            let step = 3 + customer % 9
            for order in 0..<150 {
                let day = customer % 20 + order * step
                if day >= (customer.isMultiple(of: 2) ? 360 : 90 + customer) { break }
                let date = Date(timeIntervalSince1970: 1_700_000_000 + Double(day) * 86_400)
                text += "\"c,\(customer)\",\(customer)-\(order),\(date.formatted(.iso8601)),1,\(10 + customer % 7)\n"
            }
        }
        let table = try folder.write(text, to: "sales.csv")
        let run = try Subprocess.run(
            "foretaste",
            [
                "analyse", "value", "--transactions", table, "--out", folder.path("out"), "--holdout", "60", "--quiet",
                "--json",
            ])
        #expect(run.exitCode == 0, "\(run.errors)")
        let model = try #require(
            try JSONSerialization.jsonObject(with: Data(run.outputBytes)) as? [String: Any])
        #expect(model["customers"] as? Int == 200)
        #expect((model["holdout"] as? [String: Any])?["customers"] is Int)
        let lines = String(decoding: try folder.bytes(of: "out/customer_value.csv"), as: UTF8.self).split(
            separator: "\n")
        #expect(lines.count == 201)
        let alive = Dictionary(
            uniqueKeysWithValues: lines.dropFirst().map { line in
                let fields = line.split(separator: "\"")[1...].joined().split(
                    separator: ",", omittingEmptySubsequences: false)
                return (Int(line.split(separator: "\"")[0].dropFirst(2)) ?? -1, Double(fields[5]) ?? -1)
            })
        #expect(try #require(alive[0]) > 0.8 && (try #require(alive[1])) < 0.2)
    }

    @Test func tooFewCustomersAreRefused() throws {
        let folder = try TemporaryDirectory()
        let table = try folder.write("customer,order,date,price\na,1,2024-01-01,5\n", to: "sales.csv")
        let run = try Subprocess.run(
            "foretaste", ["analyse", "value", "--transactions", table, "--out", folder.path("out"), "--quiet"])
        #expect(run.exitCode == 1 && run.errors.contains("50 customers"), "\(run.errors)")
    }
}
