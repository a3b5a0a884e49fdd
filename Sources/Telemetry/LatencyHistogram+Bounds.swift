extension LatencyHistogram {
    /// How many records do not exceed each bound; for a record within 1/64 above a bound it may go either way.
    /// - Parameter bounds: nanoseconds, ascending.
    package func counts(upTo bounds: [UInt64]) -> [UInt64] {
        var counts: [UInt64] = []
        var index = 0
        var seen: UInt64 = 0
        for bound in bounds {
            while index < LatencyBuckets.count, LatencyBuckets.upperBound(of: index) <= bound {
                seen += self.counts[index]
                index += 1
            }
            counts.append(seen)
        }
        return counts
    }
}
