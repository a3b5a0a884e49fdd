/// What the text of one cell says as a time, before the whole column is judged.
struct TimeReading: Equatable {
    /// How the text was read. Numbers are told by their size: the ranges that the units have between 1980 and 2050 do not overlap.
    enum Kind: UInt8, CaseIterable {
        case certainDate
        case dayFirst
        case monthFirst
        case eitherOrder
        case seconds
        case milliseconds
        case microseconds
        case nanoseconds
        case compactDate
        case compactTime
        case days
        case excel
        /// A number that is a time between 1980 and 2050 in no unit.
        case number

        var isDate: Bool { self.rawValue <= Kind.eitherOrder.rawValue }
        var isEpoch: Bool { (Kind.seconds.rawValue...Kind.nanoseconds.rawValue).contains(rawValue) }
        /// The ways in which a whole column may be written: rows of one family go together. A date and a number of seconds leave no
        /// doubt beside each other.
        var family: Int {
            isDate || isEpoch ? 0 : Int(rawValue)
        }

        var name: String {
            switch self {
            case .certainDate, .eitherOrder: "dates"
            case .dayFirst: "day-first dates"
            case .monthFirst: "month-first dates"
            case .seconds: "seconds since 1970"
            case .milliseconds: "milliseconds since 1970"
            case .microseconds: "microseconds since 1970"
            case .nanoseconds: "nanoseconds since 1970"
            case .compactDate: "YYYYMMDD"
            case .compactTime: "YYYYMMDDhhmm[ss]"
            case .days: "days since 1970"
            case .excel: "serials of spreadsheets"
            case .number: "numbers"
            }
        }
    }

    let kind: Kind
    /// Milliseconds since 1970; of `eitherOrder` with the day first; of `number` as seconds, or as milliseconds from 10^11 on.
    let milliseconds: Int64
    /// Of `eitherOrder`, with the month first. Of `days`, `excel` and `number`, the number's bits.
    var second: Int64 = 0

    /// 1980-01-01 to 2050-01-01. Day numbers of this span end where the serials of spreadsheets of the same span begin (29,220 and
    /// 29,221), seconds, milliseconds and so on lie a factor of 100 apart, and `20201231` is August 1970 as seconds.
    static let plausible: Range<Int64> = 315_532_800_000..<2_524_608_000_000

    /// Days from 1899-12-30 and from 1904-01-01 to 1970-01-01.
    private static let excelDays = 25_569.0
    private static let excel1904Days = 24_107.0

    /// Nil where the text is no time. `form`: nil where the column is judged as a whole.
    static func of(_ bytes: Span<UInt8>, _ rules: TimeRules) -> TimeReading? {
        let text = bytes.extracting(NumberParser.trimmed(bytes))
        switch rules.form {
        case nil: return automatic(text, rules)
        case .iso?, .dayFirst?, .monthFirst?:
            return date(text, rules).flatMap { $0.kind == .eitherOrder ? nil : $0 }
        case .compact?: return compact(text, rules.zone)
        case let form?: return NumberParser.number(text).flatMap { number($0, form, rules.zone) }
        }
    }

    private static func automatic(_ text: Span<UInt8>, _ rules: TimeRules) -> TimeReading? {
        guard let whole = digits(text) else {
            if text.count >= 8, let date = date(text, rules) { return date }
            guard let number = NumberParser.number(text), let reading = ofSize(number, text, rules.zone) else {
                return nil
            }
            // The digits themselves are exact where they have no exponent.
            guard reading.kind == .seconds, let exact = TimestampParser.epoch(text) else { return reading }
            return TimeReading(kind: .seconds, milliseconds: exact)
        }
        // Ten digits are seconds nearly always.
        if whole >= plausible.lowerBound / 1000 && whole < plausible.upperBound / 1000 {
            return TimeReading(kind: .seconds, milliseconds: whole * 1000)
        }
        return ofSize(Double(whole), text, rules.zone)
    }

    /// At most 15 digits and nothing else.
    private static func digits(_ text: Span<UInt8>) -> Int64? {
        guard (1...15).contains(text.count) else { return nil }
        return TimestampParser.number(text, 0, text.count)
    }

    private static func ofSize(_ number: Double, _ text: Span<UInt8>, _ zone: TimeZoneRules) -> TimeReading? {
        let milliseconds = (
            low: Double(plausible.lowerBound), high: Double(plausible.upperBound)
        )
        for (kind, form, perMillisecond) in units
        where number >= milliseconds.low * perMillisecond && number < milliseconds.high * perMillisecond {
            return Self.number(number, form, zone).map { TimeReading(kind: kind, milliseconds: $0.milliseconds) }
        }
        if let date = compact(text, zone), plausible.contains(date.milliseconds) { return date }
        let bits = Int64(bitPattern: number.bitPattern)
        for (kind, form) in [(Kind.days, TimeForm.days), (.excel, .excel)] {
            if let time = Self.number(number, form, .utc), plausible.contains(time.milliseconds) {
                return Self.number(number, form, zone).map {
                    TimeReading(kind: kind, milliseconds: $0.milliseconds, second: bits)
                }
            }
        }
        let isLong = number.magnitude >= Double(TimestampParser.leastMilliseconds)
        guard let time = Self.number(number, isLong ? .milliseconds : .seconds, .utc) else { return nil }
        return TimeReading(kind: .number, milliseconds: time.milliseconds, second: bits)
    }

    private static let units: [(Kind, TimeForm, Double)] = [
        (.seconds, .seconds, 1e-3), (.milliseconds, .milliseconds, 1), (.microseconds, .microseconds, 1e3),
        (.nanoseconds, .nanoseconds, 1e6),
    ]

    /// Nil where the number is no time between the years 0 and 9999 in that unit.
    static func number(_ number: Double, _ form: TimeForm, _ zone: TimeZoneRules) -> TimeReading? {
        let (kind, milliseconds): (Kind, Double) =
            switch form {
            // Half of what the product may be off by.
            case .seconds: (.seconds, number * 1000 + 5e-4)
            case .milliseconds: (.milliseconds, number)
            case .microseconds: (.microseconds, number / 1000)
            case .nanoseconds: (.nanoseconds, number / 1e6)
            case .days: (.days, number * 86_400_000)
            case .excel: (.excel, (number - excelDays) * 86_400_000)
            case .excel1904: (.excel, (number - excel1904Days) * 86_400_000)
            case .iso, .dayFirst, .monthFirst, .compact: (.number, .nan)
            }
        guard milliseconds.magnitude <= Double(NumberLimits.greatestTimeMilliseconds) else { return nil }
        // Seconds keep their milliseconds cut; a day's fraction is a rounded number of seconds.
        let isOfDays = kind == .days || kind == .excel
        let time = isOfDays ? Int64((milliseconds / 1000).rounded()) * 1000 : Int64(milliseconds.rounded(.down))
        return TimeReading(kind: kind, milliseconds: isOfDays ? zone.milliseconds(ofLocal: time) : time)
    }

    private static func date(_ text: Span<UInt8>, _ rules: TimeRules) -> TimeReading? {
        if let civil = TimestampParser.civil(text) {
            let time = civil.hasOffset ? civil.milliseconds : rules.zone.milliseconds(ofLocal: civil.milliseconds)
            return TimeReading(kind: .certainDate, milliseconds: time)
        }
        guard let found = CalendarText.parse(text, form: rules.form) else { return nil }
        let kind: Kind =
            switch found.order {
            case .certain: .certainDate
            case .dayFirst: .dayFirst
            case .monthFirst: .monthFirst
            case .either: .eitherOrder
            }
        func time(_ local: Int64) -> Int64 { found.hasOffset ? local : rules.zone.milliseconds(ofLocal: local) }
        return TimeReading(
            kind: kind, milliseconds: time(found.milliseconds), second: time(found.monthFirstMilliseconds))
    }

    /// 8, 12 or 14 digits; pandas and others write a whole number as `20101231.0`.
    private static func compact(_ given: Span<UInt8>, _ zone: TimeZoneRules) -> TimeReading? {
        var text = given
        if text.count > 2, text[text.count - 2] == UInt8(ascii: "."), text[text.count - 1] == UInt8(ascii: "0") {
            text = text.extracting(0..<(text.count - 2))
        }
        guard [8, 12, 14].contains(text.count), TimestampParser.number(text, 0, text.count) != nil,
            let year = TimestampParser.number(text, 0, 4), let month = TimestampParser.number(text, 4, 2),
            let day = TimestampParser.number(text, 6, 2), let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        let hour = text.count > 8 ? TimestampParser.number(text, 8, 2) ?? 0 : 0
        let minute = text.count > 8 ? TimestampParser.number(text, 10, 2) ?? 0 : 0
        let second = text.count > 12 ? TimestampParser.number(text, 12, 2) ?? 0 : 0
        guard hour <= 23, minute <= 59, second <= 60 else { return nil }
        let local = date.milliseconds + ((hour * 60 + minute) * 60 + second) * 1000
        return TimeReading(
            kind: text.count == 8 ? .compactDate : .compactTime, milliseconds: zone.milliseconds(ofLocal: local))
    }
}

/// A time that somebody gives by hand.
package enum GivenTime {
    /// Of `2011-12-10`, `2011-12-10 08:26`, `20111210`, `31/12/2011` and the like; nil for what is no date, and for one whose day and
    /// month may change places unless `form` says which is first.
    package static func milliseconds(_ text: String, form: TimeForm? = nil) -> Int64? {
        let bytes = Array(text.utf8)
        if let civil = TimestampParser.civil(bytes.span) { return civil.milliseconds }
        if form == .dayFirst || form == .monthFirst {
            if let reading = TimeReading.of(bytes.span, TimeRules(form: form)) { return reading.milliseconds }
        } else if let reading = TimeReading.of(bytes.span, TimeRules()),
            [.certainDate, .dayFirst, .monthFirst].contains(reading.kind)
        {
            return reading.milliseconds
        }
        return text.utf8.count == 8 ? TimeReading.of(bytes.span, TimeRules(form: .compact))?.milliseconds : nil
    }

    /// `2011-12-10`, with the time of day where it is not midnight.
    package static func text(milliseconds: Int64) -> String { CivilDate.text(milliseconds: milliseconds) }
}
