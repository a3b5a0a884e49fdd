import Testing

@testable import Interactions

struct ParserTests {
    private func time(_ text: String) -> Int64? { TimestampParser.milliseconds(Array(text.utf8).span) }

    /// Expected values are from GNU `date -u -d ... +%s`.
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1970-01-01", 0), ("1969-12-31 23:59:59", -1000),
        ("2000-02-29", 951_782_400_000), ("2024-02-29T12:34:56Z", 1_709_210_096_000),
        ("2011-12-09 12:50:00", 1_323_435_000_000), ("2011-12-09 12:50", 1_323_435_000_000),
        ("2011-12-09T12:50:00.25+01:00", 1_323_431_400_250), ("2011-12-09t12:50:00.1239z", 1_323_435_000_123),
        ("2011-12-09T12:50:00-05:30", 1_323_454_800_000), ("1900-03-01", -2_203_891_200_000),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000), ("0000-01-01", -62_167_219_200_000),
        ("0000-03-01", -62_162_035_200_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ("1600-02-29", -11_670_998_400_000),
    ])
    func calendarTimes(text: String, milliseconds: Int64) {
        #expect(time(text) == milliseconds)
        #expect(time("  \(text)\t") == milliseconds)
    }

    @Test(arguments: [
        ("0", 0), ("881250949", 881_250_949_000), ("-1", -1000), ("1424386559.957", 1_424_386_559_957),
        ("-0.5", -500), ("99999999999", 99_999_999_999_000), ("100000000000", 100_000_000_000),
        ("1323435000000", 1_323_435_000_000), ("1323435000.12345", 1_323_435_000_123),
    ])
    func epochs(text: String, milliseconds: Int64) { #expect(time(text) == milliseconds) }

    @Test(arguments: [
        "", " ", "-", ".", "1.", ".5", "1e9", "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-01-00",
        "2024-04-31", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:61Z", "2024-01-01T00:00:00+1",
        "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00Zx", "2024-01-01T", "2024-01-01T00", "2024-01-01x00:00:00",
        "2024-01-01T00:00:00.Z", "12/01/2010 08:26", "2024-1-1", "1323435000000000", "nan", "tomorrow", "--1",
        "2024-01-01T00:00:0", "99999999999999999999999999",
    ])
    func notATime(text: String) { #expect(time(text) == nil) }

    @Test func everyDayOfFourCenturies() {
        // Counting days one by one is the independent answer.
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var expected: Int64 = -946_771_200_000  // 1940-01-01, by `date`
        for year in 1940..<2340 {
            let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
            for month in 1...12 {
                let twoDigits = month < 10 ? "0\(month)" : "\(month)"
                for day in [1, lengths[month - 1] + (month == 2 && isLeap ? 1 : 0)] {
                    let text = "\(year)-\(twoDigits)-\(day < 10 ? "0" : "")\(day)"
                    #expect(time(text) == expected + Int64(day - 1) * 86_400_000)
                }
                expected += Int64(lengths[month - 1] + (month == 2 && isLeap ? 1 : 0)) * 86_400_000
            }
        }
    }

    @Test(arguments: [
        ("0", 0.0), ("-0.5", -0.5), ("+3", 3), (" 4.0 ", 4), ("5.", 5), (".5", 0.5), ("1e3", 1000), ("-1.5E-2", -0.015),
        ("0.1", 0.1), ("123456789012345", 123_456_789_012_345), ("12345678901234567890", 1.2345678901234567e19),
        ("0.1234567890123456789", 0.1234567890123456789), ("2.2250738585072014e-308", 2.2250738585072014e-308),
    ])
    func numbers(text: String, expected: Double) { #expect(NumberParser.number(text) == expected) }

    @Test(arguments: [
        "", " ", "-", ".", "+.", "1.2.3", "1,5", "nan", "inf", "0x10", "1e999", "1e", "12a", "a", "1 2", "--1",
    ])
    func notANumber(text: String) { #expect(NumberParser.number(text) == nil) }

    @Test func utf8ChecksAgreeWithTheStandardLibrary() {
        var generator = SeededGenerator(seed: 11)
        let alphabet: [UInt8] = [
            0x41, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf4, 0xf5,
        ]
        var validCount = 0
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            validCount += isValid ? 1 : 0
            #expect(UTF8Check.isValid(bytes.span) == isValid, "\(bytes)")
        }
        #expect(validCount > 1000)
    }
}
