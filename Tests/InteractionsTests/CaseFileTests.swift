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
        ("ORC\u{1}\u{2}", "ORC", "read_orc"), ("RDX3\nX\n", "object of R", "readRDS"),
        ("\u{4}\u{22}\u{1}\u{2}abc\u{3}\u{5}\u{6}", "no text", "export its rows"),
        (String(repeating: "a", count: 100) + String(repeating: "\0", count: 157) + "ustar\00000", "tar", "tar -xf"),
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
        #expect(try readError([0x89, 0x50, 0x4e, 0x47, 0x0d])?.found == "an image")
        #expect(try readError([0xff, 0xff, 0xff, 0xff, 0x70, 2, 0, 0])?.found == "a stream of Arrow")
    }

    /// Files of other layouts than rows are unpacked, transcoded and refused as files of rows are.
    @Test func wholeFiles() throws {
        let text = Array("caf\u{e9}\nsecond\n".utf8)
        for bytes in [text, StoredGzip.member(text), [0xef, 0xbb, 0xbf] + text] {
            let file = try TemporaryFile(bytes, name: "labels.txt")
            #expect(try WholeFile.text(file.path) == "caf\u{e9}\nsecond\n")
        }
        let wrong = try TemporaryFile(Array("good\ncaf".utf8) + [0xe9, 0x0a], name: "labels.txt")
        let error = #expect(throws: ReadError.self) { try WholeFile.text(wrong.path) }
        #expect(error?.found == "other bytes in line 2")
        let table = try TemporaryFile(Array("PAR1\u{15}".utf8), name: "labels.txt")
        #expect(#expect(throws: ReadError.self) { try WholeFile.bytes(table.path) }?.found == "a Parquet file")
        #expect(#expect(throws: ReadError.self) { try WholeFile.bytes("/nowhere/x") }?.code == .fileNotFound)
        #expect(WholeFile.isPlain(text) && !WholeFile.isPlain(StoredGzip.member(text)))
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
    }

    /// As a compressed file that was cut off: what is missing nobody knows, however many bad rows are allowed.
    @Test(arguments: [
        "[{\"user\":\"u\",\"item\":\"i\"}, {\"user\":\"v\",\"it", "[{\"user\":\"u\",\"item\":\"i\"}",
        "[\n{\"user\":\"u\",\"item\":\"i\"},\n", "[",
    ])
    func arraysOfJSONThatWereCutOffAreRefused(text: String) throws {
        let error = try #require(try readError(Array(text.utf8), name: "a.json", options: lenient()))
        #expect(error.code == .truncated && error.description.contains("cut off"), "\(error)")
    }

    @Test func rowsOfJSONAreKnownWhateverTheFileIsCalled() throws {
        #expect(try readRows("{\"user\":\"u\",\"item\":\"i\"}\n", name: "r.csv").report.format == .jsonLines)
        #expect(try readRows("[\n{\"user\":\"u\",\"item\":\"i\"}]\n", name: "r.csv").report.format == .json)
        let brackets = SourceOptions(columns: try ColumnMapping(parsing: "userId=[user],itemId=[item]"))
        #expect(try readRows("[user],[item]\nu,i\n", name: "r.csv", options: brackets).report.format == .csv)
    }

    @Test func linesThatEndWithCRAloneAreNamed() throws {
        let error = try readError(Array("user,item\ru,i\rv,j\r".utf8))
        #expect(error?.found.contains("CR alone") == true && error?.remedy.contains("tr '") == true)
        #expect(try readRows("user;item\r\nu;i\r\n").log.rows.count == 1)
    }

    @Test func sheetsOfOtherFilesAreTold() throws {
        var options = SourceOptions()
        options.sheet = "Sheet1"
        let warnings = try readRows("user;item\nu;i\n", options: options).report.warnings
        #expect(warnings == ["--sheet Sheet1 says nothing here: the file is no workbook"])
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
