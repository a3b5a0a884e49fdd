import Interactions
import TestSupport
import Testing

/// Catalogues of `SharedCases`, and others of their kinds.
struct CaseFileTests {
    private func titles(_ path: String, encoding: TextEncoding? = nil, quotes: QuoteRule? = nil) throws -> [String] {
        var options = SourceOptions()
        options.encoding = encoding
        options.quotes = quotes
        return try ItemReader.read(path: path, options: options).items.map {
            if case .string(let title)? = $0["title"] { return title }
            return ""
        }
    }

    @Test(.enabled(if: SharedCases.areThere, "\(SharedCases.reason)"), arguments: [TextEncoding.latin1, .windows1252])
    func windows1252(encoding: TextEncoding) throws {
        let titles = try titles(SharedCases.path("catalogue-cp1252.csv"), encoding: encoding)
        #expect(
            titles == [
                "Caf\u{e9} table", "M\u{fc}sli bowl", "Plain cup", "\u{2018}Best\u{2019} mug \u{2013} 10\u{20ac}",
            ])
    }

    @Test(.enabled(if: SharedCases.areThere, "\(SharedCases.reason)"))
    func quotesThatOpenNoFieldAreText() throws {
        let path = SharedCases.path("quotes-are-text.tsv")
        let lenient = ["\"Nose\" for news", "Plain", "Quoted whole", "Mid \"quote\" here", "\"Opens only"]
        #expect(try titles(path) == lenient)
        #expect(
            try titles(path, quotes: QuoteRule.none) == [
                "\"Nose\" for news", "Plain", "\"Quoted whole\"", "Mid \"quote\" here", "\"Opens only",
            ])
    }

    @Test func quotesInTabsMayStillHoldLineBreaksAndTabs() throws {
        let text =
            "item\ttitle\tyear\n1\t\"two\nlines\"\t1990\n2\t\"a\ttab \"\"in\"\"\"\t1991\n3\t\"open\t1992\n4\tx \"y\"\t1993\n"
        let file = try TemporaryFile(text, name: "t.tsv")
        #expect(try titles(file.path) == ["two\nlines", "a\ttab \"in\"", "\"open", "x \"y\""])
    }

    @Test func invalidUTF8NamesTheLikelyEncoding() throws {
        let events = try readError(Array("user,item\nu,caf".utf8) + [0xe9] + Array("\n".utf8))
        #expect(events?.remedy.contains("--encoding windows-1252") == true)
        let header = try readError(Array("user,caf".utf8) + [0xe9] + Array(",item\nu,1,i\n".utf8))
        #expect(header?.remedy.contains("--encoding windows-1252") == true)
    }

    @Test(arguments: [
        ("PAR1\u{15}", "Parquet", "convert-parquet"), ("ARROW1\0\0", "Feather", "convert-parquet"),
        ("<!DOCTYPE html><html>", "web page", "again"), ("\n <HTML><body>", "web page", "again"),
        ("version https://git-lfs.github.com/spec/v1\noid", "Git LFS", "git lfs pull"),
        ("SQLite format 3\0", "SQLite", "sqlite3"),
        ("%PDF-1.4", "PDF", "CSV"), ("<?xml version=\"1.0\"?>", "XML", "CSV"),
    ])
    func otherKindsOfFilesAreNamed(begin: String, name: String, remedy: String) throws {
        for bytes in [Array(begin.utf8), StoredGzip.member(Array(begin.utf8))] {
            let error = try readError(bytes, name: "rows.csv")
            #expect(error?.code == .unsupportedFile && error?.found.contains(name) == true, "\(begin)")
            #expect(error?.remedy.contains(remedy) == true, "\(error?.remedy ?? "")")
        }
    }

    @Test func picklesAreNamed() throws {
        #expect(try readError([0x80, 4, 0x95, 0, 0, 0, 0])?.found.contains("pickle") == true)
    }

    @Test func arraysOfJSONAreRows() throws {
        let text =
            "[\n {\"user\": \"u\", \"item\": 1, \"time\": \"2024-01-01\",\n  \"note\": \"a } in \\\"text\\\"\"},\n"
            + " {\"user\": \"v\", \"item\": 2, \"time\": \"2024-01-02\"}, {\"user\": \"w\", \"time\": \"2024-01-02\"}\n]\n"
        for name in ["rows.json", "rows", "rows.jsonl"] {
            let (log, report) = try readRows(text, name: name, options: lenient())
            #expect(log.rows.map(\.user) == ["u", "v"] && report.format == .json && report.rowCount == 3)
            #expect(report.badRows.samples.map(\.lineNumber) == [4])
        }
        let cut = try readRows(
            "[{\"user\":\"u\",\"item\":\"i\"}, {\"user\":\"v\",\"it", name: "a.json", options: lenient())
        #expect(cut.log.rows.count == 1 && cut.report.badRows[.malformedJSON] == 1)
        #expect(
            try readRows("[{\"user\":\"u\",\"item\":\"i\"}", name: "a.json", options: lenient()).report.badRows.total
                == 1)
    }

    @Test func repeatedHeadersAreCounted() throws {
        let (log, report) = try readRows("user;item\nu;i\nuser;item\nv;j\nuser;item\n")
        #expect(log.rows.map(\.user) == ["u", "v"] && report.rowCount == 2)
        #expect(report.notes == ["repeated headers passed over: 2"])
    }

    @Test func zstdIsReadAndDamageIsTold() throws {
        // `printf 'user,item\nu,i\n' | zstd -c`, twice.
        let frame: [UInt8] = [
            0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, 0x71, 0x00, 0x00, 0x75, 0x73, 0x65, 0x72, 0x2c, 0x69, 0x74, 0x65, 0x6d,
            0x0a,
            0x75, 0x2c, 0x69, 0x0a,
        ]
        // The end of a frame: the lower half of the content's XXH64.
        let (bytes, hash): ([UInt8], [UInt8]) = (frame, [0xd3, 0x7f, 0xe8, 0x8f])
        for name in ["rows.csv.zst", "rows.csv"] {
            #expect(try readRows(bytes + hash, name: name).log.rows.count == 1)
            #expect(try readRows(bytes + hash + bytes + hash, name: name).report.notes.count == 1)
        }
        #expect(try readError(bytes + hash.dropLast(2), name: "rows.csv.zst")?.code == .truncatedGzip)
        #expect(try readError(bytes + [0, 0, 0, 0], name: "rows.csv.zst")?.code == .corruptGzip)
    }
}
