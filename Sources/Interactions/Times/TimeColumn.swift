/// The times of a file, judged as a whole once all rows have been read.
///
/// Rows are given a time at once, by their text alone; what a row said is counted by the way it was written. At the end the way of
/// nine rows in ten is the column's, and rows of another are no times of it. What cannot be told from the column is refused, with
/// the option that decides.
struct TimeColumn {
    /// A row that may turn out to be no time of this column.
    struct Doubt {
        let row: Int
        let lineNumber: Int
        let milliseconds: Int64
        let second: Int64
        let text: String
        var reason = BadRowReason.implausibleTime
    }

    /// A row of the log whose time is another than it was given.
    struct Change: Equatable {
        let row: Int
        let milliseconds: Int64
    }

    struct Judgement {
        var changes: [Change] = []
        /// Rows that are no times of this column, ascending.
        var refused: [Doubt] = []
        var report: TimeReport
    }

    /// A column of which more rows are in doubt is not one of a few bad rows.
    private static let doubtLimit = 4096
    /// What most rows say is what the column says.
    private static let ruleShare = 0.9

    let rules: TimeRules
    private var counts = [Int](repeating: 0, count: TimeReading.Kind.allCases.count)
    /// By kind, the first row.
    private var examples = [Doubt?](repeating: nil, count: TimeReading.Kind.allCases.count)
    /// By kind, the first rows.
    private var doubts = [[Doubt]](repeating: [], count: TimeReading.Kind.allCases.count)
    /// Certain dates outside of the plausible span.
    private var distant: [Doubt] = []
    private var distantCount = 0
    /// Of `eitherOrder`, `days` and `excel`, all of them: rows, and the other reading.
    private var openRows: [Int32] = []
    private var openSeconds: [Int64] = []
    private var openKinds: [TimeReading.Kind] = []
    private var plausibleSpan: (least: Int64, greatest: Int64)?
    private var leastNumber = Double.infinity
    private var greatestNumber = -Double.infinity

    init(_ rules: TimeRules) { self.rules = rules }

    func reading(of text: Span<UInt8>) -> TimeReading? { TimeReading.of(text, rules) }

    /// Counts a row that was appended.
    mutating func note(_ reading: TimeReading, row: Int, lineNumber: Int, text: ArraySlice<UInt8>) {
        let kind = Int(reading.kind.rawValue)
        counts[kind] += 1
        if rules.form != nil { return }
        let isPlausible = TimeReading.plausible.contains(reading.milliseconds)
        if isPlausible {
            let span = plausibleSpan ?? (reading.milliseconds, reading.milliseconds)
            plausibleSpan = (min(span.least, reading.milliseconds), max(span.greatest, reading.milliseconds))
        }
        // Rows of the usual kinds end here: nothing is in doubt.
        if isPlausible && (reading.kind == .seconds || reading.kind == .certainDate) && counts[kind] > 1 { return }
        let doubt = {
            Doubt(
                row: row, lineNumber: lineNumber, milliseconds: reading.milliseconds, second: reading.second,
                text: BadRow.printable(text))
        }
        if examples[kind] == nil { examples[kind] = doubt() }
        if !isPlausible && reading.kind.isDate {
            distantCount += 1
            if distant.count < Self.doubtLimit { distant.append(doubt()) }
        }
        if doubts[kind].count < Self.doubtLimit { doubts[kind].append(doubt()) }
        switch reading.kind {
        case .eitherOrder, .days, .excel:
            openRows.append(Int32(row))
            openSeconds.append(reading.second)
            openKinds.append(reading.kind)
        default: break
        }
        if reading.kind == .number || reading.kind == .days || reading.kind == .excel {
            let number = Double(bitPattern: UInt64(bitPattern: reading.second))
            leastNumber = min(leastNumber, number)
            greatestNumber = max(greatestNumber, number)
        }
    }

    /// What the column is. The span is that of `times`, the log's, after the changes.
    func judged(column: String, path: String, times: [Int64]) throws(ReadError) -> Judgement {
        var judgement = Judgement(
            report: TimeReport(column: column, reading: "", form: rules.form, zone: rules.zone.name))
        let total = counts.reduce(0, +)
        guard total > 0 else { return judgement }
        guard rules.form == nil else {
            judgement.report.reading = rules.form?.rawValue ?? ""
            judgement.report.setSpan(of: times, judgement)
            return judgement
        }
        if isCounter {
            judgement.changes = zip(openRows, openSeconds).map { row, bits in
                Change(row: Int(row), milliseconds: Self.asSeconds(bits))
            }
            judgement.report.reading = "numbers taken for seconds since 1970"
            judgement.report.isCounter = true
            judgement.report.setSpan(of: times, judgement)
            judgement.report.warnings.append(
                "the numbers from \(Self.text(leastNumber)) to \(Self.text(greatestNumber)) are no times of our age in any "
                    + "unit; they are taken for seconds since 1970, which keeps their order. Where they count something else, "
                    + "say so by --time-format (days, excel, ...).")
            return judgement
        }
        let family = try rule(total, column, path)
        for kind in TimeReading.Kind.allCases where kind.family != family {
            judgement.refused += doubts[Int(kind.rawValue)]
        }
        if family == TimeReading.Kind.certainDate.family {
            try order(&judgement, column, path)
            judgement.refused += try distantRows(column, path)
        }
        judgement.refused.sort { $0.row < $1.row }
        judgement.report.reading = name(of: family)
        judgement.report.setSpan(of: times, judgement)
        warnOfMixedUnits(&judgement.report, family)
        if let warning = TimeGaps(times, judgement).warning { judgement.report.warnings.append(warning) }
        return judgement
    }

    // MARK: The column's family

    private func count(_ kind: TimeReading.Kind) -> Int { counts[Int(kind.rawValue)] }

    /// Numbers that begin too low for any unit, as row numbers, steps and days of an experiment do.
    private var isCounter: Bool {
        guard count(.number) > 0, leastNumber < Self.leastDayNumber else { return false }
        return TimeReading.Kind.allCases.allSatisfy {
            $0 == .number || $0 == .days || $0 == .excel || count($0) == 0
        }
    }

    /// 1980-01-01 in days since 1970.
    private static let leastDayNumber = 3652.0

    private static func asSeconds(_ bits: Int64) -> Int64 {
        Int64((Double(bitPattern: UInt64(bitPattern: bits)) * 1000 + 5e-4).rounded(.down))
    }

    private func rule(_ total: Int, _ column: String, _ path: String) throws(ReadError) -> Int {
        var sums: [Int: Int] = [:]
        for kind in TimeReading.Kind.allCases { sums[kind.family, default: 0] += count(kind) }
        let (family, greatest) = sums.sorted { ($0.value, -$0.key) > ($1.value, -$1.key) }[0]
        guard family != TimeReading.Kind.number.family else { throw implausible(column, path) }
        let others = TimeReading.Kind.allCases.filter { $0.family != family && count($0) > 0 }
        let isListed = others.allSatisfy { doubts[Int($0.rawValue)].count == count($0) }
        guard Double(greatest) >= Self.ruleShare * Double(total), isListed else {
            let found = TimeReading.Kind.allCases.filter { count($0) > 0 }.map { kind in
                "\(count(kind)) \(kind.name)\(example(kind))"
            }
            throw ambiguous(
                column, path, expected: "times written in one way", found: found.joined(separator: ", "),
                remedy:
                    "Write them in one way, or name the way by --time-format: what it does not fit is then a bad row.")
        }
        return family
    }

    private func implausible(_ column: String, _ path: String) -> ReadError {
        ambiguous(
            column, path, expected: "numbers that are times between 1980 and 2050 in some unit",
            found: "\(Self.text(leastNumber)) to \(Self.text(greatestNumber))\(example(.number))",
            remedy: "Say what they are by --time-format: \(TimeForm.allCases.map(\.rawValue).joined(separator: ", ")).")
    }

    private func example(_ kind: TimeReading.Kind) -> String {
        examples[Int(kind.rawValue)].map { " (line \($0.lineNumber): \"\($0.text)\")" } ?? ""
    }

    private func ambiguous(
        _ column: String, _ path: String, expected: String, found: String, remedy: String
    ) -> ReadError {
        ReadError(
            .ambiguousTimes, operation: "read the times in the column \"\(column)\"", path: path, expected: expected,
            found: found, remedy: remedy)
    }

    private func name(of family: Int) -> String {
        let kinds = TimeReading.Kind.allCases.filter { $0.family == family && count($0) > 0 }
        var names = kinds.filter { !$0.isDate }.map(\.name)
        if let date = kinds.first(where: { $0 == .dayFirst || $0 == .monthFirst }) ?? kinds.first(where: \.isDate) {
            names.insert(date.name, at: 0)
        }
        return names.joined(separator: " and ")
    }

    private func warnOfMixedUnits(_ report: inout TimeReport, _ family: Int) {
        let kinds = TimeReading.Kind.allCases.filter { $0.family == family && count($0) > 0 }
        guard kinds.contains(where: \.isEpoch), kinds.contains(where: { $0 != .seconds }), kinds.count > 1 else {
            return
        }
        let found = kinds.map { "\(count($0)) \($0.name)\(example($0))" }.joined(separator: ", ")
        report.warnings.append("each time is read as it is written: \(found).")
    }

    // MARK: Dates

    /// What day-first and month-first dates leave open is decided by those that leave nothing open.
    private func order(_ judgement: inout Judgement, _ column: String, _ path: String) throws(ReadError) {
        let (dayFirst, monthFirst) = (count(.dayFirst), count(.monthFirst))
        if dayFirst > 0 && monthFirst > 0 {
            throw ambiguous(
                column, path, expected: "dates with the day first, or dates with the month first",
                found: "\(dayFirst) with the day first\(example(.dayFirst)), \(monthFirst) with the month "
                    + "first\(example(.monthFirst))",
                remedy:
                    "Mend the rows, or say --time-format day-first or month-first: what does not fit is then a bad row."
            )
        }
        guard count(.eitherOrder) > 0, dayFirst == 0 else { return }
        let open = doubts[Int(TimeReading.Kind.eitherOrder.rawValue)]
        if monthFirst == 0 && open.count == count(.eitherOrder) && open.count < count(.certainDate) {
            // A few among dates of another form, of which nothing says what they are.
            judgement.refused += open.map { doubt in
                var doubt = doubt
                doubt.reason = .unparseableTime
                return doubt
            }
            return
        }
        guard monthFirst > 0 else {
            throw ambiguous(
                column, path, expected: "a date with a day above 12 somewhere, which tells the order of day and month",
                found: "none in \(count(.eitherOrder)) dates\(example(.eitherOrder))",
                remedy: "Say --time-format day-first or month-first.")
        }
        for (place, kind) in openKinds.enumerated() where kind == .eitherOrder {
            judgement.changes.append(Change(row: Int(openRows[place]), milliseconds: openSeconds[place]))
        }
    }

    /// Farther than this from all others, a date is a mistake or stands for none: 1900-01-01, 9999-12-31.
    private static let distantMilliseconds: Int64 = 30 * 365 * CivilDate.dayMilliseconds

    /// Dates of another age than all others. Where they are more than a few, nobody can tell which of both are meant.
    private func distantRows(_ column: String, _ path: String) throws(ReadError) -> [Doubt] {
        guard let span = plausibleSpan, let first = distant.first(where: { Self.isDistant($0.milliseconds, span) })
        else { return [] }
        let dateCount = TimeReading.Kind.allCases.filter(\.isDate).reduce(0) { $0 + count($1) }
        guard distantCount == distant.count, Double(dateCount - distantCount) >= Self.ruleShare * Double(dateCount)
        else {
            let (least, greatest) = (
                CivilDate.text(milliseconds: span.least), CivilDate.text(milliseconds: span.greatest)
            )
            throw ambiguous(
                column, path, expected: "dates of one age",
                found: "\(distantCount) of \(dateCount) more than 30 years from the others, which are from \(least) to "
                    + "\(greatest) (line \(first.lineNumber): \"\(first.text)\")",
                remedy:
                    "Mend or clear them, or take all dates as they are by --time-format iso, day-first or month-first.")
        }
        return distant.filter { Self.isDistant($0.milliseconds, span) }
    }

    private static func isDistant(_ time: Int64, _ span: (least: Int64, greatest: Int64)) -> Bool {
        time < span.least - distantMilliseconds || time > span.greatest + distantMilliseconds
    }

    private static func text(_ number: Double) -> String {
        number == number.rounded() && number.magnitude < 1e15 ? "\(Int64(number))" : "\(number)"
    }
}
