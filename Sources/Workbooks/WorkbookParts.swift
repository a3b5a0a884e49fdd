// The parts of an .xlsx workbook (ECMA-376, part 1) that rows need:
//
//     xl/workbook.xml          the sheets' names and relations, and from which year days are counted
//     xl/_rels/workbook.xml.rels   which part a relation is
//     xl/styles.xml            which cell styles are dates
//     xl/sharedStrings.xml     texts, which cells name by number
//     xl/worksheets/sheet1.xml     rows of cells

/// The sheets in their order, and the calendar.
final class WorkbookList: XMLHandler {
    private(set) var sheets: [(name: String, relation: String)] = []
    private(set) var countsFrom1904 = false

    func begin(_ name: String, _ attributes: [String: String]) {
        if name == "workbookPr" { countsFrom1904 = ["1", "true"].contains(attributes["date1904"]) }
        if name == "sheet", let title = attributes["name"], let relation = attributes["id"] {
            sheets.append((title, relation))
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
    func end(_ name: String) {}
}

/// The part of each relation.
final class WorkbookRelations: XMLHandler {
    private(set) var targets: [String: String] = [:]

    func begin(_ name: String, _ attributes: [String: String]) {
        guard name == "Relationship", let id = attributes["Id"], let target = attributes["Target"] else { return }
        targets[id] = target.hasPrefix("/") ? String(target.dropFirst()) : "xl/\(target)"
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
    func end(_ name: String) {}
}

/// Which of the cell styles show dates.
final class WorkbookStyles: XMLHandler {
    private(set) var areDates: [Bool] = []
    private var formats: [Int: String] = [:]
    private var isInCellFormats = false

    func begin(_ name: String, _ attributes: [String: String]) {
        switch name {
        case "numFmt":
            if let id = attributes["numFmtId"].flatMap({ Int($0) }) { formats[id] = attributes["formatCode"] ?? "" }
        case "cellXfs": isInCellFormats = true
        case "xf" where isInCellFormats: areDates.append(isDate(attributes["numFmtId"].flatMap { Int($0) } ?? 0))
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
    func end(_ name: String) { if name == "cellXfs" { isInCellFormats = false } }

    /// The built-in formats 14 to 22 and those of East Asia from 27 on are dates (ECMA-376, 18.8.30); 18 to 21 and 45 to 47 are
    /// times alone, which are left as parts of a day.
    private func isDate(_ id: Int) -> Bool {
        if let code = formats[id] { return Self.isDate(code) }
        return (14...17).contains(id) || id == 22 || (27...36).contains(id) || (50...58).contains(id)
    }

    /// Whether a format code shows a year or a day, outside of quotes, brackets and escapes.
    static func isDate(_ code: String) -> Bool {
        var isQuoted = false
        var isBracketed = false
        var isEscaped = false
        for letter in code.lowercased() {
            if isEscaped {
                isEscaped = false
                continue
            }
            switch letter {
            case "\\", "_", "*": isEscaped = !isQuoted
            case "\"": isQuoted.toggle()
            case "[": isBracketed = true
            case "]": isBracketed = false
            case "y", "d": if !isQuoted && !isBracketed { return true }
            default: break
            }
        }
        return false
    }
}

/// The texts that cells name by number, as bytes one after the other.
final class SharedStrings: XMLHandler {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var isInText = false
    /// Readings of East Asian words stand beside them and are not part of them.
    private var isInReading = false
    private(set) var isTooLong = false

    /// A workbook has at most 1,048,576 rows a sheet; this many bytes of different texts are beyond any.
    private static let greatestByteCount = 1 << 30

    func begin(_ name: String, _ attributes: [String: String]) {
        if name == "rPh" { isInReading = true }
        isInText = name == "t" && !isInReading
    }

    func text(_ text: UnsafeBufferPointer<UInt8>) {
        guard isInText else { return }
        guard bytes.count + text.count <= Self.greatestByteCount else {
            isTooLong = true
            return
        }
        unsafe bytes += text
    }

    func end(_ name: String) {
        if name == "t" { isInText = false }
        if name == "rPh" { isInReading = false }
        if name == "si" { ends.append(bytes.count) }
    }

    /// Nil where there is no text of that number.
    subscript(number: Int) -> ArraySlice<UInt8>? {
        guard ends.indices.contains(number) else { return nil }
        return bytes[(number > 0 ? ends[number - 1] : 0)..<ends[number]]
    }
}
