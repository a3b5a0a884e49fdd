/// How a period's visits differ from those of the first period.
package struct VisitDrift: Sendable {
    package let periodName: String
    package let visitCount: Int
    /// The population stability index of each feature, over deciles of the first period.
    package let stabilityIndexes: [Double]
    /// Visits in each cluster.
    package let mix: [Int]
    /// Of the mix of clusters, in bits.
    package let mixDivergence: Double
    package let mixStabilityIndex: Double
    package let conversion: Proportion?
    /// How the mix, and each feature, is to be read, given how many visits there are.
    package let mixLevel: DistributionDrift.Level
    package let featureLevels: [DistributionDrift.Level]

    static func measure(_ table: VisitTable, _ clustering: KMeansModel) -> [VisitDrift] {
        var visits = [[Int]](repeating: [], count: table.periodNames.count)
        for (visit, period) in table.periods.enumerated() where !table.periodNames.isEmpty {
            visits[Int(period)].append(visit)
        }
        guard let first = visits.first else { return [] }
        func mix(_ visits: [Int]) -> [Int] {
            var counts = [Int](repeating: 0, count: clustering.clusterCount)
            for visit in visits { counts[Int(clustering.labels[visit])] += 1 }
            return counts
        }
        let bounds = table.features.map { feature in
            DistributionDrift.quantileBounds(first.map { feature.values[$0] })
        }
        func counts(_ visits: [Int], _ feature: Int) -> [Int] {
            DistributionDrift.counts(visits.map { table.features[feature].values[$0] }, bounds: bounds[feature])
        }
        let reference = table.features.indices.map { counts(first, $0) }
        let referenceMix = mix(first)
        return zip(table.periodNames, visits).map { name, visits in
            let mix = mix(visits)
            let divergence = DistributionDrift.divergence(referenceMix, mix)
            let indexes = table.features.indices.map {
                DistributionDrift.stabilityIndex(reference[$0], counts(visits, $0))
            }
            func chance(_ binCount: Int) -> DistributionDrift.Chance {
                DistributionDrift.Chance(binCount: binCount, first.count, visits.count)
            }
            return VisitDrift(
                periodName: name, visitCount: visits.count, stabilityIndexes: indexes, mix: mix,
                mixDivergence: divergence,
                mixStabilityIndex: DistributionDrift.stabilityIndex(referenceMix, mix),
                conversion: table.isConverted.map { isConverted in
                    Proportion(count: visits.count { isConverted[$0] }, of: visits.count)
                }, mixLevel: chance(mix.count).level(divergence: divergence),
                featureLevels: indexes.enumerated().map { feature, index in
                    chance(bounds[feature].count + 1).level(stabilityIndex: index)
                })
        }
    }
}
