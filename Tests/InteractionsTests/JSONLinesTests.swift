import Interactions
import Testing

struct JSONLinesTests {
    private func read(_ lines: String, options: SourceOptions = SourceOptions()) throws -> (
        log: InteractionLog, report: ReadReport
    ) {
        try readRows(lines, name: "rows.jsonl", options: options)
    }

    @Test func objects() throws {
        let (log, report) = try read(
            """
            {"userId":"u1","itemId":"i1","type":"cart","time":"2024-02-29T00:00:00Z","extra":{"a":[1,{"b":null}]}}
             { "time" : 1709164800 , "itemId" : "i\\u00e9\\ud83d\\ude00\\"\\/" , "userId" : 42, "type": "purchase", "value": 2.5 }
            {"userId":"u1","itemId":-7,"time":1709164800123,"value":null,"value":"3"}
            """)
        #expect(
            log.rows == [
                Row("u1", "i1", 1_709_164_800_000, nil, "cart"),
                Row("42", "ié😀\"/", 1_709_164_800_000, 2.5, "purchase"),
                Row("u1", "-7", 1_709_164_800_123, 3, "view"),
            ])
        #expect(report.format == .jsonLines)
        #expect(report.columns.description == "userId=userId,itemId=itemId,time=time,value=value,type=type")
    }

    @Test func badRows() throws {
        let (log, report) = try read(
            """
            {"user":"u","item":"i"}
            {"user":"u","item":1.5}
            {"user":["u"],"item":"i"}
            {"user":true,"item":"i"}
            {"user":"u"}
            {"user":null,"item":"i"}
            {"user":"","item":"i"}
            {"user":"a\\nb","item":"i"}
            {"user":"u","item":"i"
            {"user":"u","item":"i"} x
            ["u","i"]
            {"user":"\\ud800","item":"i"}
            {"user":"u","item":"i","n":01}
            {"user":"u","item":"i","n":tru}
            {"user":"\\x","item":"i"}
            {"user":"u","item":"i",}
            \(String(repeating: "{\"a\":", count: 40))1\(String(repeating: "}", count: 40))
            {"user":"u","item":"i","type":"boom"}
            """, options: lenient())
        #expect(log.rows == [Row("u", "i", 0)])
        #expect(report.badRows[.idNotAString] == 3)
        #expect(report.badRows[.missingItemId] == 1)
        #expect(report.badRows[.missingUserId] == 2)
        #expect(report.badRows[.controlCharacterInId] == 1)
        #expect(report.badRows[.malformedJSON] == 9)
        #expect(report.badRows[.unknownEventType] == 1)
        #expect(report.badRows.total == 17)
        #expect(report.badRows.samples[6].text == #"{"user":"a\nb","item":"i"}"#)
    }

    @Test func timesMustBeInAllRowsOrNone() throws {
        let lines = #"{"user":"u","item":"i"}"# + "\n" + #"{"user":"u","item":"j","ts":5}"# + "\n"
        let error = try readError(lines, name: "rows.ndjson")
        #expect(error?.code == .timesInSomeRowsOnly)
        #expect(error?.found == "the first time on line 2, after rows without")
        let options = SourceOptions(columns: try ColumnMapping(parsing: "time="))
        #expect(try read(lines, options: options).log.hasTimes == false)
    }

    @Test func rowsWithoutTimeAreBadWhereOthersHaveOne() throws {
        let (log, report) = try read(
            #"{"user":"u","item":"i","ts":5}"# + "\n" + #"{"user":"u","item":"j"}"#, options: lenient())
        #expect(log.rows == [Row("u", "i", 5000)])
        #expect(report.badRows[.unparseableTime] == 1)
    }

    @Test func missingKeyIsNamed() throws {
        let options = SourceOptions(columns: try ColumnMapping(parsing: "userId=userr"), maxBadRows: .share(1))
        let error = try readError(#"{"user":"u","item":"i"}"#, name: "rows.jsonl", options: options)
        #expect(error?.code == .missingColumn)
        #expect(error?.remedy.contains("Did you mean \"user\"?") == true)
    }

    @Test func detectsByContent() throws {
        #expect(try readRows(#"{"user":"u","item":"i"}"#, name: "rows").report.format == .jsonLines)
        #expect(try readRows("user\titem\nu\ti\n", name: "rows").report.format == .tsv)
        #expect(try readRows("user,item\nu,i\n", name: "rows").report.format == .csv)
    }

    @Test func giantLine() throws {
        let giant = #"{"user":""# + String(repeating: "x", count: 3 << 20) + #"","item":"i"}"#
        let (log, report) = try read("\(giant)\n{\"user\":\"u\",\"item\":\"i\"}\n", options: lenient())
        #expect(log.rows == [Row("u", "i", 0)])
        #expect(report.badRows[.recordTooLong] == 1)
    }
}
