import CommandLineInterface
import Testing

@Suite struct ProgressBarTests {
    /// A clock and an output that the test turns by hand.
    private final class Bench {
        var now = 100.0
        var written = ""

        func bar(_ style: ProgressBar.Style) -> ProgressBar {
            ProgressBar(style: style, seconds: { self.now }, write: { self.written += $0 })
        }

        func take() -> String {
            defer { written = "" }
            return written
        }
    }

    @Test func aShortStageInAPipeIsOneLine() {
        let bench = Bench()
        let bar = bench.bar(.lines)
        bar.begin("Reading interactions", total: 1000, unit: "rows")
        for step in 1...10 {
            bench.now += 0.05
            bar.advance(to: step * 100)
        }
        #expect(bench.take() == "")
        bar.end("3 rows refused")
        #expect(bench.take() == "Reading interactions: 1,000 rows in 500 ms (2,000 rows/s), 3 rows refused\n")
        bar.end()
        bar.advance(to: 5)
        #expect(bench.take() == "")
    }

    @Test func aLongStageInAPipeSpeaksAtTenths() {
        let bench = Bench()
        let bar = bench.bar(.lines)
        bar.begin("Training", total: 100, unit: "steps")
        for step in 1...30 {
            bench.now += 0.2
            bar.advance(to: step)
        }
        #expect(
            bench.take() == """
                Training: 10 %, 10 of 100 steps, 5.0 steps/s, 18 s left
                Training: 20 %, 20 of 100 steps, 5.0 steps/s, 16 s left
                Training: 30 %, 30 of 100 steps, 5.0 steps/s, 14 s left

                """)
    }

    @Test func aStageOfUnknownLengthInAPipeSpeaksEveryFiveSeconds() {
        let bench = Bench()
        let bar = bench.bar(.lines)
        bar.begin("Reading", unit: "rows")
        for step in 1...11 {
            bench.now += 1
            bar.advance(to: step * 1_000_000)
        }
        #expect(
            bench.take() == """
                Reading: 5,000,000 rows, 1,000,000 rows/s
                Reading: 10,000,000 rows, 1,000,000 rows/s

                """)
    }

    @Test func anEmptyStageAndOneWithoutCountsEndWell() {
        let bench = Bench()
        let bar = bench.bar(.lines)
        bar.begin("Reading", total: 0, unit: "rows")
        bar.advance(to: 0)
        bar.begin("Publishing", unit: "files")
        bar.say("A word")
        bar.end()
        #expect(bench.take() == "Reading: 0 rows in 0.0 ms\nA word\nPublishing in 0.0 ms\n")
    }

    @Test func aBarIsRedrawnAtMostTenTimesASecondAndCleared() {
        let bench = Bench()
        let bar = bench.bar(.bar(columnCount: { 81 }))
        bar.begin("Training", total: 1000, unit: "steps")
        #expect(bench.take() == "\r\u{1B}[KTraining [------------------------------] 0 %, 0 of 1,000 steps")
        for step in 1...64 {
            bench.now += 1 / 64.0
            bar.advance(to: step)
        }
        #expect(bench.take().split(separator: "\r").count == 9)
        bench.now += 1
        bar.advance(to: 500)
        #expect(
            bench.take()
                == "\r\u{1B}[KTraining [##########-----------] 50 %, 500 of 1,000 steps, 250 steps/s, 2 s left")
        bar.end()
        #expect(bench.take() == "\r\u{1B}[KTraining: 500 steps in 2.0 s (250 steps/s)\n")
    }

    @Test(arguments: [0, 1, 2, 10, 30, 45, 60, 200])
    func aBarFitsItsTerminal(columnCount: Int) {
        let bench = Bench()
        let bar = bench.bar(.bar(columnCount: { columnCount }))
        bar.begin("読み込み", total: 1000, unit: "rows")
        bench.now += 3
        bar.advance(to: 2000)
        for frame in bench.take().split(separator: "\r\u{1B}[K", omittingEmptySubsequences: true) {
            #expect(DisplayWidth.columns(of: String(frame)) <= max(0, columnCount - 1))
        }
    }

    @Test func aWordDuringABarStandsAboveIt() {
        let bench = Bench()
        let bar = bench.bar(.bar(columnCount: { 40 }))
        bar.begin("Reading", unit: "rows")
        _ = bench.take()
        bar.say("12 rows refused")
        #expect(bench.take() == "\r\u{1B}[K12 rows refused\n\r\u{1B}[KReading 0 rows")
    }

    @Test func quietIsSilent() {
        let bench = Bench()
        let bar = bench.bar(.silent)
        bar.begin("Reading", total: 10, unit: "rows")
        bench.now += 60
        bar.advance(to: 10)
        bar.say("A word")
        bar.end("note")
        #expect(bench.take() == "")
    }
}
