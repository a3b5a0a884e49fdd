import Interactions
import Testing

struct DelimitedReadingTests {
    @Test func plainCSV() throws {
        let (log, report) = try readRows("userId,itemId,time\nu1,i1,10\nu2,i1,20\nu1,i2,30\n")
        #expect(log.rows == [Row("u1", "i1", 10_000), Row("u2", "i1", 20_000), Row("u1", "i2", 30_000)])
        #expect(log.hasTimes)
        #expect(report.rowCount == 3 && report.goodRowCount == 3 && report.badRows.total == 0)
        #expect(report.format == .csv)
        #expect(report.columns.description == "userId=userId,itemId=itemId,time=time")
    }

    @Test func withoutTimesRowOrderIsTimeOrder() throws {
        let (log, _) = try readRows("user,item\nb,x\na,y\n")
        #expect(!log.hasTimes)
        #expect(log.rows == [Row("b", "x", 0), Row("a", "y", 1)])
    }

    @Test(arguments: ["\n", "\r\n"], [true, false])
    func lineEndings(lineBreak: String, endsWithBreak: Bool) throws {
        let lines = ["\u{FEFF}user_id,item_id", "u1,i1", "", "u2,\"i2\"", "\"u3\",i3"]
        let text = lines.joined(separator: lineBreak) + (endsWithBreak ? lineBreak : "")
        let (log, report) = try readRows(text)
        #expect(log.rows == [Row("u1", "i1", 0), Row("u2", "i2", 1), Row("u3", "i3", 2)])
        #expect(report.rowCount == 3)
    }

    @Test func quotes() throws {
        let text =
            "userId,note,itemId\n\"a,b\",\"line 1\nline 2\",\"say \"\"hi\"\"\"\n\"\"\"\",x,i\"2\nu,,\"\"\"a\"\"\"\n"
        let (log, report) = try readRows(text)
        #expect(log.rows == [Row("a,b", "say \"hi\"", 0), Row("\"", "i\"2", 1), Row("u", "\"a\"", 2)])
        #expect(report.badRows.total == 0)
    }

    @Test func lineNumbersCountEmbeddedLineBreaks() throws {
        let (log, report) = try readRows(
            "userId,itemId\n\"a\n\nb\"\"\",i1\n\nu2,i2,i3\n,i4\nu5,i5\n", options: lenient())
        #expect(log.rows == [Row("u5", "i5", 0)])
        #expect(report.badRows.samples.map(\.lineNumber) == [2, 6, 7])
        #expect(report.badRows.samples.map(\.reason) == [.controlCharacterInId, .columnCount, .missingUserId])
        #expect(report.badRows.samples[0].text == #""a\n\nb""",i1"#)
        #expect(report.badRows.samples[1].detail == "3 fields instead of 2")
    }

    @Test func unusualIds() throws {
        let emoji = String(repeating: "👩‍👩‍👧", count: 14)
        let longest = String(repeating: "é", count: 128)
        let tooLong = longest + "x"
        let (log, report) = try readRows(
            "userId,itemId\n\(emoji),\"a,\"\"b\"\"\"\n\(longest), spaced \n\(tooLong),i\nu,\(tooLong)\n",
            options: lenient())
        #expect(log.rows == [Row(emoji, "a,\"b\"", 0), Row(longest, " spaced ", 1)])
        #expect(report.badRows[.idTooLong] == 2)
    }

    @Test func tabs() throws {
        let (log, report) = try readRows(
            "user\titem\ttype\nu,1\ti1\tCart\nu2\t\"i\t2\"\tview\n", name: "rows.tsv", options: lenient())
        #expect(log.rows == [Row("u,1", "i1", 0, nil, "cart")])
        #expect(report.badRows[.controlCharacterInId] == 1)
        #expect(report.format == .tsv)
    }

    @Test func unterminatedQuoteSpoilsOnlyItsLine() throws {
        let (log, report) = try readRows("userId,itemId\nu1,i1\nu2,\"i2\nu3,i3\nu4,i4", options: lenient())
        #expect(log.rows == [Row("u1", "i1", 0), Row("u3", "i3", 1), Row("u4", "i4", 2)])
        #expect(report.badRows[.unterminatedQuote] == 1)
        #expect(report.badRows.samples[0].lineNumber == 3)
        #expect(report.badRows.samples[0].text == "u2,\"i2")
        #expect(report.rowCount == 4)
    }

    @Test func textAfterAClosingQuoteSpoilsOnlyItsLine() throws {
        let (log, report) = try readRows("userId,itemId\nu1,\"i1\nu2,\"i2\" x\nu3,i3\n", options: lenient())
        #expect(log.rows == [Row("u3", "i3", 0)])
        #expect(report.badRows[.textAfterQuote] == 2)
        #expect(report.badRows.samples.map(\.lineNumber) == [2, 3])
    }

    @Test(arguments: [3 << 20, (1 << 20) + 100, (1 << 20) + 1])
    func giantLine(byteCount: Int) throws {
        let giant = String(repeating: "x", count: byteCount)
        let (log, report) = try readRows("userId,itemId\nu1,i1\n\(giant)\nu2,i2\n\(giant)", options: lenient())
        #expect(log.rows == [Row("u1", "i1", 0), Row("u2", "i2", 1)])
        #expect(report.badRows[.recordTooLong] == 2)
        #expect(report.badRows.samples.map(\.lineNumber) == [3, 5])
        #expect(report.badRows.samples[0].text == String(repeating: "x", count: 120) + "...")
    }

    @Test func longestRecordIsNotTooLong() throws {
        let filler = String(repeating: "x", count: (1 << 20) - 6)
        let (log, report) = try readRows("userId,itemId,note\nu1,i1,\(filler)\nu2,i2,\n")
        #expect(log.rows == [Row("u1", "i1", 0), Row("u2", "i2", 1)])
        #expect(report.badRows.total == 0)
    }

    @Test func giantQuotedFieldGoesOnAtTheNextLine() throws {
        let giant = String(repeating: "y\n", count: 700_000)
        let (log, report) = try readRows("userId,itemId\nu1,\"i1\n\(giant)u2,i2\n", options: lenient())
        #expect(log.rows == [Row("u2", "i2", 0)])
        #expect(report.badRows[.unterminatedQuote] == 1)
        #expect(report.badRows[.columnCount] == 700_000)
    }

    @Test func rowsAcrossManyWindows() throws {
        var text = "userId,itemId,time\n"
        let count = 120_000
        for row in 0..<count {
            let isQuoted = row % 1000 == 7
            text += isQuoted ? "\"u\(row)\",\"i,\"\"\(row)\",\(row)\n" : "u\(row),i\(row),\(row)\n"
        }
        let (log, report) = try readRows(text)
        #expect(report.rowCount == count && log.users.count == count)
        #expect(log.times == (0..<Int64(count)).map { $0 * 1000 })
        #expect(log.userIndexes == (0..<Int32(count)).map { $0 })
        #expect(log.items.id(at: 99_007) == "i,\"99007" && log.items.id(at: 99_008) == "i99008")
    }

    @Test func invalidUTF8IsABadRow() throws {
        let overlong: [UInt8] = [0xc0, 0xaf]
        let surrogate: [UInt8] = [0xed, 0xa0, 0x80]
        let pastTheEnd: [UInt8] = [0xf4, 0x90, 0x80, 0x80]
        let cutOff: [UInt8] = [0xe2, 0x82]
        var bytes = Array("userId,itemId\n".utf8)
        for bad in [overlong, surrogate, pastTheEnd, cutOff, [0x80], [0xff], [0xe0, 0x80, 0x80]] {
            bytes += Array("u,".utf8) + bad + [10]
        }
        bytes += Array("ü,€𝄞\n".utf8)
        let (log, report) = try readRows(bytes, options: lenient())
        #expect(log.rows == [Row("ü", "€𝄞", 0)])
        #expect(report.badRows[.invalidUTF8] == 7)
        #expect(report.badRows.samples[0].text == "u,\u{FFFD}\u{FFFD}")
    }

    @Test func latin1OnRequest() throws {
        let bytes = Array("userId,itemId\nu,".utf8) + [0xc4, 0xff, 0xa9] + [10]
        var options = SourceOptions()
        options.encoding = .latin1
        #expect(try readRows(bytes, options: options).log.rows == [Row("u", "Äÿ©", 0)])
        #expect(try readError(bytes)?.code == .tooManyBadRows)
    }

    @Test func latin1AcrossManyWindows() throws {
        let line: [UInt8] = [0xe9, 0x2c] + Array(repeating: 0xfc, count: 100) + [10]
        var bytes = Array("userId,itemId\n".utf8)
        for _ in 0..<20_000 { bytes += line }
        var options = SourceOptions()
        options.encoding = .latin1
        let (log, report) = try readRows(bytes, options: options)
        #expect(report.rowCount == 20_000 && report.badRows.total == 0)
        #expect(log.users.count == 1 && log.items.count == 1)
        #expect(log.items.id(at: 0) == String(repeating: "ü", count: 100))
    }

    @Test func utf16IsReadByItsMarkAndNamedWithoutOne() throws {
        let text = "user,item\nu,caf\u{e9} \u{1f600}\n"
        for isBig in [false, true] {
            let units = Array(text.utf16)
            let bytes =
                (isBig ? [0xfe, 0xff] : [0xff, 0xfe])
                + units.flatMap { unit -> [UInt8] in
                    let (high, low) = (UInt8(unit >> 8), UInt8(unit & 255))
                    return isBig ? [high, low] : [low, high]
                }
            #expect(try readRows(bytes).log.rows == [Row("u", "caf\u{e9} \u{1f600}")])
            let error = try readError(Array(bytes.dropFirst(2)))
            #expect(error?.code == .unsupportedEncoding)
            #expect(error?.remedy.contains("--encoding utf-16\(isBig ? "be" : "")") == true)
            var options = SourceOptions()
            options.encoding = isBig ? .utf16BigEndian : .utf16
            #expect(try readRows(Array(bytes.dropFirst(2)), options: options).log.rows.count == 1)
        }
    }

    @Test func withoutHeaderColumnsAreNumbered() throws {
        var options = SourceOptions()
        options.hasHeader = false
        options.columns = try ColumnMapping(parsing: "userId=2,itemId=1,value=3")
        let (log, report) = try readRows("i1,u1,2\ni2,u1,3\n", options: options, eventType: "purchase")
        #expect(log.rows == [Row("u1", "i1", 0, 2, "purchase"), Row("u1", "i2", 1, 3, "purchase")])
        #expect(report.rowCount == 2)
    }

    @Test func allTimesEqual() throws {
        let (log, _) = try readRows("user,item,ts\nu,b,5\nu,a,5\nu,c,5\n")
        #expect(log.sortedByTime().rows.map(\.item) == ["b", "a", "c"])
        let built = InteractionMatrix.build(from: log, halfLifeDays: 1)
        #expect(built.histories.itemIndexes == [0, 1, 2])
        #expect(built.histories.times == [5000, 5000, 5000])
    }
}
