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
    }

    @Test func outputsAreLookedAtBeforeTheWork() throws {
        let plain = try events(50, to: "plain.csv")
        let none = try Subprocess.run(
            "foretaste", ["evaluate", "--interactions", plain, "--html", folder.path("nodir/e.html")])
        #expect(none.exitCode != 0 && none.errors.contains("there is no directory") && !none.errors.contains("read "))
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
