import IndexBuilding
import Interactions
import StoredFiles
import TestSupport
import Testing

/// Files that are wrong are refused with what is wrong and where.
@Suite struct GivenFilesTests {
    private static let manifest = "{\"format\":1,\"model\":\"item-knn\"}"
    private static let links = "itemId,neighbourId,score\na,b,0.5\n"

    private func error(_ files: [String: String]) throws -> String {
        let directory = try TemporaryDirectory()
        let path = directory.path("given")
        for (name, text) in files {
            if let folder = name.split(separator: "/").dropLast().first {
                try FileSystem.makeDirectories("\(path)/\(folder)")
            }
            try FileSystem.makeDirectories(path)
            _ = try directory.write(text, to: "given/\(name)")
        }
        do {
            _ = try GivenFiles.read(path, threadCount: 1, observer: SilentObserver())
        } catch { return "\(error)" }
        return "read"
    }

    @Test(arguments: [
        ("{\"format\":1,\"model\":\"item-kn\"}", "Did you mean \"item-knn\"?"),
        ("{\"format\":1,\"model\":\"auto\"}", "a model of links or factors"),
        ("{\"format\":2,\"model\":\"ease\"}", "expected format 1"),
        ("{\"format\":1}", "no \"model\""), ("{\"format\":\"1\",\"model\":\"ease\"}", "wrong type in format"),
        ("{\"format\":1,\"model\":\"ease\"", "cut off"), ("[]", "wrong type"),
        ("{\"format\":1,\"model\":\"ease\",\"row\":{}}", "Did you mean \"rows\"?"),
        ("{\"format\":1,\"model\":\"ease\",\"rows\":{\"item_links\":1}}", "Did you mean \"item-links\"?"),
        ("{\"format\":1,\"model\":\"ease\",\"rows\":{\"item-links\":2}}", "expected 2 rows"),
        ("{\"format\":1,\"model\":\"ials\"}", "expected item-factors"),
        ("{\"format\":1,\"model\":\"ials\",\"ials\":{\"unobservedWeight\":-1}}", "ials.unobservedWeight"),
        ("{\"format\":1,\"model\":\"ease\",\"histories\":{\"hasTimes\":true,\"interactions\":1}}", "or neither"),
        ("{\"format\":1,\"model\":\"ease\",\"histories\":{\"hasTimes\":true,\"interactions\":-1}}", "from 0 on"),
    ])
    func aWrongManifest(text: String, says: String) throws {
        #expect(try error(["given.json": text, "item-links.csv": Self.links]).contains(says))
    }

    @Test(arguments: [
        (["item-links.csv": "itemId,neighbourId\na,b\n"], "score"),
        (["item-links.csv": "itemId,neighbourId,score\na,b,\n"], "line 2"),
        (["item-links.csv": "itemId,neighbourId,score\na,b,nan\n"], "line 2"),
        (["item-links.csv": "itemId,neighbourId,score\na,b,1e300\n"], "line 2"),
        (["item-links.csv": "itemId,neighbourId,score\na,b,1\n,b,1\n"], "line 3"),
        (["item-links.csv": "itemId,neighbourId,score\na,b,1\na,b,1\n"], "a with b twice"),
        (["item-links.csv": "itemId,neighbourId,score\na,a,1\n"], "no item beside itself"),
        (["item-link.csv": links], "Did you mean \"item-links\"?"),
        (["item-links.csv": links, "item-links.jsonl": ""], "one file or folder"),
        (["item-links/_temporary": ""], "a folder that is finished"), (["item-links/_SUCCESS": ""], "files of parts"),
        (["item-links.csv": links, "item-factors.jsonl": "{\"itemId\":\"a\",\"vector\":[1]}\n"], "no item-factors"),
        (["item-links.csv": links, "popularity.csv": "itemId,allTime,recent,trending\na,1,1,-1\n"], "from 0 on"),
        (["item-links.csv": links, "popularity.csv": "itemId,allTime,recent,trending\na,1,1,\n"], "from 0 on"),
        (["item-links.csv": links, "popularity.csv": "itemId,allTime,recent,trending\na,1,1,1\na,1,1,1\n"], "twice"),
        (["item-links.csv": links, "histories.csv": "userId,itemId,sum,time\nu,a,1,1\n"], "or neither"), ([:], "none"),
    ])
    func wrongFiles(files: [String: String], says: String) throws {
        #expect(try error(files.merging(["given.json": Self.manifest]) { _, new in new }).contains(says))
    }

    @Test func timesAreMilliseconds() throws {
        let manifest =
            "{\"format\":1,\"model\":\"item-knn\",\"histories\":{\"hasTimes\":true,\"interactions\":1}}"
        for time in ["2026-01-01", "1.5", "99999999999999999", ""] {
            let text = try error([
                "given.json": manifest, "item-links.csv": Self.links,
                "histories.csv": "userId,itemId,sum,time\nu,a,1,\(time)\n",
            ])
            #expect(text.contains("milliseconds since 1970"), "\(time)")
        }
    }

    @Test func aMissingFolderIsSaid() {
        #expect(throws: ReadError.self) {
            try GivenFiles.read("/nowhere/given", threadCount: 1, observer: SilentObserver())
        }
    }
}
