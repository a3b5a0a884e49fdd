import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// What can befall the directory of an index: it is never left without a version that serves.
@Suite struct IndexDirectoryTests {
    /// What a build says when it has done this much; the last one is of the stage in which nothing more is said before the end.
    static let moments = ["interactions.csv", "items.jsonl", "count interactions", "embed", "measure", "train"]

    @Test func unwritablePlacesAreRefused() throws {
        let shop = try BuiltShop()
        let places = [
            (shop.itemsPath, "found a file"), (shop.interactionsPath + "/x.index", "Not a directory"),
            ("/proc/foretaste.index", "make the directory failed"),
        ]
        for (place, words) in places {
            let outcome = try shop.foretaste(
                "build", "--interactions", shop.interactionsPath, "--index", place, "--quiet")
            #expect(outcome.exitCode == 1 && outcome.errors.contains(place), "\(outcome.errors)")
            #expect(outcome.errors.contains(words) || !place.hasPrefix("/proc"), "\(outcome.errors)")
        }
        let overInput = try shop.foretaste(
            "build", "--interactions", shop.interactionsPath, "--index", shop.interactionsPath, "--quiet")
        #expect(overInput.exitCode == 2 && overInput.errors.contains("it would be lost"), "\(overInput.errors)")
    }

    /// The first build waits for its rows behind a named pipe, so it runs for certain when the second begins.
    @Test func secondBuildAtOnceIsRefused() throws {
        let shop = try BuiltShop()
        let version = try shop.currentVersion
        let pipe = shop.folder.path("rows.csv")
        #expect(unsafe mkfifo(pipe, 0o600) == 0)
        let first = try ChildProcess(
            path: BuiltProducts.path(of: "foretaste"),
            ["build", "--interactions", pipe, "--items", shop.itemsPath, "--index", shop.indexPath, "--quiet"])
        // Returns once the first build has opened it, which it does after it has taken the directory.
        let rows = try FileHandle(forWritingTo: URL(filePath: pipe))
        let second = try shop.build()
        #expect(second.exitCode == 1)
        #expect(second.errors.contains("no other build into this directory"), "\(second.errors)")
        #expect(try shop.currentVersion == version)
        try rows.write(contentsOf: Data(contentsOf: URL(filePath: shop.interactionsPath)))
        try rows.close()
        #expect(first.wait()?.exitCode == 0, "\(first.writtenSoFar)")
        #expect(try shop.currentVersion != version)
        #expect(try shop.foretaste("verify", shop.indexPath).exitCode == 0)
    }

    /// However two builds meet: each has won or says why not, and what is current is whole.
    @Test func buildsThatRaceNeverSpoil() throws {
        let shop = try BuiltShop()
        for _ in 0..<3 {
            let builds = try (0..<3).map { _ in
                try ChildProcess(path: BuiltProducts.path(of: "foretaste"), shop.buildArguments + ["--quiet"])
            }
            let outcomes = try builds.map { try #require($0.wait()) }
            #expect(outcomes.contains { $0.exitCode == 0 })
            for loser in outcomes where loser.exitCode != 0 {
                #expect(loser.exitCode == 1 && loser.errors.contains("no other build into this directory"))
            }
            #expect(try shop.foretaste("verify", shop.indexPath).exitCode == 0)
        }
        #expect(try litter(shop).isEmpty)
    }

    @Test func killedBuildLeavesTheOldVersionServing() throws {
        let shop = try BuiltShop()
        let server = try shop.serve()
        let client = try TestClient(port: server.port)
        for moment in Self.moments {
            let build = try ChildProcess(path: BuiltProducts.path(of: "foretaste"), shop.buildArguments)
            #expect(build.writesError(containing: moment), "a build does not say '\(moment)'")
            build.kill()
            let outcome = try #require(build.wait())
            // It may have been quicker than the signal.
            #expect(outcome.signal == SIGKILL || outcome.exitCode == 0)
            #expect(try shop.foretaste("verify", shop.indexPath).exitCode == 0, "after '\(moment)'")
            #expect(try client.itemIds("recommend.user", #"{"userId":"u00001","count":5}"#).count == 5)
        }
        #expect(try shop.build().exitCode == 0)
        #expect(try litter(shop).isEmpty)
        #expect(try client.seesVersion(shop.currentVersion))
    }

    /// Killed as soon as the half-written version is seen on the disk.
    @Test func buildKilledWhileItWritesIsCleanedUp() throws {
        let shop = try BuiltShop()
        for _ in 0..<3 {
            let build = try ChildProcess(path: BuiltProducts.path(of: "foretaste"), shop.buildArguments)
            #expect(build.writesError(containing: "measure"))
            while try litter(shop).isEmpty, build.isRunning {}
            build.kill()
            _ = try #require(build.wait())
            #expect(try shop.foretaste("verify", shop.indexPath).exitCode == 0)
            #expect(try RunningServer(["--index", shop.indexPath]).stop().exitCode == 0)
        }
        #expect(try shop.build().exitCode == 0)
        #expect(try litter(shop).isEmpty)
        #expect(try shop.foretaste("versions", "--json", shop.indexPath).json().elements?.count == 2)
    }

    #if os(Linux)
        @Test func fullDiskLeavesTheOldVersion() throws {
            let shop = try BuiltShop()
            let disk = try TemporaryDirectory()
            guard unsafe mount("tmpfs", disk.path, "tmpfs", 0, "size=1m") == 0 else {
                print("SKIPPED: fullDiskLeavesTheOldVersion: mounting is not permitted here (errno \(errno))")
                return
            }
            defer { #expect(unsafe umount2(disk.path, Int32(MNT_DETACH)) == 0) }
            let index = disk.path("a.index")
            func build(_ rows: String) throws -> Subprocess.Outcome {
                try shop.foretaste(
                    "build", "--interactions", rows, "--items", shop.itemsPath, "--index", index, "--quiet")
            }
            #expect(try build(shop.interactionsPath).exitCode == 0)
            let version = try disk.text(of: "a.index/CURRENT")
            let larger = try BuiltShop(userCount: 600, itemCount: 400)
            let full = try larger.foretaste(
                "build", "--interactions", larger.interactionsPath, "--items", larger.itemsPath, "--index", index,
                "--quiet")
            #expect(full.exitCode == 1 && full.errors.contains("Free some space"), "\(full.errors)")
            #expect(try disk.text(of: "a.index/CURRENT") == version)
            #expect(try shop.foretaste("verify", index).exitCode == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: index + "/versions").count == 1)
            #expect(try RunningServer(["--index", index]).stop().exitCode == 0)
        }
    #endif

    private func litter(_ shop: BuiltShop) throws -> [String] {
        try ["", "/versions"].flatMap { try FileManager.default.contentsOfDirectory(atPath: shop.indexPath + $0) }
            .filter { $0.hasSuffix(".partial") }
    }
}
