import Foundation
import TestSupport
import Testing

/// `foretaste segment ...` as a user runs it.
struct SegmentCommandTests {
    /// Thirty customers, one with a name that CSV and HTML must quote; bad rows of all kinds. The file's name needs
    /// escaping too.
    private func transactions(in folder: TemporaryDirectory) throws -> String {
        var text = "CustomerID,InvoiceNo,InvoiceDate,Quantity,UnitPrice\n"
        for customer in 0..<30 {
            let name = customer == 7 ? "\"x,\"\"<b>\"" : "c\(customer)"
            for order in 0...(customer % 3 * 4) {
                text += "\(name),\(customer)-\(order),2024-0\(1 + customer % 3)-1\(order),2,\(5 + customer % 3 * 50)\n"
            }
        }
        text += ",n,2024-01-01,1,1\nc1,q,2024-01-01,0,1\nc1,p,2024-01-01,1,0\n"
        return try folder.write(text, to: "a&b.csv")
    }

    private func object(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test func segmentsAndPredicts() throws {
        let folder = try TemporaryDirectory()
        let out = folder.path("out")
        let arguments = [
            "segment", "rfm", "--transactions", try transactions(in: folder), "--out", out, "--k", "3", "--max-k", "4",
            "--quiet", "--json",
        ]
        let first = try Subprocess.run("foretaste", arguments)
        #expect(first.exitCode == 0, "\(first.errors)")
        let profiles = try object(first.outputBytes)
        #expect(profiles["customers"] as? Int == 30)
        let cleaning = try #require(profiles["cleaning"] as? [String: Int])
        #expect(cleaning["no_customer"] == 1 && cleaning["non_positive_quantity"] == 1)
        #expect(cleaning["non_positive_price"] == 1 && cleaning["unreadable"] == 0)
        let segments = try #require(profiles["segments"] as? [[String: Any]])
        #expect(segments.map { $0["customers"] as? Int } == [10, 10, 10])
        #expect((profiles["rfm_segments"] as? [Any])?.count == 10)

        let written = try ["rfm_table.csv", "rfm_model.json", "report.html", "k_diagnostics.csv"].map {
            try folder.bytes(of: "out/\($0)")
        }
        #expect(String(decoding: written[3], as: UTF8.self).split(separator: "\n").count == 4)
        let page = String(decoding: written[2], as: UTF8.self)
        #expect(page.contains("a&amp;b.csv") && !page.contains("a&b.csv"))
        #expect(!page.contains("<script") && !page.contains("http"))
        // A second run, which matches the first one's centres, and one with another number of threads.
        for more in [[], ["--threads", "1", "--fresh"]] {
            let again = try Subprocess.run("foretaste", arguments + more)
            #expect(again.exitCode == 0 && again.outputBytes == first.outputBytes)
            #expect(try folder.bytes(of: "out/rfm_table.csv") == written[0])
        }

        let quoted = try Subprocess.run("foretaste", ["segment", "predict", "--model", out, "--customer", "x,\"<b>"])
        let answer = try object(quoted.outputBytes)
        // Customer 7 is 7 % 3 = 1: five orders of 110.
        let values = try Subprocess.run(
            "foretaste",
            ["segment", "predict", "--model", out, "--recency", "30", "--frequency", "5", "--monetary", "550"])
        let same = try object(values.outputBytes)
        #expect(answer["customer_id"] as? String == "x,\"<b>" && same["customer_id"] == nil)
        #expect(answer["segment_id"] as? Int == same["segment_id"] as? Int)
        let confidence = try #require(answer["confidence"] as? Double)
        #expect(confidence > 0.5 && confidence <= 1)
        #expect(answer["distance_to_center"] is Double && answer["segment_name"] is String)
        let statistics = try #require(answer["stats"] as? [String: Double])
        #expect(statistics.count == 12)
        #expect(statistics["Frequency_mean"] == 5 && statistics["Monetary_max"] == 550)
    }

    @Test func refusals() throws {
        let folder = try TemporaryDirectory()
        let out = folder.path("out")
        let made = try Subprocess.run(
            "foretaste",
            ["segment", "rfm", "--transactions", try transactions(in: folder), "--out", out, "--max-k", "2", "--quiet"])
        #expect(made.exitCode == 0)
        func predict(_ arguments: [String], model: String) throws -> Subprocess.Outcome {
            try Subprocess.run("foretaste", ["segment", "predict", "--model", model] + arguments)
        }
        let unknown = try predict(["--customer", "nobody"], model: out)
        #expect(unknown.exitCode == 1 && unknown.errors.contains("NOT_FOUND"))
        for value in ["-1", "nan", "inf", "x"] {
            let refused = try predict(["--recency", "1", "--frequency", value, "--monetary", "1"], model: out)
            #expect(refused.exitCode == 2 && refused.errors.contains("--frequency \(value)"))
        }
        #expect(try predict(["--recency", "1"], model: out).errors.contains("--frequency"))
        #expect(try predict(["--customer", "c1", "--recency", "1"], model: out).exitCode == 2)
        let values = ["--recency", "1", "--frequency", "1", "--monetary", "1"]
        #expect(try predict(values, model: folder.path("none")).exitCode == 1)
        _ = try folder.write("{\"format\": 3}", to: "out/rfm_model.json")
        #expect(try predict(values, model: out).errors.contains("is not a model"))
        let few = try folder.write("user,order,time,price\na,1,2024-01-01,1\n", to: "few.csv")
        let one = try Subprocess.run(
            "foretaste", ["segment", "rfm", "--transactions", few, "--out", folder.path("f")])
        #expect(one.exitCode == 0 && one.errors.contains("1 clusters instead of 5"), "\(one.errors)")
    }
}
