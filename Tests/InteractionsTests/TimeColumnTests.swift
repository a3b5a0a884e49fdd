import Testing

@testable import Interactions

/// A column of times is judged as a whole. Expected times are those of GNU `date -u -d ... +%s`.
struct TimeColumnTests {
    private func read(
        _ times: [String], form: TimeForm? = nil, zone: String = "UTC", maxBadRows: MaxBadRows = .standard
    ) throws -> (times: [Int64], report: ReadReport) {
        var options = SourceOptions(maxBadRows: maxBadRows)
        options.times = TimeRules(form: form, zone: try TimeZoneRules(parsing: zone))
        let text = "user;item;time\n" + times.enumerated().map { "u\($0.offset);i;\($0.element)\n" }.joined()
        let (log, report) = try readRows(text, name: "rows.csv", options: options)
        return (log.times, report)
    }

    private func error(_ times: [String], form: TimeForm? = nil) throws -> ReadError? {
        do {
            _ = try read(times, form: form)
            return nil
        } catch let error as ReadError {
            return error
        }
    }

    @Test(arguments: [
        (["1291191960", "1323435000"], "seconds since 1970"), (["1291191960.5", "1323435000"], "seconds since 1970"),
        (["1.29119196e9", "1323435000"], "seconds since 1970"),
        (["1291191960000", "1323435000000"], "milliseconds since 1970"),
        (["1291191960000000", "1323435000000000"], "microseconds since 1970"),
        (["1291191960000000000", "1323435000000000000"], "nanoseconds since 1970"),
        (["20101201", "20111209"], "YYYYMMDD"), (["20101201.0", "20111209.0"], "YYYYMMDD"),
        (["201012010826", "201112091250"], "YYYYMMDDhhmm[ss]"),
        (["20101201082600", "20111209125000"], "YYYYMMDDhhmm[ss]"),
        (["14944", "15317"], "days since 1970"), (["40513.351388889", "40886.534722222"], "serials of spreadsheets"),
        (["40513", "40886"], "serials of spreadsheets"),
        (["2010-12-01 08:26:00 UTC", "2011-12-09 12:50:00+00"], "dates"),
        (["01/12/2010 08:26", "13/12/2010 08:26"], "day-first dates"),
        (["12/1/2010 8:26", "12/13/2010 8:26 PM"], "month-first dates"),
        (["2010/12/01 8:26", "2011/12/09"], "dates"), (["1 Dec 2010 08:26", "Dec 9, 2011"], "dates"),
        (["01/Dec/2010:08:26:00 +0000", "09/Dec/2011:12:50:00 +0000"], "dates"),
        (["Wed, 01 Dec 2010 08:26:00 GMT", "Fri, 09 Dec 2011 12:50:00 GMT"], "dates"),
    ])
    func eachWayOfWritingIsTold(times: [String], reading: String) throws {
        let (read, report) = try read(times)
        let found = try #require(report.times)
        #expect(found.reading == reading && found.warnings == [])
        // 2010-12-01, at 08:26 where the text has a time of day.
        let first = read[0]
        #expect([1_291_161_600_000, 1_291_191_960_000, 1_291_191_960_500].contains(first), "\(first)")
        #expect(found.span?.lowerBound == first && report.badRows.total == 0)
    }

    @Test func textOfTheSpan() throws {
        let (_, report) = try read(["19970101", "19980630"])
        #expect(report.times?.description == "column time: YYYYMMDD, 1997-01-01 to 1998-06-30")
        let (_, clocks) = try read(["2010-12-01 08:26", "2010-12-01"])
        #expect(clocks.times?.description == "column time: dates, 2010-12-01 to 2010-12-01 08:26:00")
    }

    @Test func ambiguousDatesFollowThoseThatLeaveNoDoubt() throws {
        #expect(try read(["01/02/2024", "31/01/2024"]).times == [1_706_745_600_000, 1_706_659_200_000])
        #expect(try read(["01/02/2024", "01/31/2024"]).times == [1_704_153_600_000, 1_706_659_200_000])
        #expect(try read(["05.05.2024", "5.5.2024"]).times == [1_714_867_200_000, 1_714_867_200_000])
    }

    @Test func whatTheColumnDoesNotTellIsRefusedWithTheOption() throws {
        let open = try #require(try error(["01/02/2024", "03/04/2024"]))
        #expect(open.code == .ambiguousTimes && open.operation.contains("\"time\""))
        #expect(
            open.found.contains("line 2: \"01/02/2024\"")
                && open.remedy.contains("--time-format day-first or month-first"))
        let both = try #require(try error(["31/01/2024", "01/31/2024"]))
        #expect(both.found.contains("line 2") && both.found.contains("line 3"))
        let month = try #require(try error(["199701", "199806"]))
        #expect(month.remedy.contains("--time-format") && month.found.contains("199701"))
        #expect(try error(["20101201", "1291191960"])?.code == .ambiguousTimes)
        #expect(
            try read(["01/02/2024", "03/04/2024"], form: .dayFirst).times == [1_706_745_600_000, 1_712_102_400_000])
        #expect(try read(["01/02/24", "03/04/24"], form: .monthFirst).times == [1_704_153_600_000, 1_709_510_400_000])
        // 1970-08-20, where somebody says so.
        #expect(try read(["20101201"], form: .seconds).times == [20_101_201_000])
        #expect(try read(["712", "1"], form: .days).times == [61_516_800_000, 86_400_000])
    }

    @Test func outliersAreBadRows() throws {
        let usual = (0..<99).map { "2011-12-\(10 + $0 % 20)" }
        let (times, report) = try read(usual + ["2180-01-01"], maxBadRows: .count(1))
        #expect(times.count == 99 && report.badRows[.implausibleTime] == 1)
        #expect(report.badRows.samples[0].lineNumber == 101 && report.badRows.samples[0].text == "2180-01-01")
        let strict = try #require(try error(usual + ["1900-01-01"]))
        #expect(strict.code == .tooManyBadRows && strict.remedy.contains("--time-format"))
        let seconds = (0..<99).map { "\(1_323_435_000 + $0)" }
        #expect(try read(seconds + ["0"], maxBadRows: .count(1)).report.badRows[.implausibleTime] == 1)
        #expect(try error(seconds + ["0"])?.code == .tooManyBadRows)
        #expect(try read(seconds + ["0"], form: .seconds).times.last == 0)
    }

    /// One of four is not a bad row among many, and no time either.
    @Test(arguments: ["9999-12-31", "2194-12-31", "2099-12-31", "1970-01-01", "1900-01-01", "0001-01-01"])
    func datesOfAnotherAgeAreRefusedAmongFew(_ absurd: String) throws {
        let few = ["2024-01-01", "2024-02-01", "2024-03-01"]
        let refused = try #require(try error(few + [absurd]))
        #expect(refused.code == .ambiguousTimes && refused.found.contains("line 5: \"\(absurd)\""), "\(refused)")
        #expect(refused.found.contains("2024-01-01 to 2024-03-01") && refused.remedy.contains("--time-format iso"))
        #expect(try read(few + [absurd], form: .iso).times.count == 4)
    }

    @Test func timesFarFromAllOthersAreTold() throws {
        let (_, report) = try read(["2024-01-01", "2024-02-01", "1980-01-01", "2024-03-01"])
        #expect(
            report.warnings.first?.contains("1 of 4 times lie more than 10 years from the others (about 1980") == true)
        #expect(try read(["2009-12-31", "2019-01-01", "2024-03-01"]).report.warnings == [])
        let seconds = try read(["1704067200", "1706745600", "2493072000"]).report.warnings
        #expect(seconds.first?.contains("about 2049, the others 2024") == true, "\(seconds)")
    }

    @Test func datesGivenByHand() {
        let day: Int64 = 1_325_289_600_000  // date -u -d 2011-12-31 +%s
        for text in ["2011-12-31", "20111231", "31/12/2011", "31.12.2011", "12/31/2011", "31 Dec 2011"] {
            #expect(GivenTime.milliseconds(text) == day, "\(text)")
        }
        #expect(GivenTime.milliseconds("01/02/2011") == nil && GivenTime.milliseconds("14944") == nil)
        #expect(GivenTime.milliseconds("31/12/2011", form: .dayFirst) == day)
        #expect(GivenTime.milliseconds("01/02/2011", form: .dayFirst) == 1_296_518_400_000)
        #expect(GivenTime.milliseconds("01/02/2011", form: .monthFirst) == 1_293_926_400_000)
    }

    @Test func refusedRowsLeaveNoIdsBehind() throws {
        let usual = (0..<99).map { "\(1_323_435_000 + $0)" }
        let text = "user,item,time\n" + usual.map { "u,i,\($0)\n" }.joined() + "late,odd,7\n"
        let (log, _) = try readRows(text, options: SourceOptions(maxBadRows: .count(1)))
        #expect(log.users.count == 1 && log.items.count == 1 && log.count == 99)
    }

    @Test func numbersFromLittleOnKeepTheirOrderWithAWarning() throws {
        let (times, report) = try read((0..<30_000).map { "\($0)" })
        #expect(times == (0..<30_000).map { Int64($0) * 1000 })
        #expect(report.times?.isCounter == true && report.warnings.first?.contains("--time-format") == true)
    }

    @Test func unitsMayMixWithAWarning() throws {
        let (times, report) = try read(["1291191960", "1291191960000", "2010-12-01T08:26:00Z"])
        #expect(Set(times) == [1_291_191_960_000] && report.warnings.count == 1)
    }

    @Test func zonesMoveTimesWithoutAnOffset() throws {
        // `TZ=Europe/Stockholm date -d '2011-07-01 12:00' +%s` and so on; 2040 lies beyond the listed changes.
        let texts = [
            "2011-07-01 12:00", "2011-12-01 12:00", "2011-12-01 12:00Z", "2040-07-01 12:00", "2040-12-01 12:00",
        ]
        #expect(
            try read(texts, zone: "Europe/Stockholm").times == [
                1_309_514_400_000, 1_322_737_200_000, 1_322_740_800_000, 2_224_749_600_000, 2_237_972_400_000,
            ])
        #expect(try read(["2011-12-01 12:00"], zone: "+05:30").times == [1_322_721_000_000])
        #expect(try read(["2011-07-01 12:00", "2011-12-01"], zone: "America/New_York").times[0] == 1_309_536_000_000)
        // Shown twice: the first; skipped: as much later.
        #expect(try read(["2011-10-30 02:30"], zone: "Europe/Stockholm").times == [1_319_934_600_000])
        #expect(try read(["2011-03-27 02:30"], zone: "Europe/Stockholm").times == [1_301_189_400_000])
        #expect(throws: ReadError.self) { try TimeZoneRules(parsing: "../../etc/passwd") }
        #expect(throws: ReadError.self) { try TimeZoneRules(parsing: "Stockholm") }
    }

    @Test func badTimesNameValueColumnAndForms() throws {
        let found = try #require(try error(["01/13/13", "x", "2024-02-30"]))
        #expect(found.description.contains("time \"01/13/13\"") && found.description.contains("--time-format"))
    }

    @Test(arguments: ["dd/mm/yyyy", "%d.%m.%Y %H:%M", "day-first", "Day-First"]) func patterns(text: String) throws {
        #expect(try TimeForm(parsing: text) == .dayFirst)
    }

    @Test func patternsOfOtherOrders() throws {
        #expect(try TimeForm(parsing: "%m/%d/%Y") == .monthFirst && TimeForm(parsing: "yyyy-mm-dd") == .iso)
        #expect(try TimeForm(parsing: "%Y%m%d") == .compact)
        #expect(throws: ReadError.self) { try TimeForm(parsing: "secs") }
    }

    @Test func daysOfTheCalendarAreTheirOwnInverse() {
        for day in stride(from: Int64(-800_000), through: 3_000_000, by: 997) {
            let date = CivilDate(milliseconds: day * CivilDate.dayMilliseconds)
            #expect(date.days == day)
        }
    }
}
