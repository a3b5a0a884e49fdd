package import LinearAlgebra

/// What was lost when values of float64 were cut to float32, as far as clusters of them show it.
///
/// Values far from each other leave no digits to the differences between near ones: 1e9 and 1e9 + 1 are one float32. Within a
/// cluster the squared errors are compared with the squared distances to its mean, both of the float64 values: where the first are
/// no small part of the second, the clusters are those of the rounding.
package struct CutLoss: Sendable {
    /// The sum of squared errors within clusters by the inertia, 0 to about 1.
    package let share: Double
    /// Whether the errors are more than float64 itself leaves of sums and differences.
    private let isMaterial: Bool

    /// One in a hundred of a distance.
    private static let greatestShare = 1e-4
    /// Values that differ by less than this of themselves, 4,000 steps of float64, differ by how they were computed.
    private static let computed = 1e-12

    /// - Parameters:
    ///   - exact: the values, row after row.
    ///   - rows: the same less `origins`, cut.
    ///   - labels: per row its cluster.
    package init(exact: [Double], rows: DenseMatrix, origins: [Double], labels: [Int32]) {
        precondition(exact.count == rows.values.count && labels.count == rows.rowCount)
        let width = rows.columnCount
        let clusterCount = labels.reduce(0) { max($0, Int($1) + 1) }
        var sizes = [Double](repeating: 0, count: clusterCount)
        var means = [Double](repeating: 0, count: clusterCount * width)
        var errorMeans = means
        func values(_ index: Int) -> (distance: Double, error: Double) {
            let distance = exact[index] - origins[index % width]
            return (distance, distance - Double(rows.values[index]))
        }
        for label in labels { sizes[Int(label)] += 1 }
        for index in exact.indices {
            let cluster = Int(labels[index / width])
            let (distance, error) = values(index)
            means[cluster * width + index % width] += distance / sizes[cluster]
            errorMeans[cluster * width + index % width] += error / sizes[cluster]
        }
        var (inertia, loss, computed) = (0.0, 0.0, 0.0)
        for index in exact.indices {
            let place = Int(labels[index / width]) * width + index % width
            let (distance, error) = values(index)
            inertia += (distance - means[place]) * (distance - means[place])
            loss += (error - errorMeans[place]) * (error - errorMeans[place])
            computed += Self.computed * exact[index] * Self.computed * exact[index]
        }
        share = inertia > 0 ? loss / inertia : 0
        isMaterial = loss > computed
    }

    package func check() throws(SegmentationError) {
        guard isMaterial, share > Self.greatestShare else { return }
        let percent = max(1, Int((100 * share.squareRoot()).rounded()))
        throw SegmentationError(
            .badField, operation: "cluster values of float64",
            expected: "differences that float32 keeps beside the greatest",
            found: "that rounding makes about \(min(percent, 100)) % of the distances within clusters",
            remedy: "Leave rows out that lie far from all others, or scale the columns: a logarithm, or parts of the "
                + "rows by themselves.")
    }
}
