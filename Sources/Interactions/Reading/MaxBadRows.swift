/// How many bad rows are borne before a read fails.
package enum MaxBadRows: Sendable, Equatable, CustomStringConvertible {
    /// A share of all rows, 0 to 1; looked at when the file is at its end.
    case share(Double)
    /// A number of rows; looked at as they come.
    case count(Int)

    /// 0.1 %: a few broken lines in a large export pass, a wrong delimiter or column does not.
    package static let standard = MaxBadRows.share(0.001)

    /// Reads `0.1%`, `30%` or a number of rows such as `100`.
    package init(parsing text: String) throws(ReadError) {
        if text.hasSuffix("%"), let percent = NumberParser.number(String(text.dropLast())),
            (0...100).contains(percent)
        {
            self = .share(percent / 100)
        } else if let count = Int(text), count >= 0 {
            self = .count(count)
        } else {
            throw ReadError(
                .badOption, operation: "read the greatest number of bad rows",
                expected: "a share such as 0.1% (0% to 100%) or a number of rows such as 100", found: "\"\(text)\"",
                remedy: "Write for example 1% or 50.")
        }
    }

    package var description: String {
        switch self {
        case .share(let share):
            share * 100 == (share * 100).rounded() ? "\(Int(share * 100))%" : "\(share * 100)%"
        case .count(let count): "\(count)"
        }
    }

    func isExceeded(bad: Int, rows: Int, atEnd: Bool) -> Bool {
        switch self {
        case .share(let share): atEnd && Double(bad) > share * Double(rows)
        case .count(let count): bad > count
        }
    }
}
