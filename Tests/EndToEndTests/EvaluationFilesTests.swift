import Foundation
import TestSupport
import Testing

/// What `foretaste evaluate` writes for other programs.
struct EvaluationFilesTests {
    private static let interactions = """
        userId,itemId,timestamp
        ann,a,1700000000
        ann,"b,1",1700000001
        ann,c,1700000002
        bob,a,1700000003
        bob,c,1700000004
        bob,"b,1",1700000005

        """

    /// The lists hold what the report counts, and the parts can be read again as they are.
    @Test func listsAndPartsAreThoseOfTheReport() throws {
        let folder = try TemporaryDirectory()
        let rows = try folder.write(Self.interactions, to: "rows.csv")
        let items = try folder.write(
            "itemId,title,tags\na,red lamp,x|y\n\"b,1\",blue lamp,x\nc,\"a \"\"good\"\" chair\",\nd,table,\n",
            to: "items.csv")
        let outcome = try Subprocess.run(
            "foretaste",
            [
                "evaluate", "--interactions", rows, "--items", items, "--list-columns", "tags", "--split",
                "leave-last-one", "--at", "1,3", "--quiet", "--json", "--write-split", folder.path("split"),
                "--write-lists", folder.path("lists"),
            ])
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        func text(_ path: String) throws -> String {
            try String(contentsOfFile: folder.path(path), encoding: .utf8)
        }
        #expect(
            try text("split/train.csv") == """
                userId,itemId,type,value,time
                ann,a,view,,1700000000000
                ann,"b,1",view,,1700000001000
                bob,a,view,,1700000003000
                bob,c,view,,1700000004000

                """)
        let test = try text("split/test.csv")
        #expect(test.contains("\nann,c,view,,1700000002000\n") && test.contains("\nbob,\"b,1\",view,,1700000005000\n"))
        #expect(
            try text("split/items.jsonl").split(separator: "\n").prefix(3) == [
                #"{"itemId":"a","title":"red lamp","tags":["x","y"]}"#,
                #"{"itemId":"b,1","title":"blue lamp","tags":["x"]}"#,
                #"{"itemId":"c","title":"a \"good\" chair"}"#,
            ])
        let names = ["hybrid", "collaborative", "content", "fallback", "popularity"]
        let written = try FileManager.default.contentsOfDirectory(atPath: folder.path("lists"))
        #expect(written.sorted() == names.map { "\($0).csv" }.sorted())
        // What a user does not have, the most frequent first: d is in the catalogue alone.
        let popular = try text("lists/popularity.csv")
        #expect(popular == "ann,c,d\nbob,\"b,1\",d\n")
        for part in ["train", "test"] {
            let again = try Subprocess.run(
                "foretaste",
                [
                    "build", "--interactions", folder.path("split/\(part).csv"), "--items",
                    folder.path("split/items.jsonl"), "--index", folder.path("\(part).index"), "--quiet",
                ])
            #expect(again.exitCode == 0, "\(again.errors)")
        }
    }

    @Test func partsWithoutTimesCanBeReadAgain() throws {
        let folder = try TemporaryDirectory()
        let rows = try folder.write(
            "userId,itemId\nu,a\nu,b\nu,c\nv,a\nv,b\nv,d\nw,c\nw,d\nw,a\n", to: "rows.csv")
        let first = try Subprocess.run(
            "foretaste",
            [
                "evaluate", "--interactions", rows, "--split", "random:0.6", "--quiet", "--write-split",
                folder.path("split"),
            ])
        #expect(first.exitCode == 0, "\(first.errors)")
        let again = try Subprocess.run(
            "foretaste",
            [
                "evaluate", "--interactions", folder.path("split/train.csv"), "--split", "given", "--test",
                folder.path("split/test.csv"), "--quiet",
            ])
        #expect(again.exitCode == 0, "\(again.errors)")
        #expect(
            again.output.split(separator: "\n").contains { $0.hasPrefix("hybrid") }
                && first.output.split(separator: "\n").first { $0.hasPrefix("hybrid") }
                    == again.output.split(separator: "\n").first { $0.hasPrefix("hybrid") }
        )
    }
}
