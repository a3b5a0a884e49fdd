import Foundation
import TestSupport
import Testing

/// Files that nobody wants and everybody has: each is refused with a sentence, or built as what it is.
@Suite struct BadFileTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func build(_ interactions: String, _ options: String...) throws -> Subprocess.Outcome {
        try Subprocess.run(
            "foretaste",
            ["build", "--interactions", interactions, "--index", folder.path("a.index"), "--quiet"] + options)
    }

    /// Refused with exit 1 by a text with all these words, on one line of standard error after the program's name, and without
    /// an index.
    private func expectRefusal(_ outcome: Subprocess.Outcome, _ words: String...) {
        #expect(outcome.exitCode == 1)
        #expect(outcome.output.isEmpty, "\(outcome.output)")
        #expect(outcome.errors.contains("foretaste: "))
        for word in words { #expect(outcome.errors.contains(word), "'\(word)' is not in: \(outcome.errors)") }
        #expect(!FileManager.default.fileExists(atPath: folder.path("a.index/CURRENT")))
    }

    @Test func filesWithoutRowsAreRefused() throws {
        expectRefusal(try build(folder.write("", to: "a.csv")), "a.csv", "an empty file", "Check what")
        expectRefusal(
            try build(folder.write("userId,itemId,time\n", to: "b.csv")), "b.csv", "a header and nothing else", "Check")
    }

    @Test func whatIsNoFileIsRefused() throws {
        expectRefusal(try build(folder.path), folder.path, "expected a file, found a directory", "Name one")
        expectRefusal(try build(folder.path("none.csv")), "none.csv", "found none", "Check the spelling")
        let rows = try folder.write("userId,itemId,time\nu1,i1,1\nu2,i2,2\n", to: "a.csv")
        expectRefusal(try build(rows, "--items", folder.path("none.jsonl")), "none.jsonl", "found none")
        expectRefusal(try build(rows, "--columns", "userId=who"), "who")
        expectRefusal(try build(rows, "--columns", "user=userId"), "\"user\"", "Did you mean userId?")
    }

    @Test func truncatedGzipIsRefused() throws {
        let name = "movielens-100k/u.data.gz"
        guard DataSets.have(name) else { return }
        let whole = try Data(contentsOf: URL(filePath: DataSets.path(name)))
        for share in [whole.count / 2, whole.count - 4] {
            let path = try folder.write(Array(whole.prefix(share)), to: "u.data.gz")
            expectRefusal(
                try build(path, "--format", "movielens-100k"), "u.data.gz", "expected a complete gzip stream", "again")
        }
    }

    /// 64 MB without a line feed: refused in bounded memory, also where gzip makes them a file of 64 KB.
    @Test func hugeLineIsRefused() throws {
        let header = Data("userId,itemId,time\n".utf8)
        let path = folder.path("line.csv")
        #expect(FileManager.default.createFile(atPath: path, contents: header + Data(repeating: 97, count: 64 << 20)))
        expectRefusal(try build(path), "line.csv", "line 2: recordTooLong")
        let gzip = "/bin/gzip"
        guard FileManager.default.isExecutableFile(atPath: gzip) else {
            print("SKIPPED: the gzip half of hugeLineIsRefused: there is no \(gzip)")
            return
        }
        #expect(try Subprocess.run(path: gzip, ["-1", path]).exitCode == 0)
        expectRefusal(try build(path + ".gz"), "line.csv.gz", "line 2: recordTooLong")
    }

    @Test(arguments: [
        ("one user", "u1,i1,1\nu1,i2,2\n", 2), ("one item", "u1,i1,1\nu2,i1,2\n", 1), ("one row", "u1,i1,1\n", 1),
        ("equal times", "u1,i1,5\nu1,i2,5\nu2,i2,5\nu2,i3,5\nu3,i1,5\nu3,i3,5\n", 3),
        ("repeated rows", "u1,i1,5\nu1,i1,5\nu1,i1,5\nu2,i2,5\n", 2),
    ]) func smallestShopsAreServed(_ name: String, _ rows: String, _ itemCount: Int) throws {
        let built = try build(folder.write("userId,itemId,time\n" + rows, to: "a.csv"))
        #expect(built.exitCode == 0, "\(built.errors)")
        #expect(try Subprocess.run("foretaste", ["verify", folder.path("a.index")]).exitCode == 0)
        let server = try RunningServer(["--index", folder.path("a.index")])
        let client = try TestClient(port: server.port)
        // A new user gets every item; a known one what is left.
        #expect(try client.itemIds("recommend.user", #"{"userId":"new"}"#).count == itemCount)
        #expect(try client.itemIds("recommend.popular", #"{"kind":"recent"}"#).count == itemCount)
        #expect(try client.itemIds("recommend.item", #"{"itemId":"i1"}"#).count == itemCount - 1)
        let seen = Set(rows.split(separator: "\n").filter { $0.hasPrefix("u1,") }.map { $0.split(separator: ",")[1] })
        #expect(try client.itemIds("recommend.user", #"{"userId":"u1"}"#).count == itemCount - seen.count)
        #expect(
            try client.itemIds("recommend.user", #"{"userId":"u1","excludeSeen":false}"#).count == itemCount)
    }

    @Test func oddIdsComeBackAsTheyWere() throws {
        let long = String(repeating: "é", count: 128)
        let items = ["a\"b", "a,b", "🫖 tea", "two\\lines", " spaced ", long]
        let rows = items.map { item in "\"👤 \"\"u\"\"\",\"\(item.replacing("\"", with: "\"\""))\",1\n" }
        let path = try folder.write("userId,itemId,time\n" + rows.joined() + "u2,other,1\n", to: "a.csv")
        let built = try build(path)
        #expect(built.exitCode == 0, "\(built.errors)")
        let server = try RunningServer(["--index", folder.path("a.index")])
        let client = try TestClient(port: server.port)
        let found = try client.itemIds("recommend.popular", #"{"count":50}"#)
        #expect(Set(found) == Set(items + ["other"]), "\(found)")
        let known = try client.request("recommend.user", #"{"userId":"👤 \"u\"","strict":true}"#)
        #expect(known["result"]?["userState"]?["historyCount"] == .number(6), "\(known)")
        #expect(try client.itemIds("recommend.item", #"{"itemId":"\#(long)"}"#).count == 6)
        // One byte more is a bad row, told by its line, and too many of those stop the build.
        let tooLong = try folder.write("userId,itemId,time\nu1,i1,1\nu2,\(long)x,1\n", to: "b.csv")
        let refused = try build(tooLong)
        #expect(refused.exitCode == 1 && refused.errors.contains("line 3"), "\(refused.errors)")
        #expect(try client.indexVersion() != nil)
    }
}
