import Spelling

/// How a column of times is written, where somebody says so.
package enum TimeForm: String, Sendable, CaseIterable {
    /// RFC 3339 and what is near it: the year first.
    case iso
    /// `31/12/2010 08:26`, `31.12.10`, `31-12-2010`.
    case dayFirst = "day-first"
    /// `12/31/2010 8:26 AM`, `12/31/10`.
    case monthFirst = "month-first"
    case seconds
    case milliseconds
    case microseconds
    case nanoseconds
    /// Days since 1970-01-01.
    case days
    /// Days since 1899-12-30 with a fraction for the time of day, as spreadsheets count.
    case excel
    /// The same from 1904-01-01, as spreadsheets of old Macintoshes count.
    case excel1904 = "excel-1904"
    /// `20101231`, `201012310826`, `20101231082600`.
    case compact = "yyyymmdd"

    /// A name, or a pattern such as `dd/mm/yyyy` or `%m/%d/%Y`, of which only the order of its parts is looked at.
    package init(parsing text: String) throws(ReadError) {
        if let form = Self(rawValue: text.lowercased()) ?? Self.pattern(text) {
            self = form
            return
        }
        let names = Self.allCases.map(\.rawValue)
        throw ReadError(
            .badOption, operation: "read the form of times", expected: "one of \(names.joined(separator: ", "))",
            found: "\"\(text)\"",
            remedy: EditDistance.nearest(to: text, among: names).map { "Did you mean \($0)?" } ?? "Name a form.")
    }

    private static func pattern(_ text: String) -> TimeForm? {
        let letters = text.lowercased().filter { "ymd".contains($0) }
        let hasSeparator = text.contains { "/.-".contains($0) }
        guard text.contains("%") || text.lowercased().contains("yy"), Set("ymd").isSubset(of: letters) else {
            return nil
        }
        switch letters.first {
        case "d": return .dayFirst
        case "m": return .monthFirst
        default: return hasSeparator ? .iso : .compact
        }
    }

    /// For errors and help.
    package static let accepted =
        "2010-12-31T08:26:00Z, 2010-12-31 08:26:00 UTC, 2010-12-31, 31 Dec 2010, 20101231, seconds, milliseconds, "
        + "microseconds or nanoseconds since 1970, day numbers and serials of spreadsheets, and with a day above 12 "
        + "somewhere in the file, or --time-format day-first or month-first, 31/12/2010 08:26 or 12/31/2010 8:26 AM"
}

/// What is said of the times of a file.
package struct TimeRules: Sendable, Equatable {
    /// Nil: judged by the whole column.
    package var form: TimeForm?
    /// Where times without an offset were taken.
    package var zone = TimeZoneRules.utc

    package init(form: TimeForm? = nil, zone: TimeZoneRules = .utc) {
        self.form = form
        self.zone = zone
    }
}
