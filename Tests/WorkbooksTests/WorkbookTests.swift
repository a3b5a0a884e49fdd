import Foundation
import TestSupport
import Testing

@testable import Workbooks

/// Workbooks written here, without a library, and read as CSV.
struct WorkbookTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private static let relations = """
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
        <Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/>
        </Relationships>
        """

    private static func workbook(_ properties: String = "") -> String {
        """
        <?xml version="1.0"?><workbook xmlns:r="http://x"><workbookPr \(properties)/><sheets>
        <sheet name="Year 1" sheetId="1" r:id="rId1"/><sheet name="Year 2" sheetId="2" r:id="rId2"/></sheets></workbook>
        """
    }

    private static let styles = """
        <styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-F800]yyyy\\-mm\\-dd"/>
        <numFmt numFmtId="165" formatCode="0.00&quot; days&quot;"/></numFmts>
        <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
        <cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>
        """

    private static let strings = """
        <sst><si><t>Invoice</t></si><si><t>InvoiceDate</t></si><si><t>Price</t></si><si><r><t>say "</t></r><r><t>hi", you</t></r>
        <rPh><t>reading</t></rPh></si><si><t xml:space="preserve">Caf\u{e9} &amp; more</t></si></sst>
        """

    private static let header = """
        <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>
        """

    private static func sheet(_ rows: String) -> String {
        "<worksheet><sheetData>\(header)\(rows)</sheetData></worksheet>"
    }

    private func csv(_ parts: [(String, String)], sheet: String? = nil, pieces: Int = 1 << 16) throws -> String {
        let path = folder.path("w.xlsx")
        try Data(StoredZip.archive(parts.map { ($0.0, Array($0.1.utf8)) })).write(to: URL(fileURLWithPath: path))
        let reader = try WorkbookReader(path: path, sheet: sheet)
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: pieces)
        while true {
            let count = try reader.read(into: &buffer, from: 0)
            if count == 0 { return String(decoding: text, as: UTF8.self) }
            text += buffer[..<count]
        }
    }

    private func parts(_ first: String, _ second: String, properties: String = "") -> [(String, String)] {
        [
            ("xl/workbook.xml", Self.workbook(properties)), ("xl/_rels/workbook.xml.rels", Self.relations),
            ("xl/styles.xml", Self.styles), ("xl/sharedStrings.xml", Self.strings),
            ("xl/worksheets/sheet1.xml", first), ("xl/worksheets/sheet2.xml", second),
        ]
    }

    @Test func cellsAreWhatTheyShow() throws {
        let rows = """
            <row r="2"><c r="A2"><v>536365</v></c><c r="B2" s="1"><v>40513.351388888892</v></c><c r="C2"><v>2.5499999999999998</v></c></row>
            <row r="3"><c r="A3" t="s"><v>3</v></c><c r="B3" s="2"><v>40513</v></c></row><row r="4"/>
            <row r="5"><c r="A5" t="inlineStr"><is><t>in line</t></is></c><c r="C5" s="3"><v>1.5</v></c></row>
            <row r="6"><c r="A6" t="b"><v>1</v></c><c r="B6" t="e"><v>#N/A</v></c><c r="C6" t="str"><v>f(x)</v></c><c r="D6"><v>9</v></c></row>
            <row r="7"><c t="s"><v>4</v></c><c s="1"><v>59</v></c></row>
            """
        for pieces in [7, 1 << 16] {
            let text = try csv(parts(Self.sheet(rows), Self.sheet("")), pieces: pieces)
            #expect(
                text == """
                    Invoice,InvoiceDate,Price
                    536365,2010-12-01 08:26:00,2.55
                    "say ""hi"", you",2010-12-01,
                    in line,,1.5
                    true,#N/A,f(x),9
                    Caf\u{e9} & more,1900-02-28,

                    """)
        }
    }

    @Test func sheetsOfTheSameColumnsFollowAndOthersAreNamed() throws {
        let row = "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row>"
        #expect(try csv(parts(Self.sheet(row), Self.sheet(row))) == "Invoice,InvoiceDate,Price\n1,,\n1,,\n")
        let other = "<worksheet><sheetData><row><c t=\"s\"><v>2</v></c></row>\(row)</sheetData></worksheet>"
        #expect(try csv(parts(Self.sheet(row), other)) == "Invoice,InvoiceDate,Price\n1,,\n")
        #expect(try csv(parts(Self.sheet(row), other), sheet: "Year 2") == "Price\n1\n")
        let reader = try WorkbookReader(path: folder.path("w.xlsx"))
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while try reader.read(into: &buffer, from: 0) > 0 {}
        #expect(reader.readSheets == ["Year 1"] && reader.otherSheets == ["Year 2"])
        let error = #expect(throws: WorkbookError.self) { try csv(parts(Self.sheet(row), other), sheet: "Year 3") }
        #expect(error?.found == "\"Year 1\", \"Year 2\"")
    }

    /// What was written digit by digit has lost nothing; what a spreadsheet has rounded is counted.
    @Test func longNumbersKeepTheirDigitsOrAreCounted() throws {
        let rows = """
            <row r="2"><c r="A2"><v>12345678901234567</v></c><c r="B2"><v>12345678901234568</v></c></row>
            <row r="3"><c r="A3"><v>1.2345678901234567E+16</v></c><c r="B3"><v>2.5E+3</v></c></row>
            """
        let text = try csv(parts(Self.sheet(rows), Self.sheet("")))
        #expect(text.contains("\n12345678901234567,12345678901234568,\n") && text.contains(",2500,\n"), "\(text)")
        let reader = try WorkbookReader(path: folder.path("w.xlsx"))
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while try reader.read(into: &buffer, from: 0) > 0 {}
        #expect(reader.roundedCount == 1)
    }

    @Test func daysMayCountFrom1904() throws {
        let rows = "<row r=\"2\"><c r=\"B2\" s=\"1\"><v>39051.351388888892</v></c></row>"
        let text = try csv(parts(Self.sheet(rows), Self.sheet(""), properties: "date1904=\"1\""))
        #expect(text.hasSuffix("\n,2010-12-01 08:26:00,\n"))
    }

    @Test func whatIsNoWorkbookIsTold() throws {
        #expect(throws: WorkbookError.self) { try csv([("readme.txt", "x")]) }
        let cut = Self.sheet("<row r=\"2\"><c r=\"A2\"><v>1</v></c>").replacingOccurrences(of: "</worksheet>", with: "")
        let damaged = #expect(throws: WorkbookError.self) { try csv(parts(cut, Self.sheet(""))) }
        #expect(damaged?.expected.contains("sheet1.xml") == true)
        let bomb = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaa\">]><worksheet>&a;</worksheet>"
        #expect(throws: WorkbookError.self) { try csv(parts(bomb, Self.sheet(""))) }
        _ = try folder.write("PK\u{3}\u{4} and nothing", to: "cut.xlsx")
        #expect(throws: WorkbookError.self) { try WorkbookReader(path: folder.path("cut.xlsx")) }
    }

    @Test func placesAndFormats() {
        #expect(SheetRows.column("A1") == 0 && SheetRows.column("Z9") == 25 && SheetRows.column("AA10") == 26)
        #expect(SheetRows.column("ZZZZZZZZ1") == nil && SheetRows.column("1") == nil)
        #expect(WorkbookStyles.isDate("d/m/yy") && WorkbookStyles.isDate("[Red]yyyy"))
        #expect(
            !WorkbookStyles.isDate("0.00\" days\"") && !WorkbookStyles.isDate("[Red]0.0")
                && !WorkbookStyles.isDate("hh:mm"))
        // 1900-01-01 is day 1, 2000-01-01 day 36,526, the last 9999-12-31.
        #expect(
            SheetRows.date(1, from1904: false) == "1900-01-01"
                && SheetRows.date(36_526, from1904: false) == "2000-01-01")
        #expect(
            SheetRows.date(2_958_465, from1904: false) == "9999-12-31"
                && SheetRows.date(2_958_466, from1904: false) == nil)
        #expect(SheetRows.date(-3, from1904: false) == nil && SheetRows.date(0, from1904: true) == "1904-01-01")
    }
}

/// A zip archive without compression (APPNOTE.TXT, 4.3).
private enum StoredZip {
    static func archive(_ parts: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var out: [UInt8] = []
        var directory: [UInt8] = []
        for part in parts {
            let offset = out.count
            let common =
                number(20, 2) + number(0, 2) + number(0, 2) + number(0, 2) + number(0x21, 2)
                + number(Int(crc32(part.bytes)), 4)
                + number(part.bytes.count, 4) + number(part.bytes.count, 4) + number(part.name.utf8.count, 2)
            out += number(0x0403_4b50, 4) + common + number(0, 2) + part.name.utf8 + part.bytes
            directory += number(0x0201_4b50, 4) + number(20, 2) + common
            directory += number(0, 2) + number(0, 2) + number(0, 2) + number(0, 2) + number(0, 4) + number(offset, 4)
            directory += Array(part.name.utf8)
        }
        let start = out.count
        out += directory
        out += number(0x0605_4b50, 4) + number(0, 2) + number(0, 2) + number(parts.count, 2) + number(parts.count, 2)
        return out + number(directory.count, 4) + number(start, 4) + number(0, 2)
    }

    private static func number(_ value: Int, _ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// Bit by bit, after RFC 1952, section 8.
    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xffff_ffff
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? 0xedb8_8320 ^ crc >> 1 : crc >> 1 }
        }
        return ~crc
    }
}
