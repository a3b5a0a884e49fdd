package import LinearAlgebra
import SeededRandom

/// Rousseeuw 1987, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis".
///
/// For each row (b - a) / max(a, b): a is the mean distance to the other rows of its cluster, b the least mean distance to
/// the rows of another cluster; 0 for a row alone in its cluster. Between -1 and 1; more is better.
///
/// Rows are sorted by cluster and stored column by column, so that one row's distances to a whole cluster are one run:
/// O(n^2 d) time in Double, O(n d) memory.
package enum Silhouette {
    /// Per row, in the order of the rows. NaN for all where there are fewer than two clusters.
    package static func values(rows: DenseMatrix, labels: [Int32], threadCount: Int) -> [Double] {
        precondition(labels.count == rows.rowCount)
        let sorted = SortedRows(rows: rows, labels: labels)
        guard sorted.filledCount >= 2 else { return Array(repeating: .nan, count: labels.count) }
        var values = [Double](repeating: 0, count: labels.count)
        unsafe values.withUnsafeMutableBufferPointer { values in
            Parallel.forEachRange(of: labels.count, blockSize: rowsPerBlock, threadCount: threadCount) { range, _ in
                var distances = [Double](repeating: 0, count: labels.count)
                for place in range {
                    unsafe values[sorted.rows[place]] = sorted.silhouette(ofPlace: place, distances: &distances)
                }
            }
        }
        return values
    }

    private static let rowsPerBlock = 64

    /// The mean over all rows. NaN where there are fewer than two clusters.
    package static func mean(rows: DenseMatrix, labels: [Int32], threadCount: Int) -> Double {
        let values = values(rows: rows, labels: labels, threadCount: threadCount)
        return values.reduce(0, +) / Double(max(values.count, 1))
    }

    /// The mean over a random sample of the rows, each compared within the sample alone: an estimate in O(sample^2).
    /// Exact where there are no more rows than that.
    package static func sampledMean(
        rows: DenseMatrix, labels: [Int32], sampleSize: Int, seed: UInt64, threadCount: Int
    ) -> Double {
        guard sampleSize < rows.rowCount else {
            return mean(rows: rows, labels: labels, threadCount: threadCount)
        }
        let sample = RowSample.indexes(of: rows.rowCount, count: sampleSize, seed: seed)
        return mean(rows: rows.rows(sample), labels: sample.map { labels[$0] }, threadCount: threadCount)
    }
}

/// `count` different numbers below `bound`, ascending: Fisher-Yates stopped early.
enum RowSample {
    static func indexes(of bound: Int, count: Int, seed: UInt64) -> [Int] {
        var generator = SplitMix64(seed: seed)
        var indexes = Array(0..<bound)
        for place in 0..<min(count, bound) {
            indexes.swapAt(place, place + generator.nextIndex(below: bound - place))
        }
        return indexes.prefix(count).sorted()
    }
}

/// Rows in the order of their clusters.
private struct SortedRows {
    /// The row at each place.
    let rows: [Int]
    private let labels: [Int]
    /// Cluster c has the places `starts[c] ..< starts[c + 1]`.
    private let starts: [Int]
    /// `[columnCount x rowCount]`
    private let columns: [Double]
    private let columnCount: Int

    init(rows matrix: DenseMatrix, labels: [Int32]) {
        let order = labels.indices.sorted { labels[$0] != labels[$1] ? labels[$0] < labels[$1] : $0 < $1 }
        var starts = [Int](repeating: 0, count: Int(labels.max() ?? -1) + 2)
        for label in labels { starts[Int(label) + 1] += 1 }
        for cluster in starts.indices.dropFirst() { starts[cluster] += starts[cluster - 1] }
        var columns = [Double](repeating: 0, count: matrix.values.count)
        for (place, row) in order.enumerated() {
            for column in 0..<matrix.columnCount {
                columns[column * order.count + place] = Double(matrix.values[row * matrix.columnCount + column])
            }
        }
        rows = order
        self.labels = order.map { Int(labels[$0]) }
        self.starts = starts
        self.columns = columns
        columnCount = matrix.columnCount
    }

    var filledCount: Int { zip(starts, starts.dropFirst()).count { $0 < $1 } }

    func silhouette(ofPlace place: Int, distances: inout [Double]) -> Double {
        let own = labels[place]
        let ownCount = starts[own + 1] - starts[own]
        guard ownCount > 1 else { return 0 }
        unsafe distances.withUnsafeMutableBufferPointer { buffer in
            guard let distances = buffer.baseAddress else { return }
            unsafe measure(from: place, into: distances)
        }
        var inside = 0.0
        var outside = Double.infinity
        for cluster in 0..<starts.count - 1 where starts[cluster] < starts[cluster + 1] {
            let sum = unsafe distances.withUnsafeBufferPointer { buffer in
                unsafe Self.sum(buffer, starts[cluster]..<starts[cluster + 1])
            }
            if cluster == own {
                inside = sum / Double(ownCount - 1)
            } else {
                outside = min(outside, sum / Double(starts[cluster + 1] - starts[cluster]))
            }
        }
        let greater = max(inside, outside)
        return greater > 0 ? (outside - inside) / greater : 0
    }

    private func measure(from place: Int, into distances: UnsafeMutablePointer<Double>) {
        let count = rows.count
        unsafe columns.withUnsafeBufferPointer { buffer in
            unsafe distances.update(repeating: 0, count: count)
            guard let columns = buffer.baseAddress else { return }
            for column in 0..<columnCount {
                let values = unsafe columns + column * count
                let own = unsafe values[place]
                for other in 0..<count {
                    let difference = unsafe values[other] - own
                    unsafe distances[other] += difference * difference
                }
            }
            for other in 0..<count { unsafe distances[other] = distances[other].squareRoot() }
        }
    }

    /// Four sums side by side: the processor need not wait for one addition before the next.
    private static func sum(_ values: UnsafeBufferPointer<Double>, _ range: Range<Int>) -> Double {
        var lanes = SIMD4<Double>(repeating: 0)
        var position = range.lowerBound
        while position + 4 <= range.upperBound {
            lanes += unsafe SIMD4(
                values[position], values[position + 1], values[position + 2], values[position + 3])
            position += 4
        }
        var sum = lanes.sum()
        while position < range.upperBound {
            sum += unsafe values[position]
            position += 1
        }
        return sum
    }
}
