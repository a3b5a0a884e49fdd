internal import LinearAlgebra

/// One pass of Lloyd's iterations over some rows: which centre each now belongs to. See `LloydIterations`.
struct AssignmentPass {
    /// Per row; a label of -1 has never been assigned.
    @unsafe struct Bounds {
        let labels: UnsafeMutablePointer<Int32>
        let upper: UnsafeMutablePointer<Float>
        let lower: UnsafeMutablePointer<Float>
    }

    private let centres: DenseMatrix
    private let table: CentreTable
    private let moves: [Float]
    /// Per centre, the greatest move of any other: how much nearer another centre can have come to its rows.
    private let approaches: [Float]
    /// Per centre, half the distance to the nearest other one.
    private let halfGaps: [Float]

    init(centres: DenseMatrix, moves: [Float]) {
        self.centres = centres
        self.moves = moves
        table = CentreTable(centres)
        let mover = moves.indices.max { moves[$0] < moves[$1] } ?? 0
        let second = moves.indices.filter { $0 != mover }.map { moves[$0] }.max() ?? 0
        approaches = moves.indices.map { $0 == mover ? second : moves[mover] }
        halfGaps = Self.halfGaps(centres, table)
    }

    private static func halfGaps(_ centres: DenseMatrix, _ table: CentreTable) -> [Float] {
        var scores = [Float](repeating: 0, count: centres.rowCount * table.paddedCount)
        return unsafe scores.withUnsafeMutableBufferPointer { buffer in
            guard let scores = buffer.baseAddress else { return [] }
            unsafe centres.withView { view in unsafe table.score(view.values, rowCount: view.rowCount, into: scores) }
            return (0..<centres.rowCount).map { centre in
                // A centre's score for itself is -|c|^2: put out of the way.
                let own = unsafe scores + centre * table.paddedCount
                let norm = unsafe max(0, -own[centre])
                unsafe own[centre] = .greatestFiniteMagnitude
                let nearest = unsafe norm + table.nearestTwo(own).first
                let rounding = NearestCentres.relativeRounding * (norm + table.greatestSquareNorm)
                return max(0, nearest - rounding).squareRoot() / 2
            }
        }
    }

    /// Assigns the rows of `range`, adds what that changes to the clusters' `sums` `[clusterCount x dimension]` and
    /// `counts`, and returns the number of rows whose label changed.
    func assign(
        _ rows: DenseMatrixView, _ range: Range<Int>, _ bounds: Bounds, sums: inout [Double], counts: inout [Int]
    ) -> Int {
        let dimension = table.dimension
        let capacity = RowBlocks.scoredRowCount
        var gathered: [Int32] = []
        gathered.reserveCapacity(capacity)
        var values = [Float](repeating: 0, count: capacity * max(dimension, 1))
        var scores = [Float](repeating: 0, count: capacity * table.paddedCount)
        var changeCount = 0
        unsafe values.withUnsafeMutableBufferPointer { values in
            unsafe scores.withUnsafeMutableBufferPointer { scores in
                guard let values = values.baseAddress, let scores = scores.baseAddress else { return }
                for start in stride(from: range.lowerBound, to: range.upperBound, by: capacity) {
                    let end = min(start + capacity, range.upperBound)
                    gathered.removeAll(keepingCapacity: true)
                    unsafe gather(rows, start..<end, bounds, into: &gathered)
                    if gathered.isEmpty { continue }
                    var block = unsafe rows.row(start)
                    if gathered.count < end - start {
                        for (offset, row) in gathered.enumerated() {
                            unsafe (values + offset * dimension).update(from: rows.row(Int(row)), count: dimension)
                        }
                        unsafe block = UnsafePointer(values)
                    }
                    unsafe table.score(block, rowCount: gathered.count, into: scores)
                    changeCount += unsafe label(
                        gathered, block, scores, bounds, sums: &sums, counts: &counts)
                }
            }
        }
        return changeCount
    }

    /// The rows that the bounds cannot settle.
    private func gather(_ rows: DenseMatrixView, _ range: Range<Int>, _ bounds: Bounds, into gathered: inout [Int32]) {
        let dimension = table.dimension
        // Taken out of the loop: asking the view for each row is a call into another module.
        let values = unsafe rows.values
        unsafe moves.withUnsafeBufferPointer { moves in
            unsafe approaches.withUnsafeBufferPointer { approaches in
                unsafe halfGaps.withUnsafeBufferPointer { halfGaps in
                    unsafe centres.values.withUnsafeBufferPointer { centres in
                        guard let centres = centres.baseAddress else { return }
                        for row in range {
                            let label = unsafe Int(bounds.labels[row])
                            guard label >= 0 else {
                                gathered.append(Int32(row))
                                continue
                            }
                            var upper = unsafe bounds.upper[row] + moves[label]
                            let lower = unsafe bounds.lower[row] - approaches[label]
                            unsafe bounds.lower[row] = lower
                            let limit = unsafe max(lower, halfGaps[label])
                            if upper > limit {
                                let square = unsafe squaredDistance(
                                    values + row * dimension, centres + label * dimension, dimension)
                                upper = min(upper, square.squareRoot() * (1 + NearestCentres.relativeRounding))
                                if upper > limit { gathered.append(Int32(row)) }
                            }
                            unsafe bounds.upper[row] = upper
                        }
                    }
                }
            }
        }
    }

    /// Labels scored rows: `values` and `scores` lie in the order of `gathered`.
    private func label(
        _ gathered: [Int32], _ values: UnsafePointer<Float>, _ scores: UnsafePointer<Float>, _ bounds: Bounds,
        sums: inout [Double], counts: inout [Int]
    ) -> Int {
        let dimension = table.dimension
        var changeCount = 0
        for (offset, row) in gathered.enumerated() {
            let row = Int(row)
            let point = unsafe values + offset * dimension
            let nearest = unsafe table.nearestTwo(scores + offset * table.paddedCount)
            let norm = unsafe squareNorm(point, dimension)
            let rounding = NearestCentres.relativeRounding * (norm + table.greatestSquareNorm)
            unsafe bounds.upper[row] = max(0, norm + nearest.first + rounding).squareRoot()
            unsafe bounds.lower[row] = max(0, norm + nearest.second - rounding).squareRoot()
            let old = unsafe Int(bounds.labels[row])
            let new = Int(nearest.centre)
            if old == new { continue }
            changeCount += 1
            unsafe bounds.labels[row] = nearest.centre
            counts[new] += 1
            for column in 0..<dimension { unsafe sums[new * dimension + column] += Double(point[column]) }
            guard old >= 0 else { continue }
            counts[old] -= 1
            for column in 0..<dimension { unsafe sums[old * dimension + column] -= Double(point[column]) }
        }
        return changeCount
    }
}
