internal import LinearAlgebra

/// Moves single rows between clusters where that lowers the inertia (Hartigan 1975, "Clustering algorithms"; Telgarsky,
/// Vattani 2010, "Hartigan's method: k-means clustering without Voronoi").
///
/// Taking row x from cluster a of n rows and giving it to cluster b of m rows changes the inertia by
/// m / (m + 1) |x - b|^2 - n / (n - 1) |x - a|^2, for both centres move with it. Lloyd's iterations do not see those
/// factors and stop earlier: with few rows a cluster and many columns, a percent or more too high. Where no row can be
/// moved, every row is nearest to its own centre, so that the result is one of Lloyd's as well.
///
/// Rows are scored in blocks against centres that a block's own moves make slightly stale; what looks like a gain is
/// decided in Double against the centres as they are. One thread: each move changes what the next row sees.
struct Transfers {
    private let rows: DenseMatrix
    private let squareNorms: [Float]
    private(set) var centres: DenseMatrix
    private var labels: [Int32]
    private var inertia: Double
    /// `[clusterCount x dimension]`
    private var sums: [Double]
    private var counts: [Int]

    init(rows: DenseMatrix, nearest: NearestCentres, centres: DenseMatrix) {
        self.rows = rows
        squareNorms = rows.squareNorms
        self.centres = centres
        labels = nearest.labels
        inertia = nearest.inertia
        sums = Array(repeating: 0, count: centres.values.count)
        counts = Array(repeating: 0, count: centres.rowCount)
        let dimension = rows.columnCount
        for (row, label) in labels.enumerated() {
            counts[Int(label)] += 1
            for column in 0..<dimension {
                sums[Int(label) * dimension + column] += Double(rows.values[row * dimension + column])
            }
        }
        for cluster in counts.indices where counts[cluster] > 0 { placeCentre(cluster) }
    }

    /// Passes end when one lowers the inertia by no more than the share `leastGain`.
    mutating func run(limit: Int, leastGain: Double) {
        for _ in 0..<limit {
            let gain = pass()
            inertia -= gain
            if gain <= leastGain * inertia { return }
        }
    }

    /// Looks at every row once, in order; by how much the inertia fell.
    private mutating func pass() -> Double {
        var gain = 0.0
        var table = CentreTable(centres)
        var scores = [Float](repeating: 0, count: RowBlocks.scoredRowCount * table.paddedCount)
        for start in stride(from: 0, to: rows.rowCount, by: RowBlocks.scoredRowCount) {
            let count = min(RowBlocks.scoredRowCount, rows.rowCount - start)
            unsafe scores.withUnsafeMutableBufferPointer { scores in
                guard let scores = scores.baseAddress else { return }
                unsafe rows.withView { view in
                    unsafe table.score(view.row(start), rowCount: count, into: scores)
                }
            }
            var isMoved = false
            for offset in 0..<count {
                guard let target = candidate(start + offset, scores[(offset * table.paddedCount)...]) else { continue }
                let found = transfer(start + offset, to: target)
                if found > 0 {
                    gain += found
                    isMoved = true
                }
            }
            if isMoved { table = CentreTable(centres) }
        }
        return gain
    }

    /// The cluster that by the scores is the cheapest for a row, if it is not its own. The only row of a cluster stays.
    private func candidate(_ row: Int, _ scores: ArraySlice<Float>) -> Int? {
        let own = Int(labels[row])
        guard counts[own] > 1 else { return nil }
        let norm = squareNorms[row]
        var best = own
        var least = (norm + scores[scores.startIndex + own]) * Float(counts[own]) / Float(counts[own] - 1)
        for cluster in counts.indices where cluster != own {
            let cost =
                (norm + scores[scores.startIndex + cluster]) * Float(counts[cluster]) / Float(counts[cluster] + 1)
            if cost < least { (least, best) = (cost, cluster) }
        }
        return best == own ? nil : best
    }

    /// Moves a row if that lowers the inertia; by how much it does, or 0.
    private mutating func transfer(_ row: Int, to target: Int) -> Double {
        let own = Int(labels[row])
        let dimension = rows.columnCount
        let (n, m) = (Double(counts[own]), Double(counts[target]))
        let gain = squaredDistance(row, own) * n / (n - 1) - squaredDistance(row, target) * m / (m + 1)
        guard n > 1, gain > Self.leastRelativeMove * inertia else { return 0 }
        for column in 0..<dimension {
            let value = Double(rows.values[row * dimension + column])
            sums[own * dimension + column] -= value
            sums[target * dimension + column] += value
        }
        counts[own] -= 1
        counts[target] += 1
        labels[row] = Int32(target)
        placeCentre(own)
        placeCentre(target)
        return gain
    }

    /// Below this share of the inertia a gain is rounding.
    private static let leastRelativeMove = 1e-12

    private func squaredDistance(_ row: Int, _ cluster: Int) -> Double {
        let dimension = rows.columnCount
        var sum = 0.0
        for column in 0..<dimension {
            let centre = sums[cluster * dimension + column] / Double(max(counts[cluster], 1))
            let difference = Double(rows.values[row * dimension + column]) - centre
            sum += difference * difference
        }
        return sum
    }

    private mutating func placeCentre(_ cluster: Int) {
        for index in cluster * rows.columnCount..<(cluster + 1) * rows.columnCount {
            centres.values[index] = Float(sums[index] / Double(counts[cluster]))
        }
    }
}
