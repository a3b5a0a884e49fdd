internal import LinearAlgebra

/// Local search among the seeds (Lattanzi, Sohler 2019, "A better k-means++ algorithm via local search").
///
/// A row is drawn as k-means++ draws, by its squared distance from the nearest seed. It takes the place of the seed that
/// is missed least, if the sum of the squared distances falls by it. That is how a cloud without a seed gets the second
/// one of another cloud, which Lloyd's iterations cannot bring about.
struct CentreSwaps {
    private let rows: DenseMatrix
    private let squareNorms: [Float]
    private let threadCount: Int
    private let weight: (Int) -> Double
    private(set) var chosen: [Int]
    /// Per row, its nearest seed, and the squared distances to that and to the next one.
    private var labels: [Int32]
    private(set) var first: [Float]
    private var second: [Float]

    /// `weight`: of a row, not negative.
    init(
        rows: DenseMatrix, squareNorms: [Float], weight: @escaping (Int) -> Double, chosen: [Int], threadCount: Int
    ) {
        self.rows = rows
        self.squareNorms = squareNorms
        self.weight = weight
        self.chosen = chosen
        self.threadCount = threadCount
        labels = Array(repeating: 0, count: rows.rowCount)
        first = Array(repeating: 0, count: rows.rowCount)
        second = first
        score()
    }

    /// Lets `candidate`, a row, take a seed's place if that lowers the sum; whether it did.
    mutating func offer(_ candidate: Int) -> Bool {
        let (missed, cost, sum) = costs(with: candidate)
        guard cost < sum else { return false }
        chosen[missed] = candidate
        score()
        return true
    }

    /// The seed that is missed least when `candidate` is one, the sum then, and the sum now.
    private func costs(with candidate: Int) -> (missed: Int, cost: Double, sum: Double) {
        let size = RowBlocks.size(rowCount: rows.rowCount)
        // Per block: the sum now, the sum with the candidate, and per seed what its absence adds to that.
        let width = chosen.count + 2
        var parts = [Double](repeating: 0, count: RowBlocks.count(rowCount: rows.rowCount) * width)
        unsafe parts.withUnsafeMutableBufferPointer { parts in
            unsafe rows.withView { view in
                let (values, dimension) = unsafe (view.values, view.columnCount)
                let place = unsafe view.row(candidate)
                Parallel.forEachRange(of: rows.rowCount, blockSize: size, threadCount: threadCount) { range, _ in
                    let block = range.lowerBound / size * width
                    for row in range {
                        let distance = unsafe squaredDistance(values + row * dimension, place, dimension)
                        let weight = weight(row)
                        let kept = min(first[row], distance)
                        unsafe parts[block] += weight * Double(first[row])
                        unsafe parts[block + 1] += weight * Double(kept)
                        unsafe parts[block + 2 + Int(labels[row])] += weight * Double(min(second[row], distance) - kept)
                    }
                }
            }
        }
        var sums = [Double](repeating: 0, count: width)
        for (index, part) in parts.enumerated() { sums[index % width] += part }
        let missed = chosen.indices.min { sums[$0 + 2] < sums[$1 + 2] } ?? 0
        return (missed, sums[1] + sums[missed + 2], sums[0])
    }

    private mutating func score() {
        let table = CentreTable(rows.rows(chosen))
        let size = RowBlocks.size(rowCount: rows.rowCount)
        unsafe labels.withUnsafeMutableBufferPointer { labels in
            unsafe first.withUnsafeMutableBufferPointer { first in
                unsafe second.withUnsafeMutableBufferPointer { second in
                    unsafe rows.withView { view in
                        Parallel.forEachRange(of: rows.rowCount, blockSize: size, threadCount: threadCount) {
                            range, _ in
                            unsafe table.forEachScored(view, range) { row, scores in
                                let nearest = unsafe table.nearestTwo(scores)
                                unsafe labels[row] = nearest.centre
                                unsafe first[row] = max(0, squareNorms[row] + nearest.first)
                                unsafe second[row] = max(0, squareNorms[row] + nearest.second)
                            }
                        }
                    }
                }
            }
        }
    }
}
