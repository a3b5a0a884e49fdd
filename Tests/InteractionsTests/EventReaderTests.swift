import Testing

@testable import Interactions

/// Events for a server, read by the rules that interactions have.
struct EventReaderTests {
    private func read(
        _ text: String, name: String = "events.csv", eventType: String? = nil,
        _ change: (inout SourceOptions) throws -> Void = { _ in }
    ) throws -> (rows: [String], report: ReadReport) {
        let file = try TemporaryFile(text, name: name)
        var options = SourceOptions(maxBadRows: .count(10))
        try change(&options)
        let reader = try EventReader(path: file.path, options: options, eventType: eventType)
        let isStream = reader.isStream
        #expect(!isStream)
        let (table, report) = try reader.table()
        let rows = (0..<table.count).map { row in
            let texts = EventTable.Part.allCases.compactMap { part in
                table.text(part, row: row).map { "\(part.name)=\(String(decoding: $0, as: UTF8.self))" }
            }
            let numbers = [table.value(row: row).map { "value=\($0)" }, table.time(row: row).map { "time=\($0)" }]
            return (["\(table.lineNumbers[row])"] + texts + numbers.compactMap { $0 }).joined(separator: " ")
        }
        return (rows, report)
    }

    @Test func columnsTimesAndMarkersAreThoseOfABuild() throws {
        let (rows, report) = try read(
            """
            event_id;action;CustomerID;sku;qty;date
            e1;purchase;ann;i1;2;20240101
            e2;view;NULL;i2;;20240102
            e3;view;bob;i2;;
            e4;view;nan;i1;;20240103
            event_id;action;CustomerID;sku;qty;date
            """)
        #expect(
            rows == [
                "2 eventId=e1 type=purchase userId=ann itemId=i1 value=2.0 time=1704067200000",
                "4 eventId=e3 type=view userId=bob itemId=i2",
            ])
        #expect(report.badRows[.missingUserId] == 2 && report.times?.reading == "YYYYMMDD")
        #expect(report.times?.description.contains("2024-01-01") == true)
        #expect(report.notes.contains("repeated headers passed over: 1"))
    }

    @Test func mappingsTypesSessionsAndQueries() throws {
        let (rows, _) = try read("visit,what,term\ns1,,shoes\ns1,i9,\n", eventType: "search") { options in
            options.columns = try ColumnMapping(parsing: "sessionId=visit,itemId=what,query=term")
        }
        #expect(rows == ["2 type=search sessionId=s1 query=shoes", "3 type=search sessionId=s1 itemId=i9"])
        let array = try read("[{\"user\":\"u\",\"item\":7,\"type\":\"view\",\"time\":1704067200}]", name: "e.json")
        #expect(array.rows == ["1 type=view userId=u itemId=7 time=1704067200000"])
        let lines = try read("{\"user\":\"u\",\"item\":\"i\",\"type\":\"view\"}\n", name: "e.jsonl")
        #expect(lines.rows == ["1 type=view userId=u itemId=i"])
        let zones = try read("user,item,time\nu,i,01/02/2024 00:00\n", eventType: "view") { $0.times.form = .dayFirst }
        #expect(zones.rows == ["2 type=view userId=u itemId=i time=1706745600000"])
    }

    @Test(arguments: [
        ("user,item\nu,i\n", "--event-type"), ("user,type\nu,view\n", "column of the itemId"),
        ("type,item\nview,i\n", "column of the userId"), ("user,item,type,time\nu,i,view,01/02/2024\n", "day-first"),
        ("PAR1\u{15}", "convert-parquet"), ("user,item,type\n", "rows after the header"),
    ])
    func whatCannotBeReadIsNamed(text: String, words: String) throws {
        let error = #expect(throws: ReadError.self) { try read(text) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    private func lines(_ text: String) throws -> [(text: [UInt8], lineNumber: Int)] {
        let file = try TemporaryFile(text, name: "e.jsonl")
        var reader = try EventReader(path: file.path)
        let isStream = reader.isStream
        #expect(isStream)
        var lines: [(text: [UInt8], lineNumber: Int)] = []
        while let line = try reader.nextLine() { lines.append(line) }
        return lines
    }

    /// A server's own events go as they are.
    @Test func linesOfEventsAreStreamed() throws {
        let first = "{\"type\":\"view\",\"userId\":\"\\u00e9\",\"itemId\":\"i\",\"context\":{\"n\":1}}"
        let found = try lines(first + "\n\n" + first)
        #expect(found.map(\.lineNumber) == [1, 3])
        #expect(found.allSatisfy { String(decoding: $0.text, as: UTF8.self) == first })
        for (line, words) in [
            ("{\"type\":\"view\",\"userId\":\"NULL\",\"itemId\":\"i\"}", "stands for none"),
            ("{\"type\":\"view\",\"userId\":\"u\",\"itemId\":\"i\",\"time\":20240101}", "--time-format"),
            ("[1]", "line 2"),
            ("{\"type\":", "malformedJSON"),
        ] {
            let error = #expect(throws: ReadError.self) { try lines(first + "\n" + line + "\n") }
            #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        }
    }
}
