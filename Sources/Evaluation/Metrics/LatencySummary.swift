/// How long single requests took. It depends on the machine and on what else runs there: never a part of what must be
/// equal between two runs. Times come from the caller; nothing here reads a clock.
package struct LatencySummary: Sendable, Equatable {
    package let requestCount: Int
    /// Microseconds. A percentile is the smallest time that this share of all requests did not exceed (nearest rank).
    package let mean, p50, p90, p99: Double
    package let totalSeconds: Double

    /// Nil without a request. O(n log n).
    package init?(nanoseconds: [Int64]) {
        guard !nanoseconds.isEmpty else { return nil }
        let ascending = nanoseconds.sorted()
        func percentile(_ percent: Int) -> Double {
            Double(ascending[(percent * ascending.count + 99) / 100 - 1]) / 1000
        }
        let total = ascending.reduce(0.0) { $0 + Double($1) }
        requestCount = ascending.count
        mean = total / Double(ascending.count) / 1000
        (p50, p90, p99) = (percentile(50), percentile(90), percentile(99))
        totalSeconds = total / 1e9
    }
}
