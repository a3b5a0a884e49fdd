internal import LinearAlgebra

/// How the rows of a matrix are cut: the same whatever the thread count, so that every sum has one order.
enum RowBlocks {
    /// Rows scored in one call: their scores for a hundred centres stay in the second-level cache.
    static let scoredRowCount = 512

    /// At most 64 blocks, each with its own sums of the clusters: enough for the threads of one machine to share, and
    /// with 1,000 clusters of 128 columns still only 64 MiB.
    private static let greatestBlockCount = 64
    private static let leastBlockSize = 2048

    static func size(rowCount: Int) -> Int {
        max(leastBlockSize, (rowCount + greatestBlockCount - 1) / greatestBlockCount)
    }

    static func count(rowCount: Int) -> Int {
        let size = size(rowCount: rowCount)
        return (rowCount + size - 1) / size
    }

    /// The sum over all rows, block by block in order, of what `body` adds up for a range of rows.
    static func sum(
        rowCount: Int, threadCount: Int, _ body: (_ rows: Range<Int>, _ worker: Int) -> Double
    ) -> Double {
        partialSums(rowCount: rowCount, threadCount: threadCount, body).reduce(0, +)
    }

    static func partialSums(
        rowCount: Int, threadCount: Int, _ body: (_ rows: Range<Int>, _ worker: Int) -> Double
    ) -> [Double] {
        let size = size(rowCount: rowCount)
        var parts = [Double](repeating: 0, count: count(rowCount: rowCount))
        unsafe parts.withUnsafeMutableBufferPointer { parts in
            Parallel.forEachRange(of: rowCount, blockSize: size, threadCount: threadCount) { rows, worker in
                unsafe parts[rows.lowerBound / size] = body(rows, worker)
            }
        }
        return parts
    }
}

/// The squared distance of two runs of values, in Float.
@inline(__always)
func squaredDistance(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
    var position = 0
    var sum: Float = 0
    if count >= 8 {
        var lanes = SIMD8<Float>(repeating: 0)
        while position + 8 <= count {
            let difference =
                unsafe UnsafeRawPointer(a + position).loadUnaligned(as: SIMD8<Float>.self)
                - UnsafeRawPointer(b + position).loadUnaligned(as: SIMD8<Float>.self)
            lanes += difference * difference
            position += 8
        }
        sum = lanes.sum()
    }
    while position < count {
        let difference = unsafe a[position] - b[position]
        sum += difference * difference
        position += 1
    }
    return sum
}

/// The sum of the squares of a run of values, in Float.
@inline(__always)
func squareNorm(_ values: UnsafePointer<Float>, _ count: Int) -> Float {
    var position = 0
    var lanes = SIMD8<Float>(repeating: 0)
    while position + 8 <= count {
        let part = unsafe UnsafeRawPointer(values + position).loadUnaligned(as: SIMD8<Float>.self)
        lanes += part * part
        position += 8
    }
    var sum = lanes.sum()
    while position < count {
        unsafe sum += values[position] * values[position]
        position += 1
    }
    return sum
}

/// The squared distance of two runs of values, in Double.
@inline(__always)
func exactSquaredDistance(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Double {
    var sum = 0.0
    for position in 0..<count {
        let difference = unsafe Double(a[position]) - Double(b[position])
        sum += difference * difference
    }
    return sum
}
