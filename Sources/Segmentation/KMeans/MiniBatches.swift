internal import LinearAlgebra
import SeededRandom

/// k-means on random batches of rows (Sculley 2010, "Web-scale k-means clustering").
///
/// A centre moves to the mean of all rows that it has been given so far: after n rows, the next one counts 1/n. Batches
/// are drawn with replacement. It ends when the batches' mean squared distance, smoothed, has not fallen for ten batches
/// (scikit-learn's rule and number).
struct MiniBatches {
    private let rows: DenseMatrix
    private let batchSize: Int
    private(set) var centres: DenseMatrix
    private(set) var batchCount = 0
    private var counts: [Double]

    private static let greatestStagnation = 10

    init(rows: DenseMatrix, centres: DenseMatrix, batchSize: Int) {
        precondition(batchSize >= 1)
        self.rows = rows
        self.centres = centres
        self.batchSize = min(batchSize, rows.rowCount)
        counts = Array(repeating: 0, count: centres.rowCount)
    }

    /// `limit`: passes over as many rows as there are.
    mutating func run(limit: Int, using generator: inout SplitMix64) {
        let batchLimit = max(1, limit * rows.rowCount / batchSize)
        // The weight of a batch in the smoothed mean: twice its share of the rows, as scikit-learn has it.
        let weight = min(1, 2 * Double(batchSize) / Double(rows.rowCount + 1))
        var smoothed = Double.infinity
        var least = Double.infinity
        var stagnation = 0
        while batchCount < batchLimit && stagnation < Self.greatestStagnation {
            let mean = step(using: &generator)
            batchCount += 1
            smoothed = smoothed.isFinite ? (1 - weight) * smoothed + weight * mean : mean
            stagnation = smoothed < least ? 0 : stagnation + 1
            least = min(least, smoothed)
        }
    }

    /// Takes one batch; its mean squared distance before the centres move.
    private mutating func step(using generator: inout SplitMix64) -> Double {
        let dimension = rows.columnCount
        var indexes: [Int] = []
        for _ in 0..<batchSize { indexes.append(generator.nextIndex(below: rows.rowCount)) }
        let batch = rows.rows(indexes)
        let nearest = NearestCentres(of: batch, to: centres, threadCount: 1)
        var sums = centres.values.map { Double($0) }
        for cluster in counts.indices {
            for column in 0..<dimension { sums[cluster * dimension + column] *= counts[cluster] }
        }
        for (row, label) in nearest.labels.enumerated() {
            counts[Int(label)] += 1
            for column in 0..<dimension {
                sums[Int(label) * dimension + column] += Double(batch.values[row * dimension + column])
            }
        }
        for cluster in counts.indices where counts[cluster] > 0 {
            for column in 0..<dimension {
                centres[cluster, column] = Float(sums[cluster * dimension + column] / counts[cluster])
            }
        }
        return nearest.inertia / Double(batchSize)
    }
}
