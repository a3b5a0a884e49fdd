import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// `foretaste segment search` as a user runs it.
struct SearchCommandTests {
    private static let words = [
        ["laptop", "phone", "camera"], ["dress", "shoes", "jacket"], ["drill", "paint", "shelf"],
    ]

    /// Nine users of three tastes; every query has two words of its taste.
    private func searches(in folder: TemporaryDirectory) throws -> String {
        var text = ""
        for user in 0..<9 {
            let taste = Self.words[user % 3]
            for (step, pair) in [(0, 1), (1, 2), (0, 2)].enumerated() {
                text += "{\"user_id\":\"u\(user)\",\"search_query\":\"\(taste[pair.0]) \(taste[pair.1])\","
                text += "\"clicked_product_ids\":[\(step == 0 ? "\"p\"" : "")],\"intent\":\"i\(user % 3)\","
                text += "\"time\":\(1_700_000_000 + user * 1000 + step)}\n"
            }
        }
        return try folder.write(text, to: "searches.jsonl")
    }

    private func object(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test func usersLandInTheSegmentsOfTheirSearches() throws {
        let folder = try TemporaryDirectory()
        let labels = try folder.write(
            "things: drill paint shelf\nwear: dress shoes\ngadgets: laptop phone\n", to: "l.txt")
        let arguments = [
            "segment", "search", "--searches", try searches(in: folder), "--columns", "truth=intent", "--k", "3",
            "--labels", labels, "--out", folder.path("out"), "-q", "--json",
        ]
        let outcome = try Subprocess.run("foretaste", arguments)
        try #require(outcome.exitCode == 0, "\(outcome.errors)")
        let report = try object(outcome.outputBytes)
        let agreement = try #require(report["agreement"] as? [String: Double])
        #expect(agreement.values.allSatisfy { abs($0 - 1) < 1e-12 } && agreement.count == 3)
        let segments = try #require(report["segments"] as? [[String: Any]])
        #expect(Set(segments.compactMap { $0["segment"] as? String }) == ["things", "wear", "gadgets"])
        #expect(segments.allSatisfy { $0["users"] as? Int == 3 && $0["queries"] as? Int == 9 })

        let page = try folder.bytes(of: "out/report.html")
        let html = String(decoding: page, as: UTF8.self)
        #expect(XMLParser(data: Data(page)).parse())
        #expect(!html.contains("<script") && !html.contains("http") && !html.contains("url("))
        for title in ["Searches", "Users", "things", "wear", "gadgets"] {
            #expect(html.contains("<figcaption>\(title)</figcaption>"), "\(title)")
        }
        for title in ["Segments", "Telling words", "Names", "Against what is known"] {
            #expect(html.contains("<h2>\(title)</h2>"), "\(title)")
        }
        // Each word is in two of three searches of its taste; each centre means its label and nothing of the others.
        #expect(html.contains("camera: 66.7 %") && html.contains("9 (33.3 %)") && html.contains("3 (33.3 %)"))

        let lines = String(decoding: try folder.bytes(of: "out/user_segments.jsonl"), as: UTF8.self).split(
            separator: "\n")
        let users = try lines.map { try object(Array($0.utf8)) }
        let names = ["gadgets", "wear", "things"]
        #expect(users.map { $0["user_id"] as? String } == (0..<9).map { "u\($0)" })
        #expect(users.map { $0["segment"] as? String } == (0..<9).map { names[$0 % 3] })
        #expect(users[1]["updated_at"] as? String == "2023-11-14T22:30:02.000Z")
        let table = try folder.bytes(of: "out/query_clusters.csv")
        for threads in ["1", "3"] {
            let again = try Subprocess.run("foretaste", arguments + ["--threads", threads])
            #expect(again.outputBytes == outcome.outputBytes)
            #expect(try folder.bytes(of: "out/query_clusters.csv") == table)
        }
    }

    /// Five users after the five built-in segments.
    @Test func theFiveSampleUsers() throws {
        let folder = try TemporaryDirectory()
        let searches = [
            ("u1", ["gaming laptop", "wireless headphones", "smartphone camera"]),
            ("u2", ["cheap shoes sale", "discount coupon", "affordable clearance deal"]),
            ("u3", ["summer dress", "jeans and jacket outfit"]),
            ("u4", ["designer gold watch", "diamond necklace luxury"]),
            ("u5", ["cordless drill", "bathroom paint", "garden furniture"]),
        ]
        var text = "user_id,search_query\n"
        for (user, queries) in searches { for query in queries { text += "\(user),\(query)\n" } }
        let path = try folder.write(text, to: "s.csv")
        let outcome = try Subprocess.run(
            "foretaste",
            ["segment", "search", "--searches", path, "--labels", "shop", "--out", folder.path("o"), "-q", "--json"])
        try #require(outcome.exitCode == 0, "\(outcome.errors)")
        let lines = String(decoding: try folder.bytes(of: "o/user_segments.jsonl"), as: UTF8.self).split(
            separator: "\n")
        #expect(
            try lines.map { try object(Array($0.utf8))["segment"] as? String } == [
                "tech_enthusiast", "budget_conscious", "fashion_oriented", "luxury_seeker", "home_improvement",
            ])
    }

    @Test func withoutLabelsTheTellingWordsNameASegment() throws {
        let folder = try TemporaryDirectory()
        let outcome = try Subprocess.run(
            "foretaste",
            [
                "segment", "search", "--searches", try searches(in: folder), "--k", "3", "--out", folder.path("o"),
                "-q", "--json",
            ])
        let html = String(decoding: try folder.bytes(of: "o/report.html"), as: UTF8.self)
        #expect(!html.contains("<h2>Names</h2>") && !html.contains("<h2>Against what is known</h2>"))
        let segments = try #require(try object(outcome.outputBytes)["segments"] as? [[String: Any]])
        for segment in segments {
            let name = try #require(segment["segment"] as? String)
            let words = name.split(separator: "_").map(String.init)
            #expect(words.count == 2 && Self.words.contains { Set(words).isSubset(of: $0) }, "\(name)")
        }
    }

    @Test(arguments: [
        (["--columns", "query=nothing"], "no column \"nothing\""), (["--columns", "quary=x"], "--columns quary"),
        (["--labels", "nowhere.txt"], "nowhere.txt"), (["--k", "0"], "'--k 0'"),
    ]) func mistakesAreNamed(_ options: [String], _ words: String) throws {
        let folder = try TemporaryDirectory()
        let outcome = try Subprocess.run(
            "foretaste",
            ["segment", "search", "--searches", try searches(in: folder), "--out", folder.path("out"), "-q"] + options)
        #expect(outcome.exitCode != 0 && outcome.errors.contains(words), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
    }

    /// Queries of the same words are one, whatever their order: more clusters than there are of them would be empty.
    @Test func moreClustersThanDifferentQueriesAreTold() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write("query\nred shoes\nshoes  RED\nblue dress\nred shoes\ndrill\n", to: "s.csv")
        func search(_ count: String) throws -> Subprocess.Outcome {
            try Subprocess.run(
                "foretaste",
                ["segment", "search", "--searches", path, "--k", count, "--out", folder.path("o"), "-q", "--json"])
        }
        for count in ["4", "3"] {
            let outcome = try search(count)
            try #require(outcome.exitCode == 0, "\(outcome.errors)")
            let segments = try #require(try object(outcome.outputBytes)["segments"] as? [[String: Any]])
            #expect(segments.compactMap { $0["queries"] as? Int }.sorted() == [1, 1, 3])
            let isTold = outcome.errors.contains("3 clusters instead of 4, as there are only 3 different queries")
            #expect(isTold == (count == "4"), "\(outcome.errors)")
        }
    }

    /// They are no queries: neither the counts, nor the clusters, nor the users have them.
    @Test func queriesOfSignsAloneAreLeftOut() throws {
        let folder = try TemporaryDirectory()
        let rows = ["u1,red shoes", "u1,!!!", "u2,---", "u3,blue dress", "u3,", "u4,★ 7"]
        let path = try folder.write("user,query\n" + rows.joined(separator: "\n") + "\n", to: "s.csv")
        let arguments = ["segment", "search", "--searches", path, "--out", folder.path("o"), "-q", "--json", "--k"]
        let outcome = try Subprocess.run("foretaste", arguments + ["3"])
        try #require(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(
            outcome.errors
                == "\(path): 3 of 6 searches were left out: no letter and no digit in the query\n")
        let report = try object(outcome.outputBytes)
        #expect(report["queries"] as? Int == 3 && report["left_out"] as? Int == 3 && report["users"] as? Int == 3)
        let segments = try #require(report["segments"] as? [[String: Any]])
        #expect(segments.compactMap { $0["queries"] as? Int } == [1, 1, 1])
        let table = try folder.text(of: "o/query_clusters.csv").split(separator: "\n")
        #expect(table.dropFirst().map { $0.prefix { $0 != "," } } == ["red shoes", "blue dress", "★ 7"])
        let fewer = try Subprocess.run("foretaste", arguments + ["4"])
        #expect(
            fewer.exitCode == 0 && fewer.errors.contains("as there are only 3 different queries"), "\(fewer.errors)")
    }

    @Test func aFileOfSignsAloneHasNoQueries() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write("query,text\n!!!,red shoes\n---,blue dress\n", to: "s.csv")
        let outcome = try Subprocess.run(
            "foretaste", ["segment", "search", "--searches", path, "--k", "1", "--out", folder.path("o"), "-q"])
        #expect(outcome.exitCode == 1)
        #expect(
            outcome.errors.contains(
                "has no query to segment by: of 2 rows none has a letter or a digit in the column \"query\". "
                    + "Name the column of queries by --columns query=NAME."), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("o")))
    }

    /// Before the searches are read: they do not exist.
    @Test func aPlaceThatCannotBeWrittenIsRefusedFirst() throws {
        let folder = try TemporaryDirectory()
        let file = try searches(in: folder)
        let outcome = try Subprocess.run(
            "foretaste", ["segment", "search", "--searches", "nowhere.csv", "--out", file + "/out", "-q"])
        #expect(outcome.exitCode == 1 && outcome.errors.contains("cannot write into \(file)/out"), "\(outcome.errors)")
        #expect(outcome.errors.contains("Not a directory") && !outcome.errors.contains("nowhere"))
    }

    /// The published figure for these queries is a normalised mutual information of .557 (words, SVD, scikit-learn).
    @Test(.enabled(if: DataSets.have("banking77/test.csv.gz"), "\(DataSets.reason)"))
    func banking77() throws {
        let folder = try TemporaryDirectory()
        let outcome = try Subprocess.run(
            "foretaste",
            [
                "segment", "search", "--searches", DataSets.path("banking77/test.csv.gz"), "--columns",
                "query=text,truth=category", "--k", "77", "--out", folder.path("out"), "-q", "--json",
            ])
        try #require(outcome.exitCode == 0, "\(outcome.errors)")
        let report = try object(outcome.outputBytes)
        #expect(report["queries"] as? Int == 3080)
        let agreement = try #require(report["agreement"] as? [String: Double])
        #expect(try #require(agreement["normalized_mutual_information"]) > 0.557)
    }
}
