package import LinearAlgebra

/// The outcome of k-means.
package struct KMeansModel: Sendable, Equatable {
    /// `[clusterCount x dimension]`.
    package let centres: DenseMatrix
    /// Per row its cluster: that of the nearest centre, the lowest among equally near ones.
    package let labels: [Int32]
    /// The sum of the rows' squared distances to their centres.
    package let inertia: Double
    /// Rows in each cluster. Zero only where the data has fewer different rows than clusters.
    package let sizes: [Int]
    package let iterationCount: Int

    package var clusterCount: Int { centres.rowCount }

    /// The same clusters in another order: cluster `order[c]` becomes cluster `c`.
    package func reordered(_ order: [Int]) -> KMeansModel {
        precondition(order.sorted() == Array(0..<clusterCount))
        let dimension = centres.columnCount
        var newLabels = [Int32](repeating: 0, count: clusterCount)
        for (new, old) in order.enumerated() { newLabels[old] = Int32(new) }
        return KMeansModel(
            centres: DenseMatrix(
                rowCount: clusterCount, columnCount: dimension,
                values: order.flatMap { centres.values[$0 * dimension..<($0 + 1) * dimension] }),
            labels: labels.map { newLabels[Int($0)] }, inertia: inertia, sizes: order.map { sizes[$0] },
            iterationCount: iterationCount)
    }
}
