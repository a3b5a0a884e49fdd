package import LinearAlgebra

/// How k-means is run.
package struct KMeansConfiguration: Sendable {
    package enum Method: Sendable, Equatable {
        /// Lloyd's iterations over all rows.
        case lloyd
        /// Iterations over random rows, `batchSize` at a time, then one pass over all: for data too large for `lloyd`.
        /// Its inertia is a few percent higher.
        case miniBatch(batchSize: Int)
    }

    package enum Seeding: Sendable {
        /// k-means++ with several candidates a step (see `CentreSeeding`).
        case plusPlus
        /// k-means|| : five passes over the rows, whatever the cluster count (see `ParallelSeeding`).
        case parallel
    }

    package var clusterCount: Int
    package var method = Method.lloyd
    package var seeding = Seeding.plusPlus
    /// Independent starts, of which the one of least inertia is kept; ties go to the earliest.
    package var initialisationCount = 10
    package var seed: UInt64 = 42
    /// As scikit-learn: far more than data needs that converges at all.
    package var maximumIterationCount = 300
    /// Iterations end when the centres' squared shifts sum to no more than this times the mean variance of the columns.
    /// 1e-4 is scikit-learn's; 0 goes on until no label changes.
    package var tolerance = 1e-4
    /// The result does not depend on it.
    package var threadCount = 1

    package init(clusterCount: Int) { self.clusterCount = clusterCount }

    /// The same for rows of which there may be fewer different ones than clusters are asked for: each of these is a cluster then,
    /// where the others would be empty. O(rows) at most.
    package func fitting(_ rows: DenseMatrix) -> KMeansConfiguration {
        guard clusterCount > 1 else { return self }
        var fitting = self
        fitting.clusterCount = max(1, rows.distinctRowCount(limit: clusterCount))
        return fitting
    }
}
