package import LinearAlgebra

/// How compact and how far apart clusters are, from rows and labels alone; all sums in Double. Clusters without rows do
/// not count.
package struct ClusterSpread: Sendable {
    /// The sum of squared distances of the rows to their cluster's mean.
    package let inertia: Double
    /// Davies, Bouldin 1979, "A cluster separation measure": the mean over clusters of the greatest
    /// (s_i + s_j) / d_ij, with s the mean distance of a cluster's rows to its mean and d the distance of means. Less is
    /// better; 0 where there is one cluster. Clusters with one mean count as scikit-learn has it: infinitely alike is 0.
    package let daviesBouldin: Double
    /// Caliński, Harabasz 1974, "A dendrite method for cluster analysis": (B / (k - 1)) / (W / (n - k)), with B the spread
    /// of the means and W the inertia. Greater is better; 1 where W is 0 (as scikit-learn), NaN where k is 1 or n.
    package let calinskiHarabasz: Double

    package init(rows: DenseMatrix, labels: [Int32]) {
        precondition(labels.count == rows.rowCount)
        let width = rows.columnCount
        let means = ClusterMeans(rows: rows, labels: labels)
        let filled = means.sizes.indices.filter { means.sizes[$0] > 0 }
        var distances = [Double](repeating: 0, count: means.sizes.count)
        var inertia = 0.0
        for (row, label) in labels.enumerated() {
            let square = means.squaredDistance(rows, row, to: Int(label))
            inertia += square
            distances[Int(label)] += square.squareRoot()
        }
        self.inertia = inertia
        let scatter = filled.map { distances[$0] / Double(means.sizes[$0]) }
        let overall = ColumnMoments(rows).means
        var between = 0.0
        for cluster in filled {
            for column in 0..<width {
                let difference = means.values[cluster * width + column] - overall[column]
                between += Double(means.sizes[cluster]) * difference * difference
            }
        }
        let (k, n) = (Double(filled.count), Double(rows.rowCount))
        calinskiHarabasz = inertia == 0 ? 1 : between * (n - k) / (inertia * (k - 1))
        daviesBouldin = Self.daviesBouldin(filled, scatter, means, width)
    }

    private static func daviesBouldin(
        _ clusters: [Int], _ scatter: [Double], _ means: ClusterMeans, _ width: Int
    ) -> Double {
        var sum = 0.0
        for i in clusters.indices {
            var greatest = 0.0
            for j in clusters.indices where j != i {
                var square = 0.0
                for column in 0..<width {
                    let difference =
                        means.values[clusters[i] * width + column] - means.values[clusters[j] * width + column]
                    square += difference * difference
                }
                if square > 0 { greatest = max(greatest, (scatter[i] + scatter[j]) / square.squareRoot()) }
            }
            sum += greatest
        }
        return sum / Double(max(clusters.count, 1))
    }
}

/// The means of the rows of each cluster, in Double.
struct ClusterMeans {
    /// `[clusterCount x columnCount]`; zeros for a cluster without rows.
    let values: [Double]
    let sizes: [Int]
    private let width: Int

    init(rows: DenseMatrix, labels: [Int32]) {
        let width = rows.columnCount
        let clusterCount = Int(labels.max() ?? -1) + 1
        var values = [Double](repeating: 0, count: clusterCount * width)
        var sizes = [Int](repeating: 0, count: clusterCount)
        for (row, label) in labels.enumerated() {
            sizes[Int(label)] += 1
            for column in 0..<width { values[Int(label) * width + column] += Double(rows.values[row * width + column]) }
        }
        for index in values.indices { values[index] /= Double(max(sizes[index / width], 1)) }
        self.values = values
        self.sizes = sizes
        self.width = width
    }

    /// As they are stored.
    var centres: DenseMatrix {
        DenseMatrix(rowCount: sizes.count, columnCount: width, values: values.map { Float($0) })
    }

    func squaredDistance(_ rows: DenseMatrix, _ row: Int, to cluster: Int) -> Double {
        var square = 0.0
        for column in 0..<width {
            let difference = Double(rows.values[row * width + column]) - values[cluster * width + column]
            square += difference * difference
        }
        return square
    }
}
