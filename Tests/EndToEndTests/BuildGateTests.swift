import Foundation
import TestSupport
import Testing

/// What a build refuses before it does harm, and what is ignored and said.
struct BuildGateTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func events(_ count: Int, header: String = "user,item,quantity", to name: String) throws -> String {
        let rows = (0..<count).map { "u\($0 % 40),i\($0 % 25),\($0 % 3 + 1)\n" }.joined()
        return try folder.write(header + "\n" + rows, to: name)
    }

    private func build(_ files: [String], _ options: [String] = []) throws -> Subprocess.Outcome {
        try Subprocess.run(
            "foretaste",
            ["build", "--index", folder.path("shop.index"), "--model", "none"]
                + files.flatMap { ["--interactions", $0] } + options)
    }

    @Test func anExportThatWasCutOffDoesNotGoLive() throws {
        let whole = try events(1000, to: "whole.csv")
        let cut = try events(3, to: "cut.csv")
        #expect(try build([whole]).exitCode == 0)
        let version = try folder.text(of: "shop.index/CURRENT")
        let refused = try build([cut])
        #expect(refused.exitCode == 3 && refused.errors.contains("3 users instead of 40"), "\(refused.errors)")
        #expect(refused.errors.contains("3 interactions instead of 1,000") && refused.errors.contains("--force"))
        #expect(try folder.text(of: "shop.index/CURRENT") == version)
        #expect(try build([try events(600, to: "less.csv")]).exitCode == 0)
        #expect(try build([try events(500, to: "lesser.csv")], ["--max-shrink", "10%"]).exitCode == 3)
        let forced = try build([cut], ["--force"])
        #expect(forced.exitCode == 0 && forced.errors.contains("warning: far less"))
    }

    @Test func severalFilesPatternsAndStandardInput() throws {
        let first = try events(10, to: "a-1.csv")
        _ = try events(25, to: "a-2.csv")
        #expect(try build([folder.path("a-*.csv")]).output.contains("25 items, 25 users"))
        let twice = try build([folder.path("a-*.csv"), first])
        #expect(twice.exitCode == 2 && twice.errors.contains("each file once"))
        #expect(try build([folder.path("b-*.csv")]).exitCode == 2)
        let piped = try Subprocess.run(
            "foretaste", ["build", "--index", folder.path("p.index"), "--model", "none", "--interactions", "-"],
            input: Array("user,item\nu,i\nv,j\n".utf8))
        #expect(piped.exitCode == 0 && piped.output.contains("2 items, 2 users"), "\(piped.errors)")
        let timed = try folder.write("user,item,time\nu,i,2024-01-01\n", to: "t.csv")
        let mixed = try build([first, timed])
        #expect(mixed.exitCode == 1 && mixed.errors.contains("times in all files or in none"))
    }

    @Test func whatIsIgnoredIsRefusedOrSaid() throws {
        let plain = try events(50, to: "plain.csv")
        #expect(try build([plain]).errors.contains("the order of the rows is taken for their order"))
        let halfLife = try build([plain], ["--half-life", "30"])
        #expect(halfLife.exitCode == 1 && halfLife.errors.contains("--half-life"))
        let zero = try folder.write("user,item,rating\nu,i,0\nv,j,0\n", to: "zero.csv")
        #expect(try build([zero], ["--force"]).errors.contains("none of the 2 interactions has a weight"))
        #expect(try build([plain], ["--event-weights", "view=0"]).exitCode == 1)
        let counted = try folder.write("user,item,time\nu,i,1\nv,j,2\n", to: "counted.csv")
        #expect(try build([counted], ["--half-life", "30", "--force"]).errors.contains("--time-format"))
        #expect(try build([counted], ["--force"]).errors.contains("warning"))
    }

    @Test func aQuantityIsNoMoney() throws {
        let rows = (0..<60).map { "u\($0 % 20),i\($0 % 9),\($0 % 3 + 1),2024-01-\(10 + $0 % 20),\($0 % 7 + 1)\n" }
            .joined()
        let path = try folder.write("user,item,quantity,time,unitprice\n" + rows, to: "q.csv")
        let refused = try build([path], ["--segments", "rfm"])
        #expect(refused.exitCode == 1 && refused.errors.contains("--columns amount=COLUMN"), "\(refused.errors)")
        #expect(try build([path], ["--segments", "rfm", "--columns", "price=unitprice"]).exitCode == 0)
        let evaluated = try Subprocess.run(
            "foretaste", ["evaluate", "--interactions", path, "--segments", "rfm", "--model", "none", "--no-latency"])
        #expect(evaluated.exitCode == 1 && evaluated.errors.contains("is no money"), "\(evaluated.errors)")
    }

    @Test func joinsAreToldOfBothSides() throws {
        let path = try events(100, to: "e.csv")
        let few = try folder.write("item,title\n" + (0..<5).map { "i\($0),t\n" }.joined(), to: "few.csv")
        let cut = try build([path], ["--items", few])
        #expect(cut.exitCode == 0 && cut.errors.contains("warning: 5 of 25 items"), "\(cut.errors)")
        #expect(cut.errors.contains("(20 %) are among the 5 items of the catalogue (100 % of these)"))
        let vectors = try folder.write("{\"itemId\":\"x1\",\"vector\":[1,0]}\n", to: "v.jsonl")
        let none = try build([path], ["--vectors", vectors, "--force"])
        #expect(none.exitCode == 1 && none.errors.contains("0 of 25 items (0 %)"), "\(none.errors)")
        #expect(try build([path], ["--vectors", vectors, "--force", "--allow-unmatched"]).exitCode == 0)
        let pointer = try folder.write("version https://git-lfs.github.com/spec/v1\noid", to: "lfs.jsonl")
        let named = try build([path], ["--vectors", pointer, "--force"])
        #expect(named.exitCode == 1 && named.errors.contains("a pointer of Git LFS"), "\(named.errors)")
        let text = try folder.write("{\"itemId\":1}\n", to: "wrong.jsonl")
        let dumped = try build([path], ["--vectors", text, "--force"])
        #expect(!dumped.errors.contains("Error(") && dumped.errors.contains("line 1"), "\(dumped.errors)")
    }

    @Test func segmentsTakeSeveralFilesPatternsAndStandardInput() throws {
        let header = "customer,invoice,date,amount\n"
        func rows(_ first: Int) -> String {
            header + (first..<first + 6).map { "c\($0 % 8),\($0),2024-01-1\($0 % 10),\($0 + 1)\n" }.joined()
        }
        _ = try folder.write(rows(0), to: "o-1.csv")
        _ = try folder.write(rows(6), to: "o-2.csv")
        func segment(_ path: String, input: String = "") throws -> Subprocess.Outcome {
            try Subprocess.run(
                "foretaste",
                [
                    "segment", "rfm", "--transactions", path, "--k", "2", "--max-k", "2", "--fresh", "--out",
                    folder.path("rfm"),
                ],
                input: Array(input.utf8))
        }
        let both = try segment(folder.path("o-*.csv"))
        #expect(both.exitCode == 0 && both.output.contains("12 rows of 8 customers kept"), "\(both.errors)")
        #expect(try segment("-", input: rows(0)).output.contains("6 rows of 6 customers kept"))
        // Three equal customers are one segment.
        let equal = header + (1...3).map { "c\($0),\($0),2024-01-01,5\n" }.joined()
        let one = try segment("-", input: equal)
        #expect(one.exitCode == 0 && one.errors.contains("1 clusters instead of 2"), "\(one.errors)")
    }

    /// What a file of options says is found again in it, whatever comes to light by it.
    @Test func errorsNameTheLineOfTheOption() throws {
        let path = try events(10, to: "e.csv")
        for (line, code) in [
            ("interactions = nope.csv", 1), ("columns = userId=zz", 1), ("columns = wrong=zz", 1), ("seed = x", 2),
        ] {
            let options = try folder.write("# ours\n\(line)\n", to: "o.txt")
            let name = line.prefix { $0 != " " }
            let outcome = try build(name == "interactions" ? [] : [path], ["--config", options])
            #expect(outcome.exitCode == Int32(code))
            #expect(outcome.errors.contains("'--\(name)' stands in \(options), line 2."), "\(outcome.errors)")
        }
        let bytes = try folder.write(Array("seed = 1\n# caf".utf8) + [0xe9, 0x0a], to: "o.txt")
        #expect(try build([path], ["--config", bytes]).errors.contains("other bytes in line 2"))
    }

    @Test func idsOfSeveralFilesAreLookedAtTogether() throws {
        let whole = try folder.write("user,item\n17850,i\n", to: "whole.csv")
        let pointed = try folder.write("user,item\n17850.0,j\n", to: "pointed.csv")
        let told = try build([whole, pointed])
        #expect(told.errors.contains("all files of interactions together") && told.errors.contains("--whole-ids"))
        #expect(try build([whole, pointed], ["--whole-ids", "--force"]).output.contains("2 items, 1 users"))
        let link = folder.path("link.csv")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: whole)
        let twice = try build([whole, link])
        #expect(twice.exitCode == 2 && twice.errors.contains("the same file as"), "\(twice.errors)")
    }

    @Test func outputsAreLookedAtBeforeTheWork() throws {
        let plain = try events(50, to: "plain.csv")
        let none = try Subprocess.run(
            "foretaste", ["evaluate", "--interactions", plain, "--html", folder.path("nodir/e.html")])
        #expect(none.exitCode != 0 && none.errors.contains("there is no directory") && !none.errors.contains("read "))
        let file = try folder.write("a file", to: "plain")
        for option in ["--write-lists", "--write-split"] {
            let blocked = try Subprocess.run(
                "foretaste", ["evaluate", "--interactions", plain, option, "\(file)/below"])
            #expect(blocked.exitCode == 1 && blocked.errors.contains("cannot write into"), "\(blocked.errors)")
            #expect(!blocked.errors.contains("read "))
        }
        let missing = try build([plain], ["--vector-ids", plain])
        #expect(missing.exitCode == 2 && missing.errors.contains("'--vector-ids' says nothing without '--vectors'"))
    }

    @Test func standardOutputThatCannotBeWrittenIsAFailure() throws {
        let shell = try Subprocess.run(
            path: "/bin/sh", ["-c", "\"$0\" help build > /dev/full", try BuiltProducts.path(of: "foretaste")])
        #expect(shell.exitCode == 1 && shell.errors.contains("cannot write to standard output"), "\(shell.errors)")
        let closed = try Subprocess.run(
            path: "/bin/sh", ["-c", "\"$0\" help build >&-", try BuiltProducts.path(of: "foretaste")])
        #expect(closed.exitCode == 1, "\(closed.errors)")
        let gone = try Subprocess.run(
            path: "/bin/sh", ["-c", "\"$0\" help build | true", try BuiltProducts.path(of: "foretaste")])
        #expect(gone.exitCode == 0)
    }
}
