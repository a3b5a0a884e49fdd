import Foundation
import Interactions
import Testing

struct ReadErrorTests {
    private func error(path: String) -> ReadError? {
        do throws(ReadError) {
            _ = try InteractionReader.read(path: path)
            return nil
        } catch {
            return error
        }
    }

    @Test func missingFile() throws {
        let error = error(path: "no/such/file.csv")
        #expect(error?.code == .fileNotFound)
        #expect(error?.path == "no/such/file.csv")
        #expect(
            error?.description.hasPrefix("no/such/file.csv: cannot open the file: expected a file of that name") == true
        )
    }

    @Test func directory() throws {
        let file = try TemporaryFile("x")
        let error = error(path: file.folder)
        #expect(error?.code == .isDirectory)
        #expect(error?.found == "a directory")
    }

    @Test func unreadableFile() throws {
        let file = try TemporaryFile("userId,itemId\nu,i\n")
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: file.path)
        // The superuser may read everything.
        let expected: ReadError.Code? = FileManager.default.isReadableFile(atPath: file.path) ? nil : .permissionDenied
        #expect(error(path: file.path)?.code == expected)
    }

    @Test func emptyAndHeaderOnlyDiffer() throws {
        let empty = try readError("")
        let blank = try readError("\u{FEFF}\n\r\n\n")
        let header = try readError("userId,itemId\n")
        let headerWithoutBreak = try readError("userId,itemId")
        #expect(empty?.code == .emptyFile)
        #expect(blank?.code == .emptyFile)
        #expect(header?.code == .headerOnly)
        #expect(headerWithoutBreak?.code == .headerOnly)
        #expect(empty?.found == "an empty file (0 bytes, no text)")
        #expect(header?.found == "a header and nothing else")
        #expect(try readError(StoredGzip.member([]))?.code == .emptyFile)
    }

    @Test func missingColumnNamesTheNearest() throws {
        let options = SourceOptions(columns: try ColumnMapping(parsing: "userId=CustomerId2,itemId=StockCode"))
        let error = try readError("StockCode,CustomerID,Country\na,b,c\n", options: options)
        #expect(error?.code == .missingColumn)
        #expect(error?.operation == "find the column \"CustomerId2\"")
        #expect(error?.remedy == "Correct the column mapping. Did you mean \"CustomerID\"?")
    }

    @Test func missingDefaultColumn() throws {
        let error = try readError("uid,itemId\na,b\n")
        #expect(error?.code == .missingColumn)
        #expect(error?.remedy == "Name it by a column mapping such as userId=uid.")
        #expect(try readError("1,2,3\n4,5,6\n")?.remedy.contains("looks like data") == true)
    }

    @Test func ambiguousColumn() throws {
        let options = SourceOptions(columns: try ColumnMapping(parsing: "userId=a,itemId=B"))
        #expect(try readError("a,b,a\n1,2,3\n", options: options)?.code == .ambiguousColumn)
    }

    @Test func badHeader() throws {
        #expect(try readError("userId,\"itemId\nu,i\n")?.code == .badHeader)
        #expect(try readError(Array(repeating: 0x2c, count: 5000) + [10])?.code == .badHeader)
        let long = try readError(Array(repeating: 0x61, count: 1_200_000))
        #expect(long?.code == .badHeader)
        #expect(long?.expected == "a first line of at most 1048576 bytes")
    }

    @Test func nothingUsable() throws {
        let error = try readError("userId,itemId\n,i\n,j\n", options: lenient())
        #expect(error?.code == .noUsableRow)
        #expect(error?.found == "2 bad ones (missingUserId 2)")
    }

    @Test func tooManyBadRowsByShare() throws {
        let text = "userId,itemId\n" + String(repeating: "u,i\n", count: 999) + ",i\n"
        #expect(try readRows(text).report.badRows.total == 1)
        let error = try readError(text + "u,\n")
        #expect(error?.code == .tooManyBadRows)
        #expect(error?.expected == "at most 0.1% bad rows")
        #expect(error?.found == "2 of 1001 rows (missingUserId 1, missingItemId 1)")
        #expect(error?.remedy.hasSuffix("First: line 1001: missingUserId: ,i") == true)
        #expect(error?.report?.badRows.samples.count == 2)
    }

    @Test func tooManyBadRowsByCountStopsAtOnce() throws {
        let options = SourceOptions(maxBadRows: .count(1))
        let error = try readError("userId,itemId\n,1\n,2\nu,3\nu,4\n", options: options)
        #expect(error?.code == .tooManyBadRows)
        #expect(error?.found == "2 of 2 rows so far (missingUserId 2)")
        #expect(try readRows("userId,itemId\n,1\nu,3\n", options: options).log.count == 1)
    }

    @Test func parsesTheGreatestNumberOfBadRows() throws {
        #expect(try MaxBadRows(parsing: "0.1%") == .share(0.001))
        #expect(try MaxBadRows(parsing: "30%") == .share(0.3))
        #expect(try MaxBadRows(parsing: "0") == .count(0))
        #expect(try MaxBadRows(parsing: "250") == .count(250))
        #expect(MaxBadRows.standard == .share(0.001))
        #expect("\(MaxBadRows.share(0.3)) \(MaxBadRows.standard) \(MaxBadRows.count(7))" == "30% 0.1% 7")
        for text in ["", "%", "-1", "101%", "x", "1.5", "nan%", "-0.1%"] {
            #expect(throws: ReadError.self) { try MaxBadRows(parsing: text) }
        }
    }

    @Test func formatsByName() throws {
        #expect(try FileFormat(parsing: "movielens-1m") == .movielens1m)
        do throws(ReadError) {
            _ = try FileFormat(parsing: "movielens-10m")
            Issue.record("an unknown format was accepted")
        } catch {
            #expect(error.code == .unknownFormat && error.remedy == "Did you mean movielens-1m?")
        }
    }

    @Test func samplesAreFewAndShort() throws {
        let long = String(repeating: "é", count: 300)
        let rows = (0..<25).map { "\u{1b}[31m\($0),\(long)\n" }.joined()
        let (_, report) = try readRows("userId,itemId\n\(rows)u,i\n", options: lenient())
        #expect(report.badRows.total == 25 && report.badRows[.controlCharacterInId] == 25)
        #expect(report.badRows.samples.count == 10)
        let text = report.badRows.samples[0].text
        #expect(text.hasPrefix(#"\u{1B}[31m0,éé"#) && text.hasSuffix("é..."))
        #expect(report.badRows.samples[9].lineNumber == 11)
    }

    @Test func reportsProgressAndFingerprint() throws {
        let text = "userId,itemId\n" + String(repeating: "user,item\n", count: 60_000)
        let file = try TemporaryFile(text)
        var calls: [(Int, Int)] = []
        let (_, report) = try InteractionReader.read(path: file.path, progress: { calls.append(($0, $1)) })
        #expect(
            report.fingerprint
                == SourceFingerprint(byteCount: text.utf8.count, crc32: StoredGzip.crc32(Array(text.utf8))))
        #expect(calls.count > 2)
        #expect(calls.allSatisfy { $0.1 == text.utf8.count })
        #expect(zip(calls, calls.dropFirst()).allSatisfy { $0.0 <= $1.0 })
        #expect(calls.last?.0 == text.utf8.count)
    }
}
