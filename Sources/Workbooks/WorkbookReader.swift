/// An .xlsx workbook as a stream of CSV in UTF-8: the rows of its first sheet, and of those that begin with the same row. Memory is
/// that of the workbook's different texts, and of a piece of a sheet.
package final class WorkbookReader {
    /// 64 KiB: what a sheet is unpacked by.
    private static let pieceByteCount = 64 << 10

    private let archive: ZipArchive
    private let rows: SheetRows
    private var parser: XMLParser?
    private var part = ""
    private var waiting: ArraySlice<(name: String, part: String)>
    private var current = ""
    private var piece = [UInt8](repeating: 0, count: pieceByteCount)
    private var taken = 0
    /// Sheets with other columns, which were not read.
    package private(set) var otherSheets: [String] = []
    package private(set) var readSheets: [String] = []
    /// Cells read so far whose numbers have more digits than a spreadsheet keeps.
    package var roundedCount: Int { rows.roundedCount }

    /// - Parameter sheet: the only one to read; nil: all that begin as the first does.
    package init(path: String, sheet: String? = nil) throws(WorkbookError) {
        archive = try ZipArchive(path: path)
        guard archive.contains("xl/workbook.xml") else {
            throw WorkbookError(
                expected: "an .xlsx workbook", found: "a zip archive of other files",
                remedy: "Unpack it: unzip -p \(path) NAME.csv > NAME.csv (unzip -l \(path) lists the names).")
        }
        let list = WorkbookList()
        let relations = WorkbookRelations()
        let styles = WorkbookStyles()
        let strings = SharedStrings()
        try Self.parse("xl/workbook.xml", in: archive, list)
        try Self.parse("xl/_rels/workbook.xml.rels", in: archive, relations)
        try Self.parse("xl/styles.xml", in: archive, styles)
        try Self.parse("xl/sharedStrings.xml", in: archive, strings)
        guard !strings.isTooLong else {
            throw WorkbookError(
                expected: "at most 1 GiB of texts", found: "more", remedy: "Save the sheet as CSV.")
        }
        rows = SheetRows(strings, areDates: styles.areDates, countsFrom1904: list.countsFrom1904)
        let sheets = list.sheets.compactMap { sheet in relations.targets[sheet.relation].map { (sheet.name, $0) } }
        let wanted = sheet.map { name in sheets.filter { $0.0 == name } } ?? sheets
        guard !wanted.isEmpty else {
            throw WorkbookError(
                expected: sheet.map { "a sheet \"\($0)\"" } ?? "a sheet",
                found: sheets.isEmpty ? "none" : sheets.map { "\"\($0.0)\"" }.joined(separator: ", "),
                remedy: "Name one of them.")
        }
        waiting = wanted.map { (name: $0.0, part: $0.1) }[...]
    }

    /// Fills `buffer` from `start` on; returns how many bytes. 0 at the end.
    package func read(into buffer: inout [UInt8], from start: Int) throws(WorkbookError) -> Int {
        while taken == rows.lines.count {
            rows.lines.removeAll(keepingCapacity: true)
            taken = 0
            if try !advance() { return 0 }
        }
        let count = min(buffer.count - start, rows.lines.count - taken)
        for offset in 0..<count { buffer[start + offset] = rows.lines[taken + offset] }
        taken += count
        return count
    }

    /// Reads another piece of a sheet; false where nothing is left.
    private func advance() throws(WorkbookError) -> Bool {
        guard let parser else {
            guard let next = waiting.popFirst() else { return false }
            guard archive.open(next.part) else {
                throw WorkbookError(
                    expected: "the sheet \"\(next.name)\"", found: "no part of that name",
                    remedy: "The file is damaged: save it again.")
            }
            (current, part) = (next.name, next.part)
            rows.beginSheet()
            self.parser = XMLParser(rows)
            return true
        }
        let count = try archive.read(into: &piece)
        try parser.parse(piece, count, isFinal: count == 0, part: part)
        if count == 0 || rows.isOther {
            self.parser = nil
            if rows.isOther { otherSheets.append(current) } else { readSheets.append(current) }
        }
        return true
    }

    /// Reads a whole part; one that is missing says nothing.
    private static func parse(_ part: String, in archive: ZipArchive, _ handler: any XMLHandler) throws(WorkbookError) {
        guard archive.open(part) else { return }
        let parser = XMLParser(handler)
        var piece = [UInt8](repeating: 0, count: pieceByteCount)
        while true {
            let count = try archive.read(into: &piece)
            try parser.parse(piece, count, isFinal: count == 0, part: part)
            if count == 0 { return }
        }
    }
}
