package import LinearAlgebra
import SeededRandom

/// k-means clustering: the partition into k clusters of least inertia that several starts find.
///
///     rows - column means ▶ seeding ▶ Lloyd or mini-batches ▶ every row to its nearest centre ▶ the best of nInit starts
///     ▶ after Lloyd: transfers of single rows
///
/// Rows are moved to mean 0 first (to the middle of most of them where a few lie far off, see `ColumnOrigin`): distances stay, and
/// |x|^2 - 2 x.c + |c|^2 loses fewer digits. Float is stored, Double is
/// summed. Everything depends on the data, the configuration and the seed alone, not on the thread count: few rows are
/// shared among threads start by start, many block by block.
package enum KMeans {
    /// From here on one start is shared among the threads, below it each thread takes a start: a pass over so few rows is
    /// shorter than waking a thread is worth.
    private static let sharedRowCount = 32_768

    /// A pass that gains less is the last one; the standard tolerance of the iterations before.
    private static let leastTransferGain = 1e-4
    private static let greatestTransferPassCount = 10

    /// Any sum of squares of such values is a finite Float.
    static let greatestValue: Float = 1e15

    /// Clusters the rows. The clusters come in descending order of their size (ties: centres in ascending order), or,
    /// where `previous` centres are given, in the order that matches those (see `CentreMatching`).
    package static func fit(
        _ rows: DenseMatrix, _ configuration: KMeansConfiguration, previous: DenseMatrix? = nil
    ) throws(SegmentationError) -> KMeansModel {
        try check(rows, configuration)
        let (centred, means) = centred(rows)
        let model = model(
            rows, movedFrom: means, bestStart(centred, configuration), threadCount: configuration.threadCount)
        if let previous {
            return model.reordered(CentreMatching.order(of: model.centres, matching: previous))
        }
        return model.reordered(standardOrder(model))
    }

    /// Lloyd's iterations from given centres, whose clusters keep their order: for centres that mean something, or that
    /// another method found. Seeding, starts and method of the configuration are not looked at.
    ///
    /// - Parameter centres: `[clusterCount x dimension]`
    package static func refine(
        _ rows: DenseMatrix, from centres: DenseMatrix, _ configuration: KMeansConfiguration
    ) throws(SegmentationError) -> KMeansModel {
        precondition(centres.columnCount == rows.columnCount)
        var configuration = configuration
        configuration.clusterCount = centres.rowCount
        try check(rows, configuration)
        let (centred, means) = centred(rows)
        var moved = centres
        for index in moved.values.indices { moved.values[index] -= Float(means[index % means.count]) }
        let meanVariance = ColumnMoments(centred).variances.reduce(0, +) / Double(rows.columnCount)
        var iterations = LloydIterations(rows: centred, centres: moved, threadCount: configuration.threadCount)
        iterations.run(
            limit: configuration.maximumIterationCount, shiftLimit: configuration.tolerance * meanVariance)
        let start = finished(centred, iterations.centres, iterations.iterationCount, configuration.threadCount)
        return model(rows, movedFrom: means, start, threadCount: configuration.threadCount)
    }

    /// The start's clusters where the rows stood before `means` were taken from them.
    private static func model(
        _ rows: DenseMatrix, movedFrom means: [Double], _ start: Start, threadCount: Int
    ) -> KMeansModel {
        var centres = start.centres
        for index in centres.values.indices {
            centres.values[index] = Float(Double(centres.values[index]) + means[index % means.count])
        }
        // Against the centres as they are stored, so that a prediction for a row gives the row's label.
        return model(rows, centres, start.iterationCount, threadCount)
    }

    private static func check(_ rows: DenseMatrix, _ configuration: KMeansConfiguration) throws(SegmentationError) {
        let operation = "cluster \(rows.rowCount) rows into \(configuration.clusterCount) clusters"
        guard configuration.clusterCount >= 1, configuration.initialisationCount >= 1,
            configuration.maximumIterationCount >= 1, configuration.tolerance >= 0
        else {
            throw SegmentationError(
                .badOption, operation: operation,
                expected: "at least one cluster, one start and one iteration, and a tolerance of 0 or more",
                found: "\(configuration.clusterCount), \(configuration.initialisationCount), "
                    + "\(configuration.maximumIterationCount) and \(configuration.tolerance)",
                remedy: "Correct the option.")
        }
        guard rows.rowCount >= configuration.clusterCount, rows.columnCount > 0 else {
            throw SegmentationError(
                .tooFewRows, operation: operation, expected: "at least as many rows as clusters, and a column",
                found: "\(rows.rowCount) rows of \(rows.columnCount) columns", remedy: "Ask for fewer clusters.")
        }
        let wrong = rows.values.firstIndex { !($0.magnitude <= greatestValue) }
        if let wrong {
            throw SegmentationError(
                .notFinite, operation: operation, expected: "values between -\(greatestValue) and \(greatestValue)",
                found: "\(rows.values[wrong]) in row \(wrong / rows.columnCount), column \(wrong % rows.columnCount)",
                remedy: "Leave the row out, or scale the column.")
        }
    }

    private static func centred(_ rows: DenseMatrix) -> (DenseMatrix, means: [Double]) {
        var means = ColumnMoments(rows).means
        let sampled = ColumnOrigin.sampledRows(of: rows.rowCount)
        for column in means.indices {
            means[column] = ColumnOrigin.of(sample: sampled.map { Double(rows[$0, column]) }, mean: means[column])
        }
        var centred = rows
        for row in 0..<rows.rowCount {
            for column in 0..<rows.columnCount {
                let index = row * rows.columnCount + column
                centred.values[index] = Float(Double(rows.values[index]) - means[column])
            }
        }
        return (centred, means)
    }

    private struct Start {
        let centres: DenseMatrix
        let inertia: Double
        let iterationCount: Int
    }

    private static func bestStart(_ rows: DenseMatrix, _ configuration: KMeansConfiguration) -> Start {
        let count = configuration.initialisationCount
        let isShared = rows.rowCount >= sharedRowCount
        let meanVariance = ColumnMoments(rows).variances.reduce(0, +) / Double(rows.columnCount)
        let shiftLimit = configuration.tolerance * meanVariance
        let finished: [Start]
        if isShared, configuration.method == .lloyd, configuration.seeding == .plusPlus,
            let sampled = SampledStarts(of: rows, configuration)
        {
            let clusterings = starts(
                SampledStarts.clusteringsPerStart * count, sampled.sample, configuration, shiftLimit: shiftLimit)
            let fullCount = (count + SampledStarts.startsPerFullStart - 1) / SampledStarts.startsPerFullStart
            let full = starts(fullCount, rows, configuration, shiftLimit: shiftLimit)
            finished =
                full
                + SampledStarts.kept(clusterings.map { ($0.centres, $0.inertia) }, configuration).map { seeds in
                    lloyd(
                        rows, from: seeds, configuration, shiftLimit: shiftLimit, threadCount: configuration.threadCount
                    )
                }
        } else {
            finished = starts(count, rows, configuration, shiftLimit: shiftLimit)
        }
        guard let best = finished.min(by: { $0.inertia < $1.inertia }) else {
            preconditionFailure("there is at least one start")
        }
        guard isShared, configuration.method == .lloyd else { return best }
        return withTransfers(rows, best, configuration.threadCount)
    }

    private static func starts(
        _ count: Int, _ rows: DenseMatrix, _ configuration: KMeansConfiguration, shiftLimit: Double
    ) -> [Start] {
        let isShared = rows.rowCount >= sharedRowCount
        var starts = [Start?](repeating: nil, count: count)
        unsafe starts.withUnsafeMutableBufferPointer { starts in
            Parallel.forEachBlock(blockCount: count, threadCount: isShared ? 1 : configuration.threadCount) {
                number, _ in
                unsafe starts[number] = start(
                    rows, configuration, number: number, shiftLimit: shiftLimit,
                    threadCount: isShared ? configuration.threadCount : 1)
            }
        }
        return starts.compactMap { $0 }
    }

    private static func lloyd(
        _ rows: DenseMatrix, from seeds: DenseMatrix, _ configuration: KMeansConfiguration, shiftLimit: Double,
        threadCount: Int
    ) -> Start {
        var iterations = LloydIterations(rows: rows, centres: seeds, threadCount: threadCount)
        iterations.run(limit: configuration.maximumIterationCount, shiftLimit: shiftLimit)
        return finished(rows, iterations.centres, iterations.iterationCount, threadCount)
    }

    private static func start(
        _ rows: DenseMatrix, _ configuration: KMeansConfiguration, number: Int, shiftLimit: Double, threadCount: Int
    ) -> Start {
        var generator = SplitMix64(seed: SplitMix64.mix(SplitMix64.mix(configuration.seed) &+ UInt64(number)))
        let seeds: DenseMatrix
        switch configuration.seeding {
        case .plusPlus:
            var seeding = CentreSeeding(rows: rows, threadCount: threadCount)
            seeds = rows.rows(seeding.chooseRows(configuration.clusterCount, using: &generator))
        case .parallel:
            seeds = ParallelSeeding.centres(
                of: rows, count: configuration.clusterCount, threadCount: threadCount, using: &generator)
        }
        switch configuration.method {
        case .lloyd:
            let start = lloyd(rows, from: seeds, configuration, shiftLimit: shiftLimit, threadCount: threadCount)
            // Of many rows only the best start is worth the passes of one thread.
            return rows.rowCount < sharedRowCount ? withTransfers(rows, start, threadCount) : start
        case .miniBatch(let batchSize):
            var batches = MiniBatches(rows: rows, centres: seeds, batchSize: batchSize)
            batches.run(limit: configuration.maximumIterationCount, using: &generator)
            return finished(rows, batches.centres, batches.batchCount, threadCount)
        }
    }

    private static func finished(
        _ rows: DenseMatrix, _ centres: DenseMatrix, _ iterationCount: Int, _ threadCount: Int
    ) -> Start {
        let nearest = NearestCentres(of: rows, to: centres, threadCount: threadCount)
        return Start(centres: centres, inertia: nearest.inertia, iterationCount: iterationCount)
    }

    private static func withTransfers(_ rows: DenseMatrix, _ start: Start, _ threadCount: Int) -> Start {
        let nearest = NearestCentres(of: rows, to: start.centres, threadCount: threadCount)
        var transfers = Transfers(rows: rows, nearest: nearest, centres: start.centres)
        transfers.run(limit: greatestTransferPassCount, leastGain: leastTransferGain)
        let improved = finished(rows, transfers.centres, start.iterationCount, threadCount)
        return improved.inertia < start.inertia ? improved : start
    }

    private static func model(
        _ rows: DenseMatrix, _ centres: DenseMatrix, _ iterationCount: Int, _ threadCount: Int
    ) -> KMeansModel {
        let nearest = NearestCentres(of: rows, to: centres, threadCount: threadCount)
        var sizes = [Int](repeating: 0, count: centres.rowCount)
        for label in nearest.labels { sizes[Int(label)] += 1 }
        return KMeansModel(
            centres: centres, labels: nearest.labels, inertia: nearest.inertia, sizes: sizes,
            iterationCount: iterationCount)
    }

    private static func standardOrder(_ model: KMeansModel) -> [Int] {
        let dimension = model.centres.columnCount
        return (0..<model.clusterCount).sorted { a, b in
            if model.sizes[a] != model.sizes[b] { return model.sizes[a] > model.sizes[b] }
            let first = model.centres.values[a * dimension..<(a + 1) * dimension]
            let second = model.centres.values[b * dimension..<(b + 1) * dimension]
            return first == second ? a < b : first.lexicographicallyPrecedes(second)
        }
    }
}

/// Mean and variance (divided by the row count) of each column, in Double; two passes.
package struct ColumnMoments: Sendable {
    package let means: [Double]
    package let variances: [Double]

    package init(_ rows: DenseMatrix) {
        let (height, width) = (rows.rowCount, rows.columnCount)
        var means = [Double](repeating: 0, count: width)
        var variances = means
        for row in 0..<height {
            for column in 0..<width { means[column] += Double(rows.values[row * width + column]) }
        }
        for column in 0..<width { means[column] /= Double(max(height, 1)) }
        for row in 0..<height {
            for column in 0..<width {
                let difference = Double(rows.values[row * width + column]) - means[column]
                variances[column] += difference * difference
            }
        }
        for column in 0..<width { variances[column] /= Double(max(height, 1)) }
        self.means = means
        self.variances = variances
    }
}
