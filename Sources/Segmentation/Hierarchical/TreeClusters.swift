package import LinearAlgebra

/// The clusters that the tree of a hierarchical clustering is cut into.
package struct TreeClusters: Sendable, Equatable {
    /// Per row its cluster.
    package let labels: [Int32]
    /// `[clusterCount x dimension]`: the means of the clusters' rows.
    package let centres: DenseMatrix
    package let sizes: [Int]

    /// By descending size, or, where `previous` centres are given, in the order that matches those (see `CentreMatching`).
    ///
    /// - Parameters:
    ///   - rows: those that the tree was made from.
    ///   - count: more clusters than rows leave each row on its own.
    package init(cutting tree: Dendrogram, of rows: DenseMatrix, count: Int, previous: DenseMatrix? = nil) {
        precondition(tree.rowCount == rows.rowCount)
        var labels = tree.labels(clusterCount: count)
        var means = ClusterMeans(rows: rows, labels: labels)
        if let previous {
            let order = CentreMatching.order(of: means.centres, matching: previous)
            var numbers = [Int32](repeating: 0, count: order.count)
            for (new, old) in order.enumerated() { numbers[old] = Int32(new) }
            labels = labels.map { numbers[Int($0)] }
            means = ClusterMeans(rows: rows, labels: labels)
        }
        self.labels = labels
        centres = means.centres
        sizes = means.sizes
    }
}
