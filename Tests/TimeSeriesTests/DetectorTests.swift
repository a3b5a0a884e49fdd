import SeededRandom
import Testing

@testable import TimeSeries

@Suite struct DetectorTests {
    /// A day of 48 steps with noise.
    private static func days(_ count: Int, seed: UInt64 = 7) -> [Double] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { step in
            let hour = Double(step % 48) / 48
            return 100 + 40 * (hour < 0.5 ? hour : 1 - hour) + Double(generator.next() % 1000) / 200
        }
    }

    private static func judgements(
        _ values: [Double], period: Int? = nil
    ) -> [StreamingDetector.Judgement] {
        var detector = StreamingDetector(.init(period: period))
        return values.compactMap { detector.judge($0) }
    }

    /// Window by window, term by term.
    @Test func lagDistancesAreThoseOfTheDefinition() {
        let values = Self.days(400).enumerated().map { $1 + ($0 == 211 ? 1e9 : 0) }
        var distances = LagDistances(length: 5, memory: 40)
        for (step, value) in values.enumerated() {
            distances.append(value)
            #expect(distances.lagCount == max(0, min(40, step + 1 - 5)))
            for lag in stride(from: 1, through: distances.lagCount, by: 1) {
                let direct = (0..<5).reduce(0.0) { sum, back in
                    let difference = values[step - back] - values[step - back - lag]
                    return sum + difference * difference
                }
                #expect((distances.squares[lag] - direct).magnitude <= 1e-12 * direct)
            }
            let nearest =
                (stride(from: 3, through: distances.lagCount, by: 1).map {
                    distances.squares[$0].squareRoot()
                })
                .sorted().prefix(4)
            let mean = nearest.isEmpty ? 0 : nearest.reduce(0, +) / Double(nearest.count)
            #expect((distances.meanDistance(toNearest: 4, in: 3...40) - mean).magnitude <= 1e-12 * mean)
        }
    }

    @Test func whatComesLaterChangesNoJudgement() {
        let values = Self.days(700)
        var whole = StreamingDetector()
        let all = values.map { whole.judge($0) }
        var part = StreamingDetector()
        #expect(values.prefix(500).map { part.judge($0) } == Array(all.prefix(500)))
    }

    @Test func aDayThatStandsStillIsFoundOnce() {
        var values = Self.days(1500)
        for step in 1200..<1248 { values[step] = 101 }
        let judgements = Self.judgements(values, period: 48)
        let alarms = judgements.indices.filter { judgements[$0].isAlarm }
        #expect(alarms.filter { (1200..<1260).contains($0) }.count == 1)
        #expect(alarms.filter { !(1200..<1260).contains($0) }.count <= 3)
    }

    @Test func aSpikeIsAboveItsExpectedRange() throws {
        var values = Self.days(800)
        values[600] = 400
        let judgements = Self.judgements(values, period: 48)
        #expect(judgements[600].direction == .above)
        #expect(judgements[600].isAlarm)
        let expected = try #require(judgements[600].expected)
        #expect(expected.range.contains(Self.days(800)[600]))
    }

    @Test func aConstantSeriesNeverAlarms() {
        let judgements = Self.judgements(Array(repeating: 5, count: 500))
        #expect(judgements.count == 500 && !judgements.contains { $0.isAlarm })
    }

    @Test func missingValuesAreNotJudgedAndHugeOnesDoNotTrap() throws {
        var detector = StreamingDetector()
        let missing = detector.judge(nil)
        #expect(missing == nil)
        for step in 0..<300 {
            let judgement = detector.judge(step % 3 == 0 ? nil : step % 2 == 0 ? 1e15 : -1e15)
            if let judgement { #expect((0...1).contains(judgement.score)) }
        }
        let huge = try #require({ detector.judge(1e150) }())
        #expect(huge.score.isFinite)
    }

    @Test func batchFindsPointsWithDirectionSizeAndRange() throws {
        var generator = SplitMix64(seed: 3)
        let week: [Double] = [0, 5, 9, 12, 40, -60, -80]
        var values: [Double?] = (0..<140).map { day in
            let noise = Double(generator.next() % 100) / 10
            return 200 + week[day % 7] + noise
        }
        values[50] = 320
        values[90] = 20
        values[91] = nil
        let found = BatchDetector(.init(period: 7)).anomalies(in: values)
        #expect(found.map(\.index) == [50, 90])
        #expect(found.map(\.direction) == [.above, .below])
        #expect(found.allSatisfy { $0.kind == .point && !$0.expected.range.contains($0.value) })
        #expect((found[0].size - 120).magnitude < 60)
    }

    @Test func batchFindsALevelThatMovedAndStayed() {
        var generator = SplitMix64(seed: 5)
        let week: [Double] = [0, 5, 9, 12, 20, -20, -30]
        let values: [Double?] = (0..<120).map { day in
            let level: Double = day < 70 ? 100 : 160
            let noise = Double(generator.next() % 100) / 10
            return level + week[day % 7] + noise
        }
        let shifts = BatchDetector(.init(period: 7)).anomalies(in: values).filter {
            $0.kind == .levelShift
        }
        #expect(shifts.count == 1)
        #expect(shifts.allSatisfy { (68...72).contains($0.index) && $0.direction == .above })
    }

    @Test func batchSaysNothingOfTooFewOrEqualValues() {
        #expect(BatchDetector().anomalies(in: []).isEmpty)
        #expect(BatchDetector().anomalies(in: [1, 2, nil, 900]).isEmpty)
        #expect(BatchDetector(.init(period: 7)).anomalies(in: Array(repeating: 4, count: 60)).isEmpty)
    }

    /// Where most values are the same, their median deviation is 0.
    @Test func batchFindsWhatIsUnusualAmongEqualValues() {
        var values = [Double?](repeating: 4, count: 60)
        values[33] = 100
        #expect(BatchDetector().anomalies(in: values).map(\.index) == [33])
        let step: [Double?] = (0..<60).map { $0 < 30 ? 10 : 20 }
        let shifts = BatchDetector().anomalies(in: step).filter { $0.kind == .levelShift }
        #expect(shifts.map(\.index) == [30])
        let sparse: [Double?] = (0..<100).map { $0 * 37 % 100 < 15 ? 1 : 0 }
        #expect(BatchDetector().anomalies(in: sparse).isEmpty)
        let week: [Double] = [1, 2, 3, 4, 5, 0.1, 0.3]
        #expect(BatchDetector(.init(period: 7)).anomalies(in: (0..<70).map { week[$0 % 7] }).isEmpty)
    }

    @Test func contributionsAddUpToTheDifference() throws {
        let parts = [
            Contribution.Part(name: "app", history: [50, 52, 51, 49], value: 10),
            Contribution.Part(name: "web", history: [30, 31, nil, 29], value: 33),
        ]
        let found = Contribution.explaining(value: 43, expected: 81, parts: parts, period: nil)
        #expect(found.map(\.name) == ["app", "web"])
        #expect((found.reduce(0) { $0 + $1.share } - 1).magnitude < 1e-12)
        #expect((found.reduce(0) { $0 + $1.difference } + 38).magnitude < 1e-12)
        #expect(found[0].share > 1)
        #expect(found[1].share < 0)
        #expect(Contribution.explaining(value: 5, expected: 5, parts: parts, period: nil).isEmpty)
    }
}
