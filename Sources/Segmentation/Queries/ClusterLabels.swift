package import LinearAlgebra

/// Which label of a list means most what a cluster means.
package enum ClusterLabels {
    /// Each cluster gets a label, and no label is given twice while there are enough: the assignment with the greatest sum of
    /// cosines (Kuhn 1955). Clusters that are left over take their nearest label. Indexes of the labels, one a cluster.
    ///
    /// - Parameters:
    ///   - centres: `[clusterCount x dimension]`
    ///   - labels: `[labelCount x dimension]`, at least one.
    package static func nearest(centres: DenseMatrix, labels: DenseMatrix) -> [Int] {
        precondition(centres.columnCount == labels.columnCount && labels.rowCount > 0)
        let cosines = cosines(centres: centres, labels: labels)
        let nearest = cosines.map { row in row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 } }
        guard labels.rowCount >= centres.rowCount, !cosines.isEmpty else { return nearest }
        // As many rows as columns: clusters that nobody has take the labels that are left, at the same cost.
        let square =
            cosines.map { $0.map { 1 - $0 } }
            + Array(repeating: Array(repeating: 0, count: labels.rowCount), count: labels.rowCount - centres.rowCount)
        return Array(CentreMatching.partners(square).prefix(centres.rowCount))
    }

    /// `[cluster][label]`; 0 where either vector is zero.
    package static func cosines(centres: DenseMatrix, labels: DenseMatrix) -> [[Double]] {
        (0..<centres.rowCount).map { cluster in
            (0..<labels.rowCount).map { cosine(centres, cluster, labels, $0) }
        }
    }

    private static func cosine(_ a: DenseMatrix, _ row: Int, _ b: DenseMatrix, _ other: Int) -> Double {
        var (product, left, right) = (0.0, 0.0, 0.0)
        for column in 0..<a.columnCount {
            let (x, y) = (Double(a[row, column]), Double(b[other, column]))
            product += x * y
            left += x * x
            right += y * y
        }
        return left > 0 && right > 0 ? product / (left * right).squareRoot() : 0
    }
}
