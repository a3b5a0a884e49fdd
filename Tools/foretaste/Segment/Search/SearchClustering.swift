import LinearAlgebra
import Segmentation

/// How queries become clusters. All three end in k-means; they differ in where it begins:
///
/// - as many labels as clusters: from the labels, so that each cluster is about one of them (seeded k-means; Basu,
///   Banerjee, Mooney 2002, "Semi-supervised clustering by seeding");
/// - few enough queries: from the means of Ward's clusters, which find many small clusters better than random starts do
///   (77 intents of 3,080 queries: see decision 0019);
/// - else from the best of several random starts.
enum SearchClustering {
    /// Ward's distances take 200 MB here and seconds to work through.
    private static let wardLimit = 10_000

    /// - Parameter labelCount: how many labels there are to give.
    static func fit(
        _ vectors: SearchVectors, _ configuration: KMeansConfiguration, labelCount: Int
    ) throws -> KMeansModel {
        let queries = vectors.queries
        if labelCount == configuration.clusterCount {
            return try KMeans.refine(queries, from: vectors.labels, configuration)
        }
        guard queries.rowCount <= wardLimit, queries.rowCount > configuration.clusterCount else {
            return try KMeans.fit(queries, configuration)
        }
        let tree = try HierarchicalClustering.fit(queries, linkage: .ward, threadCount: configuration.threadCount)
        let labels = tree.labels(clusterCount: configuration.clusterCount)
        return try KMeans.refine(
            queries, from: means(queries, labels, count: configuration.clusterCount), configuration)
    }

    private static func means(_ rows: DenseMatrix, _ labels: [Int32], count: Int) -> DenseMatrix {
        var sums = [Double](repeating: 0, count: count * rows.columnCount)
        var sizes = [Int](repeating: 0, count: count)
        for row in 0..<rows.rowCount {
            let label = Int(labels[row])
            sizes[label] += 1
            for column in 0..<rows.columnCount {
                sums[label * rows.columnCount + column] += Double(rows[row, column])
            }
        }
        return DenseMatrix(
            rowCount: count, columnCount: rows.columnCount,
            values: sums.indices.map { Float(sums[$0] / Double(max(sizes[$0 / rows.columnCount], 1))) })
    }
}
