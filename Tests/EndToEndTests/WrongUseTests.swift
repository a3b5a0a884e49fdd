import Foundation
import TestSupport
import Testing

/// Wrong use ends with exit 2, the mistake by its name and the way to help; nothing is done.
@Suite struct WrongUseTests {
    static let commands = [
        "build", "evaluate", "call", "inspect", "verify", "versions", "activate", "synthesize", "metrics", "tune",
        "embed", "analyse anomalies", "analyse trends", "segment rfm", "segment predict", "segment kmeans",
        "segment hierarchical", "segment visits",
        "segment search", "segment personas", "segment personas query", "segment personas of", "segment personas top",
        "analyse features", "analyse predict", "analyse value",
    ]

    @Test(arguments: [
        (["build", "--interactionz", "a.csv"], ["'--interactionz'", "Did you mean '--interactions'?"]),
        (["build", "--interactions"], ["'--interactions' needs a value"]),
        (["build", "--index", "a.index"], ["'--interactions FILE' is needed"]),
        (["build", "--interactions", "a", "--index", "b", "--seed", "x"], ["'--seed x'", "whole number"]),
        (["build", "--interactions", "a", "--index", "b", "--neighbours", "0"], ["'--neighbours 0'", "1"]),
        (["build", "--interactions", "a", "--index", "b", "--weights", "content=2"], ["--weights", "0 to 1"]),
        (["build", "--interactions", "a", "--index", "b", "--model", "esae"], ["--model", "ease"]),
        (["build", "--interactions", "a", "--index", "b", "--format", "movielens"], ["--format", "movielens-1m"]),
        (["build", "--interactions", "a", "--index", "b", "--columns", "user"], ["--columns", "userId"]),
        (["build", "--interactions", "a", "--index", "b", "--embedder", "minilm"], ["--model-directory DIR"]),
        (["build", "--interactions", "a", "--index", "b", "--model-directory", "m"], ["--embedder minilm"]),
        (["embed", "--model-directory", "m", "--texts", "a"], ["'--output FILE' is needed"]),
        (["build", "--config", "/nonexistent/a.options"], ["/nonexistent/a.options", "no file of that name"]),
        (["evaluate", "--interactions", "a", "--split", "half"], ["--split", "leave-last-one"]),
        (["tune", "--interactions", "a"], ["'--output FILE' is needed"]),
        (["tune", "--interactions", "a", "--output", "b", "--metric", "ndcg"], ["'--metric ndcg'", "ndcg@10"]),
        (["tune", "--interactions", "a", "--output", "b", "--models", "ease,esae"], ["'--models esae'", "item-knn"]),
        (["tune", "--interactions", "a", "--output", "b", "--split", "given"], ["'--split given'", "training file"]),
        (["tune", "--output", "b"], ["'--interactions FILE' is needed"]),
        (["tune", "--output", "b", "--protocol", "ncf"], ["'--protocol", "ncf-ml1m"]),
        (
            ["tune", "--output", "b", "--protocol", "ncf-ml1m", "--data", "d", "--split", "random:0.8"],
            ["leave '--split' out"]
        ),
        (
            ["tune", "--output", "b", "--protocol", "diginetica", "--data", "d", "--embedder", "minilm"],
            ["--model-directory"]
        ),
        (["build", "--interactions", "a", "--index", "b", "--ease-l2", "5y"], ["'--ease-l2 5y'", "5x"]),
        (["build", "--interactions", "a", "--index", "b", "--history-decay", "1.5,0.7"], ["0 to 1", "0.15,0.7"]),
        (["build", "--interactions", "a", "--index", "b", "--history-decay", "0.5"], ["floor and a rate"]),
        (["synthesize", "--users", "-1", "--out", "x"], ["--users"]),
        (
            ["evaluate", "--interactions", "a", "--html", "r", "--report", "./r"],
            ["'--html r' and '--report ./r' name the same file"]
        ),
        (
            ["evaluate", "--interactions", "a", "--write-lists", "d/", "--report", "d"],
            ["'--write-lists d/' and '--report d' name the same file"]
        ),
        (
            ["segment", "kmeans", "--vectors", "a", "--k", "2", "--labels", "b/../c", "--centres", "c"],
            ["'--labels b/../c' and '--centres c'"]
        ),
        (
            ["segment", "hierarchical", "--vectors", "a", "--k", "2", "--merges", "c", "--centres", "c"],
            ["'--merges c' and '--centres c'"]
        ),
        (["tune", "--interactions", "a", "--output", "b", "--journal", "b"], ["'--output b' and '--journal b'"]),
        (
            ["embed", "--model-directory", "m", "--texts", "a", "--output", "b", "--pieces", "b"],
            ["'--output b' and '--pieces b'"]
        ),
        (["call"], ["METHOD"]), (["call", "ping", "--server", "x:y"], ["--server", "HOST:PORT"]),
        (["inspect"], ["DIR"]), (["inspect", "a", "b"], ["'b'"]), (["bild"], ["'bild'", "build"]), ([], ["no command"]),
    ]) func toolNamesTheMistake(_ arguments: [String], _ words: [String]) throws {
        try check("foretaste", arguments, words)
    }

    @Test(arguments: [
        ([], ["'--index DIR' is needed"]), (["--index"], ["'--index' needs a value"]),
        (["--index", "a", "--thread", "2"], ["'--thread'", "Did you mean '--threads'?"]),
        (["--index", "a", "--threads", "none"], ["'--threads none'"]),
        (["--index", "a", "--listen", "127.0.0.1:99999"], ["HOST:PORT", "65535"]),
        (["--index", "a", "--log-level", "loud"], ["--log-level", "debug, info, warning or error"]),
    ]) func serverNamesTheMistake(_ arguments: [String], _ words: [String]) throws {
        try check("foretaste-server", arguments, words)
    }

    private func check(_ program: String, _ arguments: [String], _ words: [String]) throws {
        let folder = try TemporaryDirectory()
        let outcome = try Subprocess.run(program, arguments, directory: folder.path)
        #expect(outcome.exitCode == 2, "\(outcome.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        #expect(outcome.output.isEmpty, "\(outcome.output)")
        for word in words { #expect(outcome.errors.contains(word), "'\(word)' is not in: \(outcome.errors)") }
    }

    @Test(arguments: commands) func everyCommandHasHelpWithExamples(_ command: String) throws {
        let words = command.split(separator: " ").map(String.init)
        for arguments in [words + ["--help"], words + ["-h"]] {
            let outcome = try Subprocess.run("foretaste", arguments)
            #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
            // One would be of the source's line ends.
            #expect(!outcome.output.contains("\\"), "\(outcome.output)")
            #expect(outcome.output.contains("foretaste \(command) ") && outcome.output.contains("Examples"))
        }
    }

    @Test func programsHaveHelpAndVersion() throws {
        let tool = try Subprocess.run("foretaste", ["--help"])
        #expect(tool.exitCode == 0)
        for command in Self.commands { #expect(tool.output.contains("  \(command)"), "\(command)") }
        let family = try Subprocess.run("foretaste", ["segment", "--help"])
        #expect(family.exitCode == 0 && family.errors.isEmpty && family.output.contains("  segment hierarchical"))
        let server = try Subprocess.run("foretaste-server", ["--help"])
        #expect(server.exitCode == 0 && server.output.contains("--listen") && server.output.contains("Examples"))
        for program in ["foretaste", "foretaste-server"] {
            let outcome = try Subprocess.run(program, ["--version"])
            #expect(outcome.exitCode == 0 && outcome.output.contains("0.1.0"))
        }
    }

    /// What the package brings beside the programs is made of what they declare.
    @Test(arguments: ["foretaste", "foretaste-server"]) func manualsAndCompletionsAreWhole(_ program: String) throws {
        let manual = try Subprocess.run(program, ["--manual"])
        #expect(manual.exitCode == 0 && manual.output.hasPrefix(".\\\" Made by '\(program) --manual'.\n.TH "))
        let help = try Subprocess.run(program, ["--help"]).output
        let commands = help.split(separator: "\n").drop { $0 != "Commands:" }.dropFirst()
            .prefix { $0.hasPrefix("  ") }.filter { !$0.hasPrefix("   ") }
            .map { $0.dropFirst(2).prefix(22).trimmingCharacters(in: .whitespaces) }
        #expect(program == "foretaste-server" || commands.count > 30)
        for command in commands {
            #expect(manual.output.contains("\n.SS \(command.replacing("-", with: "\\-"))\n"), "\(command)")
        }
        for shell in ["bash", "zsh", "fish"] {
            let completions = try Subprocess.run(program, ["--completion", shell])
            #expect(completions.exitCode == 0 && completions.output.contains("index"), "\(completions.errors)")
            guard shell == "bash" else { continue }
            let checked = try Subprocess.run(path: "/usr/bin/env", ["bash", "-nc", completions.output])
            #expect(checked.exitCode == 0, "\(checked.errors)")
        }
    }

    /// What other machines reach needs a word of consent; a port in use is told.
    @Test func serverRefusesAddresses() throws {
        let shop = try BuiltShop()
        let open = try Subprocess.run("foretaste-server", ["--index", shop.indexPath, "--listen", "0.0.0.0:0"])
        #expect(open.exitCode == 1 && open.errors.contains("--insecure"), "\(open.errors)")
        let first = try shop.serve()
        let taken = try Subprocess.run(
            "foretaste-server", ["--index", shop.indexPath, "--listen", "127.0.0.1:\(first.port)"])
        #expect(taken.exitCode == 1 && taken.errors.contains("\(first.port)"), "\(taken.errors)")
    }

    @Test func configurationFileGivesOptions() throws {
        let shop = try BuiltShop()
        let options = try shop.folder.write(
            """
            # of the test
            interactions = \(shop.interactionsPath)
            items = \(shop.itemsPath)

            neighbours = 7
            dimension=16
            quiet

            """, to: "shop.options")
        let index = shop.folder.path("other.index")
        let built = try shop.foretaste("build", "--config", options, "--index", index, "--dimension", "8")
        #expect(built.exitCode == 0 && built.errors.isEmpty, "\(built.errors)")
        let summary = try shop.foretaste("inspect", "--json", index).json()
        // The command line wins over the file.
        #expect(summary["vectorDimension"] == .number(8))
        #expect(summary["configuration"]?["neighbourCount"]?.text == "7")
        let misspelt = try shop.folder.write("neighbors = 7\n", to: "wrong.options")
        let refused = try shop.foretaste(
            "build", "--config", misspelt, "--interactions", shop.interactionsPath, "--index", index)
        #expect(refused.exitCode == 2 && refused.errors.contains("Did you mean '--neighbours'?"), "\(refused.errors)")
    }
}
