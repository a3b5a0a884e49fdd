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
        let clusters = TreeClusters(cutting: tree, of: queries, count: configuration.clusterCount)
        return try KMeans.refine(queries, from: clusters.centres, configuration)
    }
}
