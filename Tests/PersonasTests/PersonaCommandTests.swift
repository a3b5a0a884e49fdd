import Foundation
import Personas
import TestSupport
import Testing

/// `foretaste segment personas` as a user runs it.
@Suite struct PersonaCommandTests {
    private func run(_ folder: TemporaryDirectory, _ options: [String]) throws -> Subprocess.Outcome {
        try Subprocess.run(
            "foretaste", ["segment", "personas", "--out", folder.path("out"), "--quiet", "--json"] + options)
    }

    /// The days of the shop one after the other, and all at once.
    @Test func addingDaysGivesTheSameStore() throws {
        let shop = try BuiltShop()
        _ = try shop.personas()
        let all = try shop.folder.bytes(of: "personas/personas.lmdb")
        let rows = try shop.folder.text(of: "shop/interactions.csv").split(separator: "\n")
        for part in 0..<3 {
            let some = rows.dropFirst().enumerated().filter { $0.offset % 3 == part }.map(\.element)
            let events = try shop.folder.write(
                ([rows[0]] + some).joined(separator: "\n"), to: "part\(part).csv")
            let outcome = try run(
                shop.folder,
                ["--events", events, "--items", shop.itemsPath, "--users", shop.folder.path("shop/users.csv")]
                    + (part > 0 ? ["--previous", shop.folder.path("out")] : []))
            try #require(outcome.exitCode == 0, "\(outcome.errors)")
            if part == 0 {
                // Who closes a file to others finds it closed after the next run.
                try FileManager.default.setAttributes(
                    [.posixPermissions: NSNumber(value: 0o600)], ofItemAtPath: shop.folder.path("out/personas.lmdb"))
                let page = try shop.folder.text(of: "out/report.html")
                #expect(page.contains("users like, by the events of <code>part0.csv</code>. A visit"))
            }
        }
        #expect(try shop.folder.bytes(of: "out/personas.lmdb") == all)
        let mode = try FileManager.default.attributesOfItem(atPath: shop.folder.path("out/personas.lmdb"))
        #expect((mode[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        let lines = try shop.folder.text(of: "out/personas.jsonl").split(separator: "\n")
        #expect(lines.count == 200)
        #expect(try JSON.parse(Array(lines[0].utf8))["userId"]?.text == "u00001")
        let page = try shop.folder.text(of: "out/report.html")
        #expect(page.contains("Category tree"))
        #expect(page.contains("the personas in <code>out</code> were made from and those of <code>part2.csv</code>"))
        let other = try run(
            shop.folder,
            [
                "--events", shop.interactionsPath, "--event-weights", "view=2", "--previous",
                shop.folder.path("personas"),
            ])
        #expect(other.exitCode == 1 && other.errors.contains("was made with the weights view=1"), "\(other.errors)")
        #expect(try shop.folder.bytes(of: "out/personas.lmdb") == all)
    }

    @Test func badRowsAreNamedByReasonAndLine() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write(
            """
            user,item,type
            a,x,view
            ,x,view
            a,,view
            a,x,swim
            a,x
            b,\(String(repeating: "y", count: 257)),view

            """, to: "events.csv")
        let stopped = try run(folder, ["--events", path])
        #expect(stopped.exitCode == 1 && stopped.errors.contains("missingUserId"), "\(stopped.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
        let outcome = try run(folder, ["--events", path, "--max-bad-rows", "90%"])
        try #require(outcome.exitCode == 0, "\(outcome.errors)")
        for words in [
            "line 3: missingUserId", "line 4: missingItemId", "line 5: unknownEventType (swim)", "line 6: columnCount",
            "line 7: idTooLong",
        ] { #expect(outcome.errors.contains(words), "\(words): \(outcome.errors)") }
        let counts = try JSON.parse(outcome.outputBytes)
        #expect(counts["users"]?.number == 1 && counts["events"]?.number == 1 && counts["bad_rows"]?.number == 5)
    }

    @Test(arguments: [
        ("", [], "an empty file"), ("user,item\n", [], "rows after the header"), ("who,what\na,b\n", [], "userId"),
        ("user,item\na,b\n", ["--event-weights", "view=0.5"], "whole numbers"),
        ("user,item\na,b\n", ["--event-weights", "view=0"], "no event has a weight above 0"),
        ("user,item\na,b\n", ["--event-weights", "view=NaN"], "Write for example view=1,cart=20,dislike=-5.\n"),
        ("user,item\na,b\n", ["--event-weights", "visit=2,Visit=3"], "expected each event type once"),
        ("user,item\na,b\n", ["--event-type", "swim"], "swim"),
        ("user,item\na,b\n", ["--previous", "E"], "personas.lmdb"),
        ("user,item\na,b\n", ["--items", "E"], "itemId"), ("user,item\na,b\n", ["--columns", "userId=usr"], "usr"),
    ]) func mistakesAreNamed(_ rows: String, _ options: [String], _ words: String) throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write(rows, to: "events.csv")
        let outcome = try run(folder, ["--events", path] + options.map { $0 == "E" ? path : $0 })
        #expect(outcome.exitCode != 0 && outcome.errors.contains(words), "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("out/personas.lmdb")))
    }

    @Test func killedWriteLeavesTheOldStore() throws {
        let shop = try BuiltShop(userCount: 1000, itemCount: 300)
        let directory = try shop.personas()
        let before = try shop.folder.bytes(of: "personas/personas.lmdb")
        let child = try ChildProcess(
            path: BuiltProducts.path(of: "foretaste"),
            [
                "segment", "personas", "--events", shop.interactionsPath, "--event-weights", "view=3", "--out",
                directory,
            ])
        // Said when the next stage, the writing, begins.
        #expect(child.writesError(containing: "add up in"))
        child.kill()
        let outcome = try #require(child.wait())
        #expect(outcome.signal == SIGKILL, "it was quicker than the signal: give it more to do")
        #expect(try shop.folder.bytes(of: "personas/personas.lmdb") == before)
        let persona = try Subprocess.run(
            "foretaste", ["segment", "personas", "of", "--personas", directory, "--user", "u00001"])
        #expect(persona.exitCode == 0)
        // What was left behind is no hindrance.
        _ = try shop.personas()
        #expect(try shop.folder.bytes(of: "personas/personas.lmdb") == before)
        #expect(!FileManager.default.fileExists(atPath: "\(directory)/personas.lmdb.partial"))
    }

    @Test func leftoversOfAKilledRunAreRemovedAndTold() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write("user,item\na,b\n", to: "events.csv")
        let names = ["personas.lmdb", "personas.jsonl", "report.html"].map { "out/\($0).partial" }
        _ = try run(folder, ["--events", path, "--store-only"])
        for name in names { _ = try folder.write("half", to: name) }
        let outcome = try run(folder, ["--events", path, "--store-only"])
        #expect(outcome.exitCode == 0)
        for name in names {
            #expect(outcome.errors.contains("removed \(folder.path(name)), which an interrupted run had left"))
            #expect(!FileManager.default.fileExists(atPath: folder.path(name)))
        }
        #expect(try run(folder, ["--events", path]).errors.isEmpty)
    }

    @Test func whatIsNoStoreIsNamed() throws {
        let folder = try TemporaryDirectory()
        func refusal() throws -> String {
            let outcome = try Subprocess.run(
                "foretaste", ["segment", "personas", "top", "--personas", folder.path("out")])
            #expect(outcome.exitCode == 1)
            return outcome.errors
        }
        let advice = "Name the directory that 'foretaste segment personas' wrote"
        let missing = try refusal()
        #expect(missing.contains("expected a store of personas, found No such file or directory. \(advice)"))
        try folder.makeFolder("out")
        _ = try folder.write("no store", to: "out/personas.lmdb")
        let foreign = try refusal()
        #expect(foreign.contains("expected a store of personas, found another file (expected 152 bytes"), "\(foreign)")
        #expect(foreign.contains(advice))
        let shop = try BuiltShop()
        let names = try #require(FileManager.default.subpaths(atPath: shop.indexPath))
        let version = try #require(names.first { $0.hasSuffix(".mdb") || $0.hasSuffix(".lmdb") })
        _ = try folder.write(shop.folder.bytes(of: "shop.index/\(version)"), to: "out/personas.lmdb")
        #expect(try refusal().contains("found another program's LMDB file"))
    }

    @Test func secondRunAtOnceIsRefused() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write("user,item\na,b\n", to: "events.csv")
        let lock = try PersonaDirectoryLock(folder.path("out"))
        let outcome = try run(folder, ["--events", path])
        #expect(outcome.exitCode == 1 && outcome.errors.contains("no other run"), "\(outcome.errors)")
        lock.release()
        #expect(try run(folder, ["--events", path]).exitCode == 0)
    }

    @Test func unknownUserIsNotFound() throws {
        let shop = try BuiltShop()
        let outcome = try Subprocess.run(
            "foretaste", ["segment", "personas", "of", "--personas", try shop.personas(), "--user", "nobody"])
        #expect(outcome.exitCode == 1 && outcome.errors.contains("NOT_FOUND"), "\(outcome.errors)")
        let near = try Subprocess.run(
            "foretaste", ["segment", "personas", "of", "--personas", try shop.personas(), "--user", "u0O001"])
        #expect(near.errors.contains("Did you mean 'u00001'?"), "\(near.errors)")
    }

    /// Households that buy groceries; the figures were counted from the files by another program.
    @Test(.enabled(if: DataSets.have("complete-journey"), "\(DataSets.reason)"))
    func completeJourney() throws {
        let folder = try TemporaryDirectory()
        let outcome = try run(
            folder,
            [
                "--events", DataSets.path("complete-journey/transactions_sample.csv.gz"), "--columns",
                "userId=household_id,itemId=product_id", "--event-type", "purchase", "--items",
                DataSets.path("complete-journey/products.csv.gz"), "--item-columns",
                "itemId=product_id,brand=manufacturer_id,generic=product_type,category1=department,category2=product_category",
                "--store-only",
            ])
        try #require(outcome.exitCode == 0, "\(outcome.errors)")
        let counts = try JSON.parse(outcome.outputBytes)
        #expect(counts["users"]?.number == 2377 && counts["brands"]?.number == 2430)
        #expect(counts["products"]?.number == 20902 && counts["generic_names"]?.number == 1707)
        let persona = try JSON.parse(
            Subprocess.run(
                "foretaste",
                ["segment", "personas", "of", "--personas", folder.path("out"), "--user", "2261", "--count", "1"]
            ).outputBytes)
        #expect(persona["brand"]?.elements?.first?["name"]?.text == "69")
        #expect(persona["brand"]?.elements?.first?["share"]?.number.map { Float($0) } == Float(37.0 / 124))
        #expect(persona["category1"]?.elements?.first?["share"]?.number.map { Float($0) } == Float(65.0 / 124))
    }
}
