/// Turns the cells of a sheet into lines of CSV.
final class SheetRows: XMLHandler {
    private let strings: SharedStrings
    private let areDates: [Bool]
    private let countsFrom1904: Bool
    /// Lines that nobody has taken yet.
    var lines: [UInt8] = []
    /// The first row of the first sheet, which other sheets must share.
    private(set) var header: [[UInt8]]?
    /// The sheet at hand has another first row.
    private(set) var isOther = false
    private var isFirstRow = true
    private var cells: [[UInt8]] = []
    private var value: [UInt8] = []
    private var isInValue = false
    private var column = 0
    /// Cells with numbers that a spreadsheet has rounded.
    private(set) var roundedCount = 0
    private var type = ""
    private var style = 0

    /// 10^15: a spreadsheet keeps 15 digits of a number.
    private static let firstRounded = 1e15

    /// As spreadsheets allow.
    private static let greatestColumnCount = 16_384

    init(_ strings: SharedStrings, areDates: [Bool], countsFrom1904: Bool) {
        self.strings = strings
        self.areDates = areDates
        self.countsFrom1904 = countsFrom1904
    }

    func beginSheet() {
        isFirstRow = true
        isOther = false
    }

    func begin(_ name: String, _ attributes: [String: String]) {
        switch name {
        case "row": cells.removeAll(keepingCapacity: true)
        case "c":
            column = attributes["r"].flatMap(Self.column) ?? cells.count
            type = attributes["t"] ?? "n"
            style = attributes["s"].flatMap { Int($0) } ?? 0
            value.removeAll(keepingCapacity: true)
        case "v", "t": isInValue = true
        default: break
        }
    }

    func text(_ bytes: UnsafeBufferPointer<UInt8>) { if isInValue { unsafe value += bytes } }

    func end(_ name: String) {
        switch name {
        case "v", "t": isInValue = false
        case "c":
            guard column < Self.greatestColumnCount else { return }
            while cells.count <= column { cells.append([]) }
            cells[column] = cell()
        case "row": endRow()
        default: break
        }
    }

    private func endRow() {
        while cells.last?.isEmpty == true { cells.removeLast() }
        guard !cells.isEmpty, !isOther else { return }
        if isFirstRow {
            isFirstRow = false
            if let header {
                isOther = header != cells
                return
            }
            header = cells
        }
        for number in 0..<max(cells.count, header?.count ?? 0) {
            if number > 0 { lines.append(UInt8(ascii: ",")) }
            if number < cells.count { append(cells[number]) }
        }
        lines.append(UInt8(ascii: "\n"))
    }

    private func append(_ field: [UInt8]) {
        guard field.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 < 0x20 }) else {
            lines += field
            return
        }
        lines.append(UInt8(ascii: "\""))
        for byte in field {
            if byte == UInt8(ascii: "\"") { lines.append(byte) }
            lines.append(byte)
        }
        lines.append(UInt8(ascii: "\""))
    }

    private func cell() -> [UInt8] {
        switch type {
        case "s": return Int(String(decoding: value, as: UTF8.self)).flatMap { strings[$0] }.map { Array($0) } ?? []
        case "b": return value == [UInt8(ascii: "1")] ? Array("true".utf8) : Array("false".utf8)
        case "n":
            guard !value.isEmpty, let number = Double(String(decoding: value, as: UTF8.self)), number.isFinite else {
                return value
            }
            if areDates.indices.contains(style), areDates[style], let text = Self.date(number, from1904: countsFrom1904)
            {
                return Array(text.utf8)
            }
            // What was written digit by digit, as programs do, has lost nothing.
            if value.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) { return value }
            if number.magnitude >= Self.firstRounded { roundedCount += 1 }
            let isWhole = number == number.rounded() && number.magnitude < 1e15
            return Array((isWhole ? "\(Int64(number))" : "\(number)").utf8)
        default: return value
        }
    }

    /// From 0, of a cell's place such as `AB12`.
    static func column(_ place: String) -> Int? {
        var column = 0
        for letter in place.utf8 {
            guard letter &- UInt8(ascii: "A") < 26 else { break }
            column = column * 26 + Int(letter - UInt8(ascii: "A")) + 1
            if column > greatestColumnCount { return nil }
        }
        return column > 0 ? column - 1 : nil
    }

    /// `2010-12-01 08:26:00`, or `2010-12-01` at midnight. Nil for what is no day between 1900 and 9999.
    static func date(_ serial: Double, from1904: Bool) -> String? {
        // The calendar of 1900 has a 29 February that there never was.
        let days = from1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial
        guard days >= 1, days < 2_958_466 else { return nil }
        let seconds = Int64((days * 86_400).rounded())
        // Days since 0000-03-01; 25,569 of a workbook's days lie before 1970-01-01.
        let shifted = seconds / 86_400 - 25_569 + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let text = "\(year)-\(two(month))-\(two(day))"
        let clock = seconds % 86_400
        return clock == 0 ? text : "\(text) \(two(clock / 3600)):\(two(clock / 60 % 60)):\(two(clock % 60))"
    }
}
