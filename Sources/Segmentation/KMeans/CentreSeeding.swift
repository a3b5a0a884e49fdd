package import LinearAlgebra
import SeededRandom

/// Where k-means starts: k-means++ (Arthur, Vassilvitskii 2007, "k-means++: the advantages of careful seeding").
///
/// The first centre is a random row; each further one is a row drawn with a chance in proportion to its squared distance
/// from the nearest centre so far. Of 2 + floor(ln k) rows drawn so, the one that lowers the sum of those distances most
/// is taken (the greedy form of the paper's section 5.3, as scikit-learn has it). Then some further rows are drawn that
/// may take a centre's place (see `CentreSwaps`). Rows may carry weights.
struct CentreSeeding {
    private let rows: DenseMatrix
    private let weights: [Double]?
    private let threadCount: Int
    private let squareNorms: [Float]
    /// Per row, the squared distance to the nearest centre chosen so far.
    private var closest: [Float]
    /// The weighted sums of `closest`, block by block.
    private var partialSums: [Double] = []

    /// `weights`: one a row, not negative, not all zero; nil weighs all rows alike.
    init(rows: DenseMatrix, weights: [Double]? = nil, threadCount: Int) {
        precondition(rows.rowCount > 0 && weights.map { $0.count == rows.rowCount } ?? true)
        self.rows = rows
        self.weights = weights
        self.threadCount = threadCount
        squareNorms = rows.squareNorms
        closest = Array(repeating: .greatestFiniteMagnitude, count: rows.rowCount)
    }

    /// The indexes of `count` rows. Where there are fewer different rows than that, some are equal.
    mutating func chooseRows(_ count: Int, using generator: inout SplitMix64) -> [Int] {
        let trialCount = 2 + logarithmFloor(count)
        var chosen = [firstRow(using: &generator)]
        add(chosen[0])
        while chosen.count < count {
            let trials = (0..<trialCount).map { _ in draw(using: &generator) }
            let best = trials[leastSum(after: trials)]
            chosen.append(best)
            add(best)
        }
        return count > 1 ? swapped(chosen, using: &generator) : chosen
    }

    /// The paper's experiments with `CentreSwaps` need no more steps; where there are fewer centres, as many as those.
    private static let greatestSwapStepCount = 25

    private mutating func swapped(_ chosen: [Int], using generator: inout SplitMix64) -> [Int] {
        var swaps = CentreSwaps(
            rows: rows, squareNorms: squareNorms, weight: weight, chosen: chosen, threadCount: threadCount)
        for _ in 0..<min(chosen.count, Self.greatestSwapStepCount) where swaps.offer(draw(using: &generator)) {
            closest = swaps.first
            let (closest, weights) = (closest, weights)
            partialSums = RowBlocks.partialSums(rowCount: rows.rowCount, threadCount: threadCount) { range, _ in
                range.reduce(0) { $0 + (weights?[$1] ?? 1) * Double(closest[$1]) }
            }
        }
        return swaps.chosen
    }

    private func firstRow(using generator: inout SplitMix64) -> Int {
        guard let weights else { return generator.nextIndex(below: rows.rowCount) }
        var target = generator.nextUniform() * weights.reduce(0, +)
        for (row, weight) in weights.enumerated() {
            target -= weight
            if target < 0 { return row }
        }
        return weights.lastIndex { $0 > 0 } ?? 0
    }

    /// A row by its share of the sum; any row where all lie on centres.
    private func draw(using generator: inout SplitMix64) -> Int {
        var target = generator.nextUniform() * partialSums.reduce(0, +)
        let size = RowBlocks.size(rowCount: rows.rowCount)
        for (block, sum) in partialSums.enumerated() {
            if target >= sum {
                target -= sum
                continue
            }
            for row in block * size..<min((block + 1) * size, rows.rowCount) {
                target -= weight(row) * Double(closest[row])
                if target < 0 { return row }
            }
        }
        // Rounding can leave a rest at the end: the last row that is off the centres stands for it.
        return closest.lastIndex { $0 > 0 } ?? generator.nextIndex(below: rows.rowCount)
    }

    private func weight(_ row: Int) -> Double { weights?[row] ?? 1 }

    /// The position of the trial that leaves the least sum, the first among equals.
    private func leastSum(after trials: [Int]) -> Int {
        let table = CentreTable(rows.rows(trials))
        let size = RowBlocks.size(rowCount: rows.rowCount)
        var parts = [Double](repeating: 0, count: RowBlocks.count(rowCount: rows.rowCount) * trials.count)
        unsafe parts.withUnsafeMutableBufferPointer { parts in
            unsafe closest.withUnsafeBufferPointer { closest in
                unsafe rows.withView { view in
                    Parallel.forEachRange(of: rows.rowCount, blockSize: size, threadCount: threadCount) { range, _ in
                        let block = range.lowerBound / size
                        unsafe table.forEachScored(view, range) { row, scores in
                            let (limit, norm) = unsafe (closest[row], squareNorms[row])
                            for trial in 0..<trials.count {
                                let distance = unsafe min(limit, max(0, norm + scores[trial]))
                                unsafe parts[block * trials.count + trial] += weight(row) * Double(distance)
                            }
                        }
                    }
                }
            }
        }
        var sums = [Double](repeating: 0, count: trials.count)
        for (index, part) in parts.enumerated() { sums[index % trials.count] += part }
        return sums.indices.min { sums[$0] < sums[$1] } ?? 0
    }

    /// Makes a row a centre.
    private mutating func add(_ centre: Int) {
        let weights = weights
        let rows = rows
        let threadCount = threadCount
        partialSums = unsafe closest.withUnsafeMutableBufferPointer { closest in
            unsafe rows.withView { view in
                let (values, width) = unsafe (view.values, view.columnCount)
                let place = unsafe view.row(centre)
                return RowBlocks.partialSums(rowCount: rows.rowCount, threadCount: threadCount) { range, _ in
                    var sum = 0.0
                    for row in range {
                        let distance = unsafe squaredDistance(values + row * width, place, width)
                        unsafe closest[row] = min(closest[row], distance)
                        sum += unsafe (weights?[row] ?? 1) * Double(closest[row])
                    }
                    return sum
                }
            }
        }
    }

    private func logarithmFloor(_ count: Int) -> Int {
        // 2.718... to the power of 0, 1, 2 ...: the platform's logarithm is not asked, so that every platform agrees.
        var power = 2.718281828459045
        var floor = 0
        while power <= Double(count) {
            power *= 2.718281828459045
            floor += 1
        }
        return floor
    }
}

extension DenseMatrix {
    /// The given rows in the given order.
    package func rows(_ indexes: some Collection<Int>) -> DenseMatrix {
        var kept: [Float] = []
        kept.reserveCapacity(indexes.count * columnCount)
        for row in indexes { kept += values[row * columnCount..<(row + 1) * columnCount] }
        return DenseMatrix(rowCount: indexes.count, columnCount: columnCount, values: kept)
    }

    /// Per row, the sum of its values' squares.
    var squareNorms: [Float] {
        unsafe withView { view in (0..<rowCount).map { unsafe squareNorm(view.row($0), columnCount) } }
    }
}
