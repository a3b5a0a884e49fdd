import Testing

@testable import Telemetry

@Suite("Latency histogram")
struct LatencyHistogramTests {
    @Test("every bucket holds the values it claims and is at most 1/64 wide")
    func bucketEdges() {
        var next: UInt64 = 0
        for index in 0..<LatencyBuckets.count {
            let upper = LatencyBuckets.upperBound(of: index)
            #expect(LatencyBuckets.index(of: next) == index)
            #expect(LatencyBuckets.index(of: upper) == index)
            #expect(upper >= next && (upper - next) * 64 <= max(next, 1))
            next = upper + 1
        }
        #expect(next == 1 << 42)
    }

    @Test("no records: everything is zero")
    func empty() {
        let histogram = LatencyHistogram()
        #expect(histogram.percentile(50) == 0)
        #expect(histogram.meanNanoseconds == 0)
        #expect(histogram.count == 0 && histogram.greatest == 0)
    }

    @Test("nearest-rank percentiles of 1 to 100 are exact below 128")
    func smallValues() {
        var histogram = LatencyHistogram()
        for value in (1...100).reversed() { histogram.record(nanoseconds: UInt64(value)) }
        for percent in 1...100 { #expect(histogram.percentile(Double(percent)) == UInt64(percent)) }
        #expect(histogram.percentile(0) == 1)
        #expect(histogram.percentile(99.5) == 100)
        #expect(histogram.meanNanoseconds == 50.5)
        #expect(histogram.greatest == 100)
    }

    @Test("percentiles lie within 1/64 above the exact ones over nine decades")
    func relativeError() {
        var histogram = LatencyHistogram()
        var values: [UInt64] = []
        var state: UInt64 = 42
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let value = (state >> 20) >> (state % 41)
            values.append(value)
            histogram.record(nanoseconds: value)
        }
        values.sort()
        for percent in [0.0, 0.1, 1, 10, 25, 50, 75, 90, 99, 99.9, 99.99, 100] {
            let rank = max(Int((percent * Double(values.count) / 100).rounded(.up)), 1)
            let exact = min(values[rank - 1], LatencyBuckets.greatestValue)
            let found = histogram.percentile(percent)
            #expect(found >= exact && found - exact <= exact / 64, "p\(percent): \(found), exact \(exact)")
        }
    }

    @Test("rank 999 of 1000 is p99.9, not rank 1000")
    func rankRounding() {
        var histogram = LatencyHistogram()
        for _ in 0..<999 { histogram.record(nanoseconds: 1) }
        histogram.record(nanoseconds: 50)
        #expect(histogram.percentile(99.9) == 1)
        #expect(histogram.percentile(99.91) == 50)
    }

    @Test("a merge equals recording everything in one")
    func merge() {
        var left = LatencyHistogram()
        var right = LatencyHistogram()
        var both = LatencyHistogram()
        for value in stride(from: UInt64(3), to: 3_000_000, by: 997) {
            if value % 2 == 0 { left.record(nanoseconds: value) } else { right.record(nanoseconds: value) }
            both.record(nanoseconds: value)
        }
        left.merge(right)
        #expect(left == both)
        left.merge(LatencyHistogram())
        #expect(left == both)
    }

    @Test("what is longer than 73 minutes counts as 73 minutes")
    func huge() {
        var histogram = LatencyHistogram()
        histogram.record(nanoseconds: .max)
        #expect(histogram.percentile(50) == LatencyBuckets.greatestValue)
        #expect(histogram.greatest == LatencyBuckets.greatestValue)
    }

    @Test("a recorder's snapshot is the histogram of the same records")
    func recorder() {
        let recorder = LatencyRecorder()
        var histogram = LatencyHistogram()
        #expect(recorder.snapshot() == histogram)
        for value: UInt64 in [0, 1, 63, 64, 127, 128, 129, 1_000_000, .max] {
            recorder.record(nanoseconds: value)
            histogram.record(nanoseconds: value)
        }
        #expect(recorder.snapshot() == histogram)
    }
}
