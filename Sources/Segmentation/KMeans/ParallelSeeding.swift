internal import LinearAlgebra
import SeededRandom

/// k-means|| (Bahmani, Moseley, Vattani, Kumar, Vassilvitskii 2012, "Scalable k-means++").
///
/// k-means++ passes over all rows once for every centre. Here five passes draw about 2k rows each, every row with a chance
/// in proportion to its squared distance; the candidates are weighted by the rows nearest to them and reduced to k centres
/// by k-means++. Worth it where k is large.
enum ParallelSeeding {
    /// The paper's section 5: five rounds, 2k rows a round.
    private static let roundCount = 5
    private static let oversampling = 2.0

    static func centres(
        of rows: DenseMatrix, count: Int, threadCount: Int, using generator: inout SplitMix64
    ) -> DenseMatrix {
        var chosen = [generator.nextIndex(below: rows.rowCount)]
        var nearest = NearestCentres(of: rows, to: rows.rows(chosen), threadCount: threadCount).squaredDistances
        for _ in 0..<roundCount {
            let sum = nearest.reduce(0, +)
            guard sum > 0 else { break }
            let factor = oversampling * Double(count) / sum
            let drawn = nearest.indices.filter { generator.nextUniform() < factor * nearest[$0] }
            guard !drawn.isEmpty else { continue }
            chosen += drawn
            let new = NearestCentres(of: rows, to: rows.rows(drawn), threadCount: threadCount).squaredDistances
            for row in nearest.indices { nearest[row] = min(nearest[row], new[row]) }
        }
        let candidates = rows.rows(chosen)
        guard candidates.rowCount >= count else {
            var seeding = CentreSeeding(rows: rows, threadCount: threadCount)
            return rows.rows(seeding.chooseRows(count, using: &generator))
        }
        var weights = [Double](repeating: 0, count: candidates.rowCount)
        for label in NearestCentres(of: rows, to: candidates, threadCount: threadCount).labels {
            weights[Int(label)] += 1
        }
        var seeding = CentreSeeding(rows: candidates, weights: weights, threadCount: threadCount)
        return candidates.rows(seeding.chooseRows(count, using: &generator))
    }
}
