internal import LinearAlgebra

/// Lloyd's iterations over all rows, with Hamerly's bounds (Hamerly 2010, "Making k-means even faster").
///
///     upper[i] >= distance of row i to its centre          lower[i] <= distance to every other centre
///
/// As centres move, the bounds are widened by how far. A row whose upper bound is below its lower one, or below half the
/// distance from its centre to the next, cannot change its label and is not looked at. The others are gathered, 512 at a
/// time, and scored against all centres in one product. In many columns the bounds seldom hold, and cost little beside
/// the product; in few, nearly all rows are passed over after some iterations.
///
/// Scores are Float, so bounds made from them are widened by their rounding: a wrong skip could otherwise keep a row at
/// the wrong centre. Clusters' sums are Double and follow the rows that change, block by block in a fixed order.
struct LloydIterations {
    private let rows: DenseMatrix
    private let clusterCount: Int
    private let threadCount: Int
    private(set) var centres: DenseMatrix
    private(set) var iterationCount = 0
    private var labels: [Int32]
    private var upper: [Float]
    private var lower: [Float]
    /// `[clusterCount x dimension]`
    private var sums: [Double]
    private var counts: [Int]
    /// Per centre, how far the last update moved it.
    private var moves: [Float]
    /// Instead of bounds, where there are few columns and centres.
    private let narrow: NarrowAssignment?

    init(rows: DenseMatrix, centres: DenseMatrix, threadCount: Int) {
        precondition(rows.columnCount == centres.columnCount)
        self.rows = rows
        self.centres = centres
        self.threadCount = threadCount
        clusterCount = centres.rowCount
        labels = Array(repeating: -1, count: rows.rowCount)
        upper = Array(repeating: 0, count: rows.rowCount)
        lower = Array(repeating: 0, count: rows.rowCount)
        sums = Array(repeating: 0, count: clusterCount * rows.columnCount)
        counts = Array(repeating: 0, count: clusterCount)
        moves = Array(repeating: 0, count: clusterCount)
        narrow = NarrowAssignment.pays(rows, clusterCount: clusterCount) ? NarrowAssignment(rows) : nil
    }

    /// Iterates until no label changes, or the centres' squared shifts sum to `shiftLimit` at most, or `limit` iterations.
    mutating func run(limit: Int, shiftLimit: Double) {
        while iterationCount < limit {
            let changeCount = assign()
            iterationCount += 1
            let isRepaired = fillEmptyClusters()
            guard changeCount > 0 || isRepaired else { return }
            if moveCentres() <= shiftLimit { return }
        }
    }

    /// What one block of rows changed.
    private struct BlockChange {
        var sums: [Double]
        var counts: [Int]
        var changeCount = 0
    }

    /// Gives every row its nearest centre; the number of rows whose label changed.
    private mutating func assign() -> Int {
        let pass = narrow == nil ? AssignmentPass(centres: centres, moves: moves) : nil
        let blockSize = RowBlocks.size(rowCount: rows.rowCount)
        let width = sums.count
        let empty = BlockChange(
            sums: Array(repeating: 0, count: width), counts: Array(repeating: 0, count: clusterCount))
        var changes = [BlockChange](repeating: empty, count: RowBlocks.count(rowCount: rows.rowCount))
        unsafe labels.withUnsafeMutableBufferPointer { labels in
            unsafe upper.withUnsafeMutableBufferPointer { upper in
                unsafe lower.withUnsafeMutableBufferPointer { lower in
                    unsafe changes.withUnsafeMutableBufferPointer { changes in
                        unsafe rows.withView { view in
                            guard let labels = labels.baseAddress, let upper = upper.baseAddress,
                                let lower = lower.baseAddress
                            else { return }
                            Parallel.forEachRange(of: rows.rowCount, blockSize: blockSize, threadCount: threadCount) {
                                range, _ in
                                let block = range.lowerBound / blockSize
                                let bounds = unsafe AssignmentPass.Bounds(labels: labels, upper: upper, lower: lower)
                                var change = unsafe changes[block]
                                if let pass {
                                    change.changeCount = unsafe pass.assign(
                                        view, range, bounds, sums: &change.sums, counts: &change.counts)
                                } else if let narrow {
                                    change.changeCount = unsafe narrow.assign(
                                        centres, range, labels, sums: &change.sums, counts: &change.counts)
                                }
                                unsafe changes[block] = change
                            }
                        }
                    }
                }
            }
        }
        var changeCount = 0
        for change in changes where change.changeCount > 0 {
            for index in 0..<width { sums[index] += change.sums[index] }
            for index in 0..<clusterCount { counts[index] += change.counts[index] }
            changeCount += change.changeCount
        }
        return changeCount
    }

    /// Gives every empty cluster the row that lies farthest from its own centre (the lowest among equals), as
    /// scikit-learn does. A row at distance 0 is not taken: then there are fewer different rows than clusters.
    private mutating func fillEmptyClusters() -> Bool {
        let empty = counts.indices.filter { counts[$0] == 0 }
        guard !empty.isEmpty else { return false }
        let dimension = rows.columnCount
        var distances = unsafe rows.withView { view in
            unsafe centres.withView { centres in
                labels.indices.map { row in
                    unsafe exactSquaredDistance(view.row(row), centres.row(Int(labels[row])), dimension)
                }
            }
        }
        var isRepaired = false
        for cluster in empty {
            let farthest = distances.indices.filter { counts[Int(labels[$0])] > 1 }.max {
                distances[$0] < distances[$1]
            }
            guard let row = farthest, distances[row] > 0 else { break }
            let old = Int(labels[row])
            for column in 0..<dimension {
                let value = Double(rows.values[row * dimension + column])
                sums[old * dimension + column] -= value
                sums[cluster * dimension + column] = value
            }
            counts[old] -= 1
            counts[cluster] = 1
            labels[row] = Int32(cluster)
            // Forgets what is known of the row: it is scored in the next iteration.
            (upper[row], lower[row]) = (.greatestFiniteMagnitude / 2, 0)
            distances[row] = 0
            isRepaired = true
        }
        return isRepaired
    }

    /// Makes every centre its rows' mean; the sum of the squared shifts. The centre of an empty cluster stays.
    private mutating func moveCentres() -> Double {
        let dimension = rows.columnCount
        var total = 0.0
        for cluster in 0..<clusterCount {
            guard counts[cluster] > 0 else {
                moves[cluster] = 0
                continue
            }
            var square = 0.0
            for index in cluster * dimension..<(cluster + 1) * dimension {
                let value = Float(sums[index] / Double(counts[cluster]))
                let shift = Double(value) - Double(centres.values[index])
                centres.values[index] = value
                square += shift * shift
            }
            total += square
            // The next Float up: a bound must not be short by a rounding.
            moves[cluster] = Float(square.squareRoot()).nextUp
        }
        return total
    }
}
