/// Where a column is moved to before it is cut to Float, so that what tells its values apart is kept.
package enum ColumnOrigin {
    /// As many values tell where most are.
    package static let sampleCount = 1001
    /// A mean farther than so many spreads from the middle leaves fewer than 14 of a Float's 24 bits to the spread.
    private static let greatestDistance = 1024.0

    /// The mean, or the middle of the values where a few far ones have drawn the mean away from all others.
    ///
    /// - Parameter sample: finite values of the column, at least one.
    package static func of(sample: [Double], mean: Double) -> Double {
        let sorted = sample.sorted()
        let middle = sorted[sorted.count / 2]
        var spread = sorted[3 * sorted.count / 4] - sorted[sorted.count / 4]
        if spread == 0 { spread = sorted.map { ($0 - middle).magnitude }.filter { $0 > 0 }.min() ?? 0 }
        return (mean - middle).magnitude > greatestDistance * spread ? middle : mean
    }

    /// The rows that are looked at: evenly spread, the same in every run.
    package static func sampledRows(of rowCount: Int) -> [Int] {
        let count = min(rowCount, sampleCount)
        return (0..<count).map { $0 * rowCount / count }
    }
}
