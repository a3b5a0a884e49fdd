import Embeddings
import Interactions
import LinearAlgebra
import Recommenders

// What items are, as neighbour lists and as vectors.
//
//     similarity(i, j) = cos(t_i, t_j) · d_i · d_j        d = |t| / sqrt(|t|² + (median|t| / 2)²)
//
// t is an item's TF-IDF row. The damping d keeps an item of which only a genre is known from being "identical" to a
// thousand others. Neighbours come from the sparse rows themselves: the same cosines over truncated SVD lose a third of
// the hits on gift, beauty and article data (decision 0004). The SVD's vectors go into the index for everything that
// needs a vector.

/// Trains the content component.
struct ContentTraining {
    let configuration: BuildConfiguration

    struct Trained {
        /// `[itemCount x itemCount]`: row = an item somebody has, column = an item to recommend, which keeps its strongest
        /// sources.
        var neighbours: SparseMatrix
        /// `[itemCount x termCount]`: the rows whose products the similarities are; nil where the vectors came from elsewhere.
        var features: SparseMatrix?
        /// `[itemCount x dimension]`, unit rows, zero rows for items without content.
        var vectors: DenseMatrix
    }

    /// Multiplications that the sparse neighbours may cost: about a minute on two cores. Beyond it the most common words,
    /// which say least, are left out of the comparison.
    private static let workLimit = 20_000_000_000

    /// - Parameter isWarm: per item whether anybody has it. Others are in nobody's history: they take no place among the
    ///   strongest sources of a target, but as what a visitor looks at just now they lead to the items like them.
    func train(_ items: [Item], vectors: ItemVectors?, isWarm: [Bool]) throws(BuildError) -> Trained {
        if let vectors { return fromVectors(vectors.aligned(to: items.map(\.id)).vectors, isWarm: isWarm) }
        let embedding = ItemEmbedder.Configuration(
            dimension: configuration.embeddingDimension, seed: configuration.seed)
        let tfidf = ItemEmbedder.tfidf(of: items, configuration: embedding)
        let dense: DenseMatrix
        do {
            dense = try ItemEmbedder.vectors(
                of: tfidf, configuration: embedding, threadCount: configuration.threadCount)
        } catch {
            throw BuildError(
                operation: "embed the items", expected: "a decomposition of their words", found: "\(error)",
                remedy: "Give item vectors with --vectors, or fewer dimensions with --dimension.")
        }
        let (neighbours, features) = neighbours(tfidf, isWarm: isWarm)
        return Trained(neighbours: neighbours, features: features, vectors: dense)
    }

    private func fromVectors(_ vectors: DenseMatrix, isWarm: [Bool]) -> Trained {
        var sources = vectors
        for row in 0..<sources.rowCount where !isWarm[row] {
            for column in 0..<sources.columnCount { sources[row, column] = 0 }
        }
        let targets = ContentNeighbours.train(
            vectors, among: sources, neighbourCount: configuration.contentNeighbourCount,
            threadCount: configuration.threadCount)
        return Trained(neighbours: Self.bySource(targets, isWarm: isWarm), features: nil, vectors: vectors)
    }

    /// Rows of sources from rows of targets. The similarity is symmetric, so a cold item's row as a target serves as its
    /// row as a source.
    private static func bySource(_ targets: SparseMatrix, isWarm: [Bool]) -> SparseMatrix {
        targets.transposed().replacingRows(by: targets) { !isWarm[$0] }
    }

    private func neighbours(_ tfidf: TfidfMatrix, isWarm: [Bool]) -> (neighbours: SparseMatrix, features: SparseMatrix)
    {
        let rows = tfidf.rows.keeping(columns: affordableTerms(tfidf.rows)) { _ in true }
        let sources = rows.keeping(columns: Array(repeating: true, count: rows.columnCount)) { isWarm[$0] }
        let damping = Self.damping(tfidf.lengths)
        let targets = CosineNeighbours.strongest(
            rows: rows, features: sources.transposed(), neighbourCount: configuration.contentNeighbourCount,
            shrinkage: 0, itemFactors: damping, threadCount: configuration.threadCount)
        return (Self.bySource(targets, isWarm: isWarm), rows.withRows(ofLength: damping))
    }

    /// d per item: see the note at the top.
    private static func damping(_ lengths: [Float]) -> [Double] {
        let present = lengths.filter { $0 > 0 }.sorted()
        guard !present.isEmpty else { return lengths.map { _ in 1 } }
        let half = Double(present[present.count / 2]) / 2
        return lengths.map { length in
            let length = Double(length)
            return length > 0 ? length / (length * length + half * half).squareRoot() : 0
        }
    }

    /// The terms whose comparison fits the limit, rare ones first.
    private func affordableTerms(_ rows: SparseMatrix) -> [Bool] {
        var frequencies = [Int](repeating: 0, count: rows.columnCount)
        for term in rows.columnIndexes { frequencies[Int(term)] += 1 }
        var affordable = [Bool](repeating: false, count: rows.columnCount)
        var work = 0
        for term in frequencies.indices.sorted(by: { (frequencies[$0], $0) < (frequencies[$1], $1) }) {
            work += frequencies[term] * frequencies[term]
            if work > Self.workLimit { break }
            affordable[term] = true
        }
        return affordable
    }
}

extension SparseMatrix {
    /// Every row scaled to a length; empty rows stay empty.
    fileprivate func withRows(ofLength lengths: [Double]) -> SparseMatrix {
        var scaled = values
        for row in 0..<rowCount {
            let squares = range(ofRow: row).reduce(0.0) { $0 + Double(values[$1]) * Double(values[$1]) }
            guard squares > 0 else { continue }
            let factor = Float(lengths[row] / squares.squareRoot())
            for position in range(ofRow: row) { scaled[position] *= factor }
        }
        return SparseMatrix(
            rowCount: rowCount, columnCount: columnCount, rowOffsets: rowOffsets, columnIndexes: columnIndexes,
            values: scaled)
    }

    /// The rows for which `isReplaced` holds from `other`, the rest from this matrix of the same shape.
    fileprivate func replacingRows(by other: SparseMatrix, where isReplaced: (Int) -> Bool) -> SparseMatrix {
        var offsets = [0]
        var columns: [Int32] = []
        var merged: [Float] = []
        let count = (0..<rowCount).reduce(0) { $0 + (isReplaced($1) ? other : self).range(ofRow: $1).count }
        columns.reserveCapacity(count)
        merged.reserveCapacity(count)
        for row in 0..<rowCount {
            let source = isReplaced(row) ? other : self
            columns += source.columnIndexes[source.range(ofRow: row)]
            merged += source.values[source.range(ofRow: row)]
            offsets.append(columns.count)
        }
        return SparseMatrix(
            rowCount: rowCount, columnCount: columnCount, rowOffsets: offsets, columnIndexes: columns, values: merged)
    }

    /// The same shape with the values of other columns and rows left out.
    fileprivate func keeping(columns isKept: [Bool], rows: (Int) -> Bool) -> SparseMatrix {
        var offsets = [0]
        var keptColumns: [Int32] = []
        var keptValues: [Float] = []
        for row in 0..<rowCount {
            if rows(row) {
                for position in range(ofRow: row) where isKept[Int(columnIndexes[position])] {
                    keptColumns.append(columnIndexes[position])
                    keptValues.append(values[position])
                }
            }
            offsets.append(keptColumns.count)
        }
        return SparseMatrix(
            rowCount: rowCount, columnCount: columnCount, rowOffsets: offsets, columnIndexes: keptColumns,
            values: keptValues)
    }
}
