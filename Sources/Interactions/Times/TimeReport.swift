/// How a file's times were read.
package struct TimeReport: Sendable, Equatable, CustomStringConvertible {
    /// The file's column.
    package let column: String
    /// Such as `YYYYMMDD`.
    package internal(set) var reading: String
    /// Whether somebody said so.
    package let form: TimeForm?
    /// Where times without an offset were taken.
    package let zone: String
    /// Milliseconds since 1970; nil where no row has a time.
    package private(set) var span: ClosedRange<Int64>?
    /// The numbers are times in no unit: their order is known, the days between them are not.
    package internal(set) var isCounter = false
    package internal(set) var warnings: [String] = []

    init(column: String, reading: String, form: TimeForm?, zone: String) {
        self.column = column
        self.reading = reading
        self.form = form
        self.zone = zone
    }

    mutating func setSpan(of times: [Int64], _ judgement: TimeColumn.Judgement) {
        var changed: [Int: Int64] = [:]
        for change in judgement.changes { changed[change.row] = change.milliseconds }
        let refused = Set(judgement.refused.map(\.row))
        var (least, greatest) = (Int64.max, Int64.min)
        for (row, given) in times.enumerated() {
            if !refused.isEmpty && refused.contains(row) { continue }
            let time = changed.isEmpty ? given : changed[row] ?? given
            least = min(least, time)
            greatest = max(greatest, time)
        }
        span = least <= greatest ? least...greatest : nil
    }

    /// `column date: YYYYMMDD, 1997-01-01 to 1998-06-30`
    package var description: String {
        let place = zone == "UTC" ? "" : " (\(zone), told as UTC)"
        let days = span.map {
            ", \(CivilDate.text(milliseconds: $0.lowerBound)) to \(CivilDate.text(milliseconds: $0.upperBound))"
        }
        return "column \(column): \(reading)\(days ?? "")\(place)"
    }
}
