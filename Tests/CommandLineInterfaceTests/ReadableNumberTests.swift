import CommandLineInterface
import Testing

@Suite struct ReadableNumberTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func counts(value: Int, text: String) {
        #expect(ReadableNumber.count(value) == text)
    }

    @Test(arguments: [
        (0.0, 3, "0.000"), (0.1726, 3, "0.173"), (-0.0004, 3, "0.000"), (-1.25, 1, "-1.3"), (99.996, 2, "100.00"),
        (7.5, 0, "8"), (0.05, 2, "0.05"), (.nan, 2, "-"), (.infinity, 2, "-"), (1e300, 2, "1e+300"),
    ])
    func fixed(value: Double, places: Int, text: String) {
        #expect(ReadableNumber.fixed(value, places) == text)
    }

    @Test(arguments: [
        (0.0, "0.0 ms"), (0.00081, "0.8 ms"), (0.00996, "10 ms"), (0.8121, "812 ms"), (0.9996, "1.0 s"),
        (12.34, "12.3 s"),
        (59.96, "1 min 00 s"), (245, "4 min 05 s"), (7800, "2 h 10 min"), (-1, "-"), (.nan, "-"), (1e300, "-"),
    ])
    func durations(seconds: Double, text: String) {
        #expect(ReadableNumber.duration(seconds: seconds) == text)
    }

    @Test(arguments: [
        (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (4_404_019, "4.2 MiB"), (1_048_575, "1.0 MiB"),
        (1 << 40, "1.0 TiB"), (1 << 50, "1024.0 TiB"),
    ])
    func byteCounts(value: Int, text: String) {
        #expect(ReadableNumber.byteCount(value) == text)
    }

    @Test func rates() {
        #expect(ReadableNumber.rate(10, seconds: 4, unit: "rows") == "2.5 rows/s")
        #expect(ReadableNumber.rate(1_000_000, seconds: 0.5, unit: "rows") == "2,000,000 rows/s")
        #expect(ReadableNumber.rate(10, seconds: 0, unit: "rows") == "")
    }
}
