import Spelling

/// How far a place's clocks were ahead of UTC, and when that changed. Read from the system's zone files (RFC 8536).
///
/// A local time that clocks showed twice is taken for the first of the two; one that they skipped, for the time that much later.
package struct TimeZoneRules: Sendable, Equatable {
    /// `UTC`, `+01:00`, or the zone's name.
    package let name: String
    /// Ascending, seconds since 1970; from each on, the offset of the same place in `offsets` holds.
    let transitions: [Int64]
    let offsets: [Int64]
    /// Before the first transition.
    let firstOffset: Int64
    /// After the last one; nil: the last offset stays.
    let yearly: YearlyOffsets?

    package static let utc = TimeZoneRules(fixed: 0, name: "UTC")

    private static let folders = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/var/db/timezone/zoneinfo"]
    /// The largest zone files have some 4,000 bytes.
    private static let greatestFileByteCount = 1 << 16

    init(fixed seconds: Int64, name: String) {
        self.init(name: name, transitions: [], offsets: [], firstOffset: seconds, yearly: nil)
    }

    init(name: String, transitions: [Int64], offsets: [Int64], firstOffset: Int64, yearly: YearlyOffsets?) {
        self.name = name
        self.transitions = transitions
        self.offsets = offsets
        self.firstOffset = firstOffset
        self.yearly = yearly
    }

    /// `UTC`, an offset such as `+01:00`, or a name such as `Europe/Stockholm`.
    package init(parsing text: String) throws(ReadError) {
        let bytes = Array(text.utf8)
        if !text.isEmpty, let minutes = TimestampParser.offsetMinutes(bytes.span, 0) {
            self.init(fixed: minutes * 60, name: minutes == 0 ? "UTC" : text)
            return
        }
        let isName =
            !text.isEmpty && !text.hasPrefix("/") && !text.contains("..")
            && bytes.allSatisfy { byte in
                (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || "/_+-".utf8.contains(byte)
            }
        for folder in isName ? Self.folders : [] {
            guard let content = try Self.content(of: "\(folder)/\(text)"),
                let rules = ZoneFile.rules(content, name: text)
            else { continue }
            self = rules
            return
        }
        throw ReadError(
            .badOption, operation: "read the time zone",
            expected: "UTC, an offset such as +01:00, or a name of the system's zone database such as Europe/Stockholm",
            found: "\"\(text)\"", remedy: "Correct the name; capitals matter. The database is the package tzdata.")
    }

    /// Nil where there is no such file.
    private static func content(of path: String) throws(ReadError) -> [UInt8]? {
        do throws(ReadError) {
            var file = try InputFile.open(path: path)
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: greatestFileByteCount)
            while bytes.count <= greatestFileByteCount {
                let count = try file.read(into: &buffer)
                if count == 0 { return bytes }
                bytes += buffer[..<count]
            }
            return nil
        } catch {
            guard [.fileNotFound, .isDirectory].contains(error.code) else { throw error }
            return nil
        }
    }

    /// Seconds ahead of UTC at that moment.
    package func offset(atSeconds time: Int64) -> Int64 {
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= time { low = middle + 1 } else { high = middle }
        }
        if low == transitions.count, let yearly { return yearly.offset(atSeconds: time) }
        return low == 0 ? firstOffset : offsets[low - 1]
    }

    /// The day that calendars of the place showed at that moment, in days since 1970-01-01.
    package func day(ofMilliseconds time: Int64) -> Int32 {
        let seconds = CivilDate.floorDivided(time, 1000)
        return Int32(CivilDate.floorDivided(seconds + offset(atSeconds: seconds), 86_400))
    }

    /// The time of UTC at which clocks showed `local`, both in milliseconds since 1970 as if they were of UTC.
    func milliseconds(ofLocal local: Int64) -> Int64 {
        if transitions.isEmpty && yearly == nil { return local - firstOffset * 1000 }
        let seconds = CivilDate.floorDivided(local, 1000)
        // No offset is longer than a day.
        let before = offset(atSeconds: seconds - 86_400)
        let after = offset(atSeconds: seconds + 86_400)
        if before == after || offset(atSeconds: seconds - before) == before { return local - before * 1000 }
        if offset(atSeconds: seconds - after) == after { return local - after * 1000 }
        return local - before * 1000
    }
}

/// Two offsets a year, between two moments that a rule names, as the last line of a zone file has them:
/// `CET-1CEST,M3.5.0,M10.5.0/3` (POSIX, section 8.3).
struct YearlyOffsets: Sendable, Equatable {
    /// The `week`th `weekday` (0 is Sunday) of the month, the last one where `week` is 5, so many seconds after midnight.
    struct Moment: Sendable, Equatable {
        let month: Int64
        let week: Int64
        let weekday: Int64
        let seconds: Int64

        /// Seconds since 1970 by the clock that runs until then.
        func local(year: Int64) -> Int64 {
            guard let first = CivilDate(year: year, month: month, day: 1) else { return 0 }
            // 1970-01-01 was a Thursday.
            let firstWeekday = ((first.days + 4) % 7 + 7) % 7
            var day = 1 + (weekday - firstWeekday + 7) % 7 + 7 * (week - 1)
            while day > CivilDate.dayCount(year: year, month: month) { day -= 7 }
            return (first.days + day - 1) * 86_400 + seconds
        }
    }

    let standard: Int64
    let summer: Int64
    let begin: Moment
    let end: Moment

    func offset(atSeconds time: Int64) -> Int64 {
        let year = CivilDate(milliseconds: (time + standard) * 1000).year
        let begin = begin.local(year: year) - standard
        let end = end.local(year: year) - summer
        let isSummer = begin < end ? time >= begin && time < end : time >= begin || time < end
        return isSummer ? summer : standard
    }
}
