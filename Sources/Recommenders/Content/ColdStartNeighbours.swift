package import LinearAlgebra

// Collaborative neighbour lists for items that nobody has yet, predicted from their content by ridge regression.
//
// A collaborative model is a matrix B; column j says what leads to item j. For a cold item c the column is a linear map of
// its content, fitted to the columns of warm items. In its dual form (kernel ridge regression) the map needs no matrix of
// the size of the vocabulary, and fitted to the k warm items N most like c alone it needs no matrix of the size of the
// catalogue either:
//
//     w = (K_NN + l I)^-1 k_Nc         K = F F', F the content features [items x features]
//     B_c = s_c * sum over j in N of w_j B_j
//
// Ridge regression shrinks what it predicts, most where little is alike. s_c gives the length back: a predicted column is as
// long as the median of the warm ones, times `strength`.
//
// Cost of a cold item: k^2 / 2 products of feature rows, k^3 / 3 for the system, k columns of B: about 0.1 ms for k = 30.
// Memory: for each thread one value per item and per feature, beside the result. Decision 0014 has the figures.

/// Lets new items compete by predicted collaborative evidence.
package enum ColdStartNeighbours {
    /// On a validation split of articles 100 neighbours find new items no better, at seven times the work.
    package static let neighbourCount = 30
    /// l, for feature rows of about unit length.
    package static let ridge: Float = 1

    /// `collaborative` `[itemCount x itemCount]` (row: an item somebody has, column: an item to recommend) with columns for
    /// cold items; those of the warm ones stay as they are.
    ///
    /// - Parameters:
    ///   - features: `[itemCount x featureCount]`, rows no longer than about 1.
    ///   - similarities: `[itemCount x itemCount]`; the row of a cold item holds its products with the warm items like it.
    ///   - strength: 0 leaves `collaborative` as it is.
    ///   - keptPerTarget: how many values of a predicted column are kept, by magnitude (ties: the lower row).
    package static func extending(
        _ collaborative: SparseMatrix, features: SparseMatrix, similarities: SparseMatrix, isWarm: [Bool],
        strength: Double, keptPerTarget: Int, threadCount: Int
    ) -> SparseMatrix {
        let itemCount = collaborative.rowCount
        precondition(collaborative.columnCount == itemCount)
        return extending(
            rows: collaborative.transposed(), features: features, similarities: similarities, isWarm: isWarm,
            strength: strength, kept: keptPerTarget, threadCount: threadCount
        ).transposed()
    }

    /// The same for a model that is not a square matrix: `rows` `[itemCount x any]`, whose row j says how item j is
    /// recommended, with rows for cold items.
    package static func extending(
        rows targets: SparseMatrix, features: SparseMatrix, similarities: SparseMatrix, isWarm: [Bool],
        strength: Double, kept: Int, threadCount: Int
    ) -> SparseMatrix {
        let itemCount = targets.rowCount
        precondition(features.rowCount == itemCount && similarities.rowCount == itemCount && isWarm.count == itemCount)
        precondition(strength >= 0 && strength.isFinite && kept >= 0)
        let cold = (0..<itemCount).filter { !isWarm[$0] && !similarities.range(ofRow: $0).isEmpty }
        guard !cold.isEmpty, targets.storedCount > 0, strength > 0 else { return targets }
        let workers = (0..<max(threadCount, 1)).map { _ in
            PredictionWorker(targets: targets, features: features, similarities: similarities, kept: kept)
        }
        let predicted = unsafe SparseMatrix.assembling(
            rowCount: cold.count, columnCount: targets.columnCount, rowCapacity: kept, threadCount: threadCount
        ) { row, output, worker in unsafe workers[worker].predict(cold[row], into: output) }
        guard predicted.storedCount > 0 else { return targets }
        let lengths = targets.rowLengths.filter { $0 > 0 }.sorted()
        let median = lengths.isEmpty ? 0 : lengths[lengths.count / 2]
        return targets.replacing(rows: cold, by: predicted, ofLength: strength * median)
    }
}

/// One thread's workspace.
private final class PredictionWorker {
    private let targets: SparseMatrix
    private let features: SparseMatrix
    private let similarities: SparseMatrix
    /// One feature row, spread out; zero between uses.
    private var spread: [Float]
    /// Per column the predicted value; zero between uses.
    private var sums: [Float]
    private var isTouched: [Bool]
    private var touched: [Int32] = []
    private var gram: [Float] = []
    private var weights: [Float] = []
    private var nearest: TopKSelector
    private var strongest: TopKSelector

    init(targets: SparseMatrix, features: SparseMatrix, similarities: SparseMatrix, kept: Int) {
        self.targets = targets
        self.features = features
        self.similarities = similarities
        spread = Array(repeating: 0, count: features.columnCount)
        sums = Array(repeating: 0, count: targets.columnCount)
        isTouched = Array(repeating: false, count: targets.columnCount)
        nearest = TopKSelector(capacity: ColdStartNeighbours.neighbourCount)
        strongest = TopKSelector(capacity: min(kept, targets.columnCount))
    }

    /// Writes the predicted column of `item` as a row; nothing where its system has no solution.
    func predict(_ item: Int, into output: SparseMatrix.RowOutput) -> Int {
        nearest.reset(k: ColdStartNeighbours.neighbourCount, floor: 0)
        for entry in similarities.range(ofRow: item) {
            nearest.offer(similarities.columnIndexes[entry], score: similarities.values[entry])
        }
        var neighbours: [ScoredIndex] = []
        nearest.drain(into: &neighbours)
        guard solve(neighbours) else { return 0 }
        for (position, neighbour) in neighbours.enumerated() {
            add(Int(neighbour.index), weight: weights[position])
        }
        return unsafe select(into: output)
    }

    private func solve(_ neighbours: [ScoredIndex]) -> Bool {
        let order = neighbours.count
        weights = neighbours.map(\.score)
        gram = Array(repeating: 0, count: order * order)
        for row in 0..<order {
            let own = features.range(ofRow: Int(neighbours[row].index))
            for entry in own { spread[Int(features.columnIndexes[entry])] = features.values[entry] }
            for column in row..<order {
                var product: Float = 0
                for entry in features.range(ofRow: Int(neighbours[column].index)) {
                    product += features.values[entry] * spread[Int(features.columnIndexes[entry])]
                }
                gram[row * order + column] = product
            }
            gram[row * order + row] += ColdStartNeighbours.ridge
            for entry in own { spread[Int(features.columnIndexes[entry])] = 0 }
        }
        return unsafe gram.withUnsafeMutableBufferPointer { gram in
            unsafe weights.withUnsafeMutableBufferPointer { weights in
                guard let gram = gram.baseAddress, let weights = weights.baseAddress else { return false }
                return unsafe SymmetricSolve.solve(gram, order: order, into: weights)
            }
        }
    }

    private func add(_ neighbour: Int, weight: Float) {
        for entry in targets.range(ofRow: neighbour) {
            let source = targets.columnIndexes[entry]
            if !isTouched[Int(source)] {
                isTouched[Int(source)] = true
                touched.append(source)
            }
            sums[Int(source)] += weight * targets.values[entry]
        }
    }

    private func select(into output: SparseMatrix.RowOutput) -> Int {
        unsafe strongest.reset(k: output.capacity, floor: 0)
        for source in touched { strongest.offer(source, score: sums[Int(source)].magnitude) }
        let count = unsafe strongest.drain(into: output)
        for position in 0..<count { unsafe output.values[position] = sums[Int(output.columns[position])] }
        for source in touched {
            sums[Int(source)] = 0
            isTouched[Int(source)] = false
        }
        touched.removeAll(keepingCapacity: true)
        return count
    }
}

extension SparseMatrix {
    /// With `rows` (ascending) replaced by those of `other`, one after the other, each brought to one length.
    fileprivate func replacing(rows: [Int], by other: SparseMatrix, ofLength length: Double) -> SparseMatrix {
        var (offsets, columns, merged): ([Int], [Int32], [Float]) = ([0], [], [])
        columns.reserveCapacity(storedCount + other.storedCount)
        merged.reserveCapacity(storedCount + other.storedCount)
        let otherLengths = other.rowLengths
        var next = 0
        for row in 0..<rowCount {
            if next < rows.count && rows[next] == row {
                let range = other.range(ofRow: next)
                columns += other.columnIndexes[range]
                let scale = otherLengths[next] > 0 ? length / otherLengths[next] : 0
                merged += other.values[range].map { Float(Double($0) * scale) }
                next += 1
            } else {
                columns += columnIndexes[range(ofRow: row)]
                merged += values[range(ofRow: row)]
            }
            offsets.append(columns.count)
        }
        return SparseMatrix(
            rowCount: rowCount, columnCount: columnCount, rowOffsets: offsets, columnIndexes: columns, values: merged)
    }
}
