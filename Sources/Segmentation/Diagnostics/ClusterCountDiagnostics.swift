package import LinearAlgebra

/// Clusterings with several cluster counts, and which count they speak for.
package struct ClusterCountDiagnostics: Sendable {
    package struct Row: Sendable {
        package let clusterCount: Int
        package let inertia: Double
        package let silhouette: Double
        package let daviesBouldin: Double
        package let calinskiHarabasz: Double
        package let gap: GapStatistic
    }

    package struct Recommendation: Sendable, Equatable {
        package let clusterCount: Int
        /// A sentence for each measure: what it prefers.
        package let reasons: [String]
    }

    package let rows: [Row]
    /// Rows of the data that the silhouettes were made from.
    package let silhouetteRowCount: Int
    package let recommendation: Recommendation

    /// Up to here the silhouette is exact: 10,000 rows are 10^8 distances.
    package static let greatestExactRowCount = 10_000

    /// `clusterCounts`: ascending, at least 2, not more than there are rows. `known`: clusterings made already.
    package init(
        rows data: DenseMatrix, clusterCounts: [Int], configuration: KMeansConfiguration, known: [KMeansModel] = []
    ) throws(SegmentationError) {
        var models: [KMeansModel] = []
        for count in clusterCounts {
            var one = configuration
            one.clusterCount = count
            if let model = known.first(where: { $0.clusterCount == count }) {
                models.append(model)
            } else {
                models.append(try KMeans.fit(data, one))
            }
        }
        let gaps = try GapStatistic.values(
            rows: data, clusterCounts: clusterCounts, inertias: models.map(\.inertia), configuration: configuration)
        silhouetteRowCount = min(data.rowCount, Self.greatestExactRowCount)
        rows = zip(models, gaps).map { model, gap in
            let spread = ClusterSpread(rows: data, labels: model.labels)
            let silhouette = Silhouette.sampledMean(
                rows: data, labels: model.labels, sampleSize: Self.greatestExactRowCount, seed: configuration.seed,
                threadCount: configuration.threadCount)
            return Row(
                clusterCount: model.clusterCount, inertia: model.inertia, silhouette: silhouette,
                daviesBouldin: spread.daviesBouldin, calinskiHarabasz: spread.calinskiHarabasz, gap: gap)
        }
        recommendation = Self.recommendation(rows)
    }

    /// The count that most of the five measures prefer; among equals that of the greater silhouette, then the lesser.
    static func recommendation(_ rows: [Row]) -> Recommendation {
        guard let first = rows.first else { return Recommendation(clusterCount: 1, reasons: []) }
        let silhouette = rows.dropFirst().reduce(first) { $1.silhouette > $0.silhouette ? $1 : $0 }
        let davies = rows.dropFirst().reduce(first) { $1.daviesBouldin < $0.daviesBouldin ? $1 : $0 }
        let calinski = rows.dropFirst().reduce(first) { $1.calinskiHarabasz > $0.calinskiHarabasz ? $1 : $0 }
        var votes = [silhouette.clusterCount, davies.clusterCount, calinski.clusterCount]
        var reasons = [
            "The silhouette is greatest at \(silhouette.clusterCount) clusters.",
            "Davies-Bouldin is least at \(davies.clusterCount) clusters.",
            "Calinski-Harabasz is greatest at \(calinski.clusterCount) clusters.",
        ]
        if let elbow = elbow(rows) {
            votes.append(elbow)
            reasons.append("The inertia's curve bends most at \(elbow) clusters.")
        } else {
            reasons.append("The inertia's curve has no elbow.")
        }
        if let gap = gapChoice(rows) {
            votes.append(gap)
            reasons.append("The gap statistic is first within one standard error of the next at \(gap) clusters.")
        } else {
            reasons.append("The gap statistic still grows at \(rows.last?.clusterCount ?? 0) clusters.")
        }
        let best = rows.dropFirst().reduce(first) { best, row in
            let (a, b) = (votes.count { $0 == best.clusterCount }, votes.count { $0 == row.clusterCount })
            return b > a || b == a && row.silhouette > best.silhouette ? row : best
        }
        let count = votes.count { $0 == best.clusterCount }
        reasons.insert("\(best.clusterCount) clusters: preferred by \(count) of \(votes.count) measures.", at: 0)
        return Recommendation(clusterCount: best.clusterCount, reasons: reasons)
    }

    /// The count whose inertia lies farthest below the straight line from the first to the last (Satopää et al. 2011,
    /// "Finding a 'kneedle' in a haystack"); nil for fewer than three counts or where none lies below.
    static func elbow(_ rows: [Row]) -> Int? {
        guard let first = rows.first, let last = rows.last, rows.count >= 3, first.inertia > last.inertia else {
            return nil
        }
        var best: (count: Int, depth: Double)?
        for row in rows.dropFirst().dropLast() {
            let x =
                Double(row.clusterCount - first.clusterCount) / Double(last.clusterCount - first.clusterCount)
            let y = (row.inertia - last.inertia) / (first.inertia - last.inertia)
            let depth = 1 - x - y
            if depth > best?.depth ?? 0 { best = (row.clusterCount, depth) }
        }
        return best?.count
    }

    /// The first count with gap(k) >= gap(k') - s(k'), k' the next; nil where there is none.
    static func gapChoice(_ rows: [Row]) -> Int? {
        zip(rows, rows.dropFirst()).first { $0.gap.gap >= $1.gap.gap - $1.gap.standardError }?.0.clusterCount
    }
}
