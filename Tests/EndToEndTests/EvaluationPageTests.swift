import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// `foretaste evaluate --html` as a user runs it.
struct EvaluationPageTests {
    /// Four users with three items each and one who is new in the test part; names that HTML must escape.
    private func interactions(in folder: TemporaryDirectory, userCount: Int = 4) throws -> String {
        var text = "userId,itemId,timestamp\n"
        for user in 0..<userCount {
            for step in 0..<4 { text += "u\(user),i\((user + step * 2) % 7),\(1_700_000_000 + step * 1000 + user)\n" }
        }
        text += "fresh,i0,1700009000\n"
        return try folder.write(text, to: "a&<b>.csv")
    }

    private func items(in folder: TemporaryDirectory) throws -> String {
        var text = "itemId,title,category\n"
        for item in 0..<7 { text += "i\(item),lamp \(item % 3) & shade,\(item % 2 == 0 ? "light" : "dark")\n" }
        return try folder.write(text, to: "items.csv")
    }

    private func elements(of page: [UInt8]) throws -> [String: Int] {
        let counter = ElementCounter()
        let parser = XMLParser(data: Data(page))
        parser.delegate = counter
        #expect(parser.parse(), "\(String(describing: parser.parserError)) in line \(parser.lineNumber)")
        return counter.counts
    }

    @Test func thePageIsWellFormedAndNeedsNothingElse() throws {
        let folder = try TemporaryDirectory()
        let arguments = [
            "evaluate", "--interactions", try interactions(in: folder), "--items", try items(in: folder), "--quiet",
            "--at", "2,3", "--html", folder.path("page.html"),
        ]
        let outcome = try Subprocess.run("foretaste", arguments)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let bytes = try folder.bytes(of: "page.html")
        let counts = try elements(of: bytes)
        #expect(counts["h1"] == 1 && counts["section"] == 10)
        // Every picture has a title that is read out; the marks of a legend have none.
        #expect(counts["svg described"] == counts["figure"])
        #expect(counts["script"] == nil && counts["link"] == nil && counts["img"] == nil)
        let page = String(decoding: bytes, as: UTF8.self)
        #expect(!page.contains("http") && !page.contains("url(") && !page.contains("@import"))
        #expect(page.contains("a&amp;&lt;b&gt;.csv") && !page.contains("a&<b>"))
        for title in ["NDCG@k", "NDCG@2 by activity", "Recall@2 of pairs", "Difference in NDCG@3"] {
            #expect(page.contains("<figcaption>\(title)</figcaption>"), "\(title)")
        }
        #expect(
            page.contains("<p class=\"verdict\">The hybrid puts something that was then taken among the first 2 for "))
        #expect(page.contains("Semantic accuracy goes by the property 'category'."))
        #expect(outcome.output.contains("Microseconds a request"))
    }

    @Test(arguments: [("random:0.6", true), ("leave-last-one", false)])
    func aRandomSplitIsUsedWithoutTimes(split: String, isTimeless: Bool) throws {
        let folder = try TemporaryDirectory()
        let arguments = [
            "evaluate", "--interactions", try interactions(in: folder), "--quiet", "--no-latency", "--split", split,
            "--report", folder.path("report.json"),
        ]
        let outcome = try Subprocess.run("foretaste", arguments)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let report = String(decoding: try folder.bytes(of: "report.json"), as: UTF8.self)
        #expect(report.contains("used without times") == isTimeless)
    }

    @Test func withoutLatencyTwoReportsAreEqual() throws {
        let folder = try TemporaryDirectory()
        let arguments = [
            "evaluate", "--interactions", try interactions(in: folder), "--items", try items(in: folder), "--quiet",
            "--at", "2", "--no-latency", "--json",
        ]
        let runs = try ["one", "two"].map { name in
            let files = ["--html", folder.path(name + ".html"), "--report", folder.path(name + ".json")]
            let outcome = try Subprocess.run("foretaste", arguments + files + ["--threads", name == "one" ? "1" : "2"])
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
            return [outcome.outputBytes, try folder.bytes(of: name + ".html"), try folder.bytes(of: name + ".json")]
        }
        #expect(runs[0] == runs[1])
        #expect(runs[0][0] == runs[0][2])
        #expect(String(decoding: runs[0][0], as: UTF8.self).contains("\"latency\": null"))
        _ = try elements(of: runs[0][1])
    }

    @Test func oneUserIsEnough() throws {
        let folder = try TemporaryDirectory()
        let outcome = try Subprocess.run(
            "foretaste",
            [
                "evaluate", "--interactions", try interactions(in: folder, userCount: 1), "--split", "leave-last-one",
                "--quiet", "--at", "1", "--html", folder.path("page.html"), "--model", "item-knn",
            ])
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        _ = try elements(of: try folder.bytes(of: "page.html"))
    }

    @Test func aCategoryThatNoItemHasIsToldAndNothingIsWritten() throws {
        let folder = try TemporaryDirectory()
        let outcome = try Subprocess.run(
            "foretaste",
            [
                "evaluate", "--interactions", try interactions(in: folder), "--items", try items(in: folder), "--quiet",
                "--category", "colour", "--html", folder.path("page.html"),
            ])
        #expect(outcome.exitCode == 1)
        #expect(outcome.errors.contains("no item of the catalogue has the property 'colour'"))
        #expect(throws: (any Error).self) { try folder.bytes(of: "page.html") }
    }
}

/// Counts elements by name, and drawings whose first child is a title as "svg described".
private final class ElementCounter: NSObject, XMLParserDelegate {
    var counts: [String: Int] = [:]
    private var previous = ""

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        counts[name, default: 0] += 1
        if name == "title", previous == "svg" { counts["svg described", default: 0] += 1 }
        previous = name
    }
}
