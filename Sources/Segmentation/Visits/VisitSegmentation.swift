package import LinearAlgebra

/// Visits clustered by their features, with what each cluster is like, how often it converts, and how the mix of clusters
/// and the features move from period to period.
package struct VisitSegmentation: Sendable {
    package let table: VisitTable
    package let scaling: ColumnScaling
    package let clustering: KMeansModel
    /// `[visitCount x featureCount]`
    package let scaledRows: DenseMatrix
    package let profiles: [VisitProfile]
    /// One per period, the first one, which is the reference, included; empty without periods.
    package let drift: [VisitDrift]

    /// `previous`: centres of an earlier build in its scaling, whose clusters keep their numbers.
    package init(
        _ table: VisitTable, _ configuration: KMeansConfiguration,
        previous: (scaling: ColumnScaling, centres: DenseMatrix)? = nil
    ) throws(SegmentationError) {
        let scaling = ColumnScaling(table.features)
        let rows = scaling.scaled(table.features)
        let clustering = try KMeans.fit(
            rows, configuration.fitting(rows),
            previous: previous.map { Self.centres($0.centres, from: $0.scaling, to: scaling) })
        self.table = table
        self.scaling = scaling
        self.clustering = clustering
        scaledRows = rows
        profiles = (0..<clustering.clusterCount).map { cluster in
            VisitProfile(
                table, visits: clustering.labels.indices.filter { Int(clustering.labels[$0]) == cluster },
                centre: (0..<table.features.count).map { Double(clustering.centres[cluster, $0]) })
        }
        drift = VisitDrift.measure(table, clustering)
    }

    /// An earlier build's centres in today's scale. A column whose kind of scale has changed goes by the value itself.
    private static func centres(
        _ centres: DenseMatrix, from old: ColumnScaling, to new: ColumnScaling
    ) -> DenseMatrix {
        precondition(centres.columnCount == old.columns.count && old.columns.count == new.columns.count)
        var moved = centres
        for row in 0..<centres.rowCount {
            for (column, (before, after)) in zip(old.columns, new.columns).enumerated() {
                moved[row, column] = bounded(after.scaled(before.value(ofScaled: Double(centres[row, column]))))
            }
        }
        return moved
    }
}
