internal import LinearAlgebra
import SeededRandom

// Where Lloyd's iterations over many rows begin (Bradley, Fayyad 1998, "Refining initial points for k-means clustering"):
//
//     a sample of the rows ▶ four whole clusterings of it for each start that is asked for ▶ centres of the three best
//
// A sample shows the large clusters, and a clustering of it costs less than one iteration over a million rows; so more starts
// are tried, and iterations over all rows begin where few are left to be made. What is rare and far away a sample does not show:
// so one start in five is made on all rows, where k-means++ finds it.

struct SampledStarts {
    private static let leastRowCount = 32_767
    /// A cluster of average size has so many rows of the sample.
    private static let rowsPerCluster = 200
    /// Of fewer rows for each of the sample, starts on all of them are as quick.
    private static let rowsPerSampledRow = 4
    static let clusteringsPerStart = 4
    /// Clusterings that go on with all rows.
    static let keptCount = 3
    /// Starts asked for, for each that is made on all rows.
    static let startsPerFullStart = 5
    /// Clusterings whose inertias differ by less, in parts of them, are taken for the same.
    private static let sameInertia = 1e-4

    let sample: DenseMatrix

    /// Nil where the rows are not worth a sample.
    init?(of rows: DenseMatrix, _ configuration: KMeansConfiguration) {
        let size = max(Self.leastRowCount, Self.rowsPerCluster * configuration.clusterCount)
        guard size * Self.rowsPerSampledRow <= rows.rowCount else { return nil }
        var generator = SplitMix64(seed: SplitMix64.mix(configuration.seed))
        // Every row has the chance (wanted still) / (rows still), which gives `size` different rows in their order.
        var chosen: [Int] = []
        chosen.reserveCapacity(size)
        for row in 0..<rows.rowCount
        where generator.nextIndex(below: rows.rowCount - row) < size - chosen.count { chosen.append(row) }
        sample = rows.rows(chosen)
    }

    /// The best of the clusterings that differ, at most as many as are worth going on with and as starts were asked for.
    static func kept(
        _ clusterings: [(centres: DenseMatrix, inertia: Double)], _ configuration: KMeansConfiguration
    ) -> [DenseMatrix] {
        var kept: [(centres: DenseMatrix, inertia: Double)] = []
        for place in clusterings.indices.sorted(by: { (clusterings[$0].inertia, $0) < (clusterings[$1].inertia, $1) }) {
            let next = clusterings[place]
            guard kept.count < min(keptCount, configuration.initialisationCount) else { break }
            if let last = kept.last, next.inertia <= last.inertia * (1 + sameInertia) { continue }
            kept.append(next)
        }
        return kept.map(\.centres)
    }
}
