import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An output that is an input is refused before any work, by whatever path.
@Suite struct OutputPathTests {
    /// `IN` is a file that the command reads, `OUT` the same by another path.
    static let commands: [[String]] = [
        ["evaluate", "--interactions", "IN", "--html", "OUT"], ["evaluate", "--interactions", "IN", "--report", "OUT"],
        ["evaluate", "--interactions", "a", "--items", "IN", "--html", "OUT"],
        ["evaluate", "--interactions", "a", "--split", "given", "--test", "IN", "--report", "OUT"],
        ["evaluate", "--interactions", "a", "--vectors", "IN", "--report", "OUT"],
        ["evaluate", "--interactions", "a", "--negatives", "IN", "--report", "OUT"],
        ["evaluate", "--config", "IN", "--interactions", "a", "--report", "OUT"],
        ["tune", "--interactions", "IN", "--output", "OUT"],
        ["tune", "--interactions", "IN", "--output", "b", "--journal", "OUT"],
        ["tune", "--interactions", "a", "--config=IN", "--output", "OUT"],
        ["embed", "--model-directory", "m", "--texts", "IN", "--output", "OUT"],
        ["embed", "--model-directory", "m", "--texts", "IN", "--output", "b", "--pieces", "OUT"],
        ["segment", "kmeans", "--vectors", "IN", "--k", "2", "--labels", "OUT"],
        ["segment", "hierarchical", "--vectors", "IN", "--k", "2", "--merges", "OUT"],
    ]

    @Test(arguments: commands) func filesAreRefused(_ command: [String]) throws {
        let folder = try TemporaryDirectory()
        try folder.makeFolder("below")
        let text = "# seed = 4\n"
        let input = try folder.write(text, to: "input.csv")
        try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: input)
        #expect(unsafe link(input, folder.path("hard")) == 0)
        for other in ["input.csv", "./below/../input.csv", "link", "hard"] {
            let arguments = command.map { argument in
                argument.replacing("IN", with: input).replacing("OUT", with: folder.path(other))
            }
            let outcome = try Subprocess.run("foretaste", arguments, directory: folder.path)
            #expect(outcome.exitCode == 2, "\(arguments) \(outcome.errors)")
            #expect(outcome.errors.contains("it would be lost"), "\(outcome.errors)")
        }
        #expect(try folder.text(of: "input.csv") == text)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["below", "hard", "input.csv", "link"])
    }

    /// The directory's file of that name is the input.
    static let directories: [([String], String)] = [
        (["evaluate", "--interactions", "IN", "--write-split", "OUT"], "train.csv"),
        (["evaluate", "--interactions", "IN", "--write-lists", "OUT"], "hybrid.csv"),
        (["segment", "rfm", "--transactions", "IN", "--out", "OUT"], "rfm_table.csv"),
        (["segment", "visits", "--visits", "IN", "--out", "OUT"], "session_clusters.csv"),
        (["segment", "search", "--searches", "IN", "--out", "OUT"], "query_clusters.csv"),
        (["segment", "personas", "--events", "IN", "--out", "OUT"], "personas.jsonl"),
        (["embed", "--texts", "a", "--model-directory", "OUT", "--output", "IN"], "vocab.txt"),
        (["build", "--interactions", "IN", "--index", "OUT"], "CURRENT"),
        (["tune", "--interactions", "IN", "--output", "OUT/o"], "o.journal"),
    ]

    @Test(arguments: directories) func filesOfDirectoriesAreRefused(_ command: [String], _ name: String) throws {
        let folder = try TemporaryDirectory()
        try folder.makeFolder("out")
        let input = try folder.write("x", to: "out/\(name)")
        let arguments = command.map { $0.replacing("IN", with: input).replacing("OUT", with: folder.path("out")) }
        let outcome = try Subprocess.run("foretaste", arguments, directory: folder.path)
        #expect(outcome.exitCode == 2 && outcome.errors.contains("it would be lost"), "\(outcome.errors)")
        #expect(try folder.text(of: "out/\(name)") == "x")
    }

    /// What is not there to be read is the reader's to say, and other files of a directory may be written.
    @Test func otherFilesAreNot() throws {
        let folder = try TemporaryDirectory()
        let rows = (0..<40).map { "u\($0 % 8),i\($0 % 9),2024-01-\(10 + $0 % 19)\n" }.joined()
        let input = try folder.write("userId,itemId,time\n" + rows, to: "events.csv")
        let outcome = try Subprocess.run(
            "foretaste",
            [
                "evaluate", "--interactions", input, "--model", "item-knn", "--html", folder.path("page.html"),
                "--report", folder.path("report.json"), "--write-lists", folder.path("lists"), "--write-split",
                folder.path("lists"), "--quiet", "--threads", "1",
            ])
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("lists")).sorted()
        #expect(
            names == [
                "collaborative.csv", "content.csv", "fallback.csv", "hybrid.csv", "popularity.csv", "test.csv",
                "train.csv",
            ])
    }
}
