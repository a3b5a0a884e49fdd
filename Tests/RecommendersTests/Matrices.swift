import LinearAlgebra
import Recommenders
import SeededRandom

/// A sparse matrix from its dense rows; zeros are not stored.
func sparse(_ rows: [[Float]], columnCount: Int) -> SparseMatrix {
    var (offsets, columns, values): ([Int], [Int32], [Float]) = ([0], [], [])
    for row in rows {
        for (column, value) in row.enumerated() where value != 0 {
            columns.append(Int32(column))
            values.append(value)
        }
        offsets.append(columns.count)
    }
    return SparseMatrix(
        rowCount: rows.count, columnCount: columnCount, rowOffsets: offsets, columnIndexes: columns, values: values)
}

func denseRows(_ matrix: SparseMatrix) -> [[Float]] {
    (0..<matrix.rowCount).map { row in
        var values = [Float](repeating: 0, count: matrix.columnCount)
        for entry in matrix.range(ofRow: row) { values[Int(matrix.columnIndexes[entry])] = matrix.values[entry] }
        return values
    }
}

/// Random interactions with weights 1 to 4, and some dislikes where asked for.
func randomInteractions(
    _ userCount: Int, _ itemCount: Int, density: Double, dislikes: Bool = false, seed: UInt64
) -> [[Float]] {
    var generator = SplitMix64(seed: seed)
    return (0..<userCount).map { _ in
        (0..<itemCount).map { _ in
            guard generator.nextUniform() < density else { return 0 }
            let weight = Float(1 + generator.nextIndex(below: 4))
            return dislikes && generator.nextUniform() < 0.2 ? -weight : weight
        }
    }
}

/// Candidates of a history, best first.
func recommendations(
    _ neighbours: SparseMatrix, history: [WeightedRow], count: Int, excludingHistory: Bool = true
) -> [ScoredIndex] {
    var scoring = NeighbourScoring(itemCount: neighbours.columnCount)
    unsafe neighbours.withView { view in unsafe scoring.score(history, neighbours: view) }
    var selector = TopKSelector(capacity: count)
    var isExcluded = [Bool](repeating: false, count: neighbours.columnCount)
    if excludingHistory { for entry in history { isExcluded[Int(entry.row)] = true } }
    for position in 0..<scoring.candidateCount {
        let candidate = scoring.candidate(at: position)
        if isExcluded[Int(candidate.index)] { continue }
        selector.offer(candidate.index, score: candidate.score)
    }
    var result: [ScoredIndex] = []
    selector.drain(into: &result)
    return result
}
