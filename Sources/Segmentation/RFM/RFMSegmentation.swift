package import LinearAlgebra

/// Customers segmented by recency, frequency and monetary value, twice: by k-means on scaled values, and into the ten
/// segments of `RFMSegment` by rule.
package struct RFMSegmentation: Sendable {
    package let table: RFMTable
    package let model: RFMModel
    /// Its clusters are the model's segments.
    package let clustering: KMeansModel
    /// `[customerCount x 3]`
    package let scaledRows: DenseMatrix
    /// Per customer, by rule.
    package let ruleSegments: [RFMSegment]
    /// One for each case of `RFMSegment`, in order; those without customers included.
    package let ruleProfiles: [SegmentProfile]

    /// Five clusters from ten starts with seed 42: what the system did that this one replaces. Three columns converge in
    /// milliseconds, so the iterations go on until no label changes.
    package static var standardConfiguration: KMeansConfiguration {
        var configuration = KMeansConfiguration(clusterCount: 5)
        configuration.tolerance = 0
        return configuration
    }

    /// `previous`: the model of an earlier build, whose segments keep their numbers.
    package init(
        _ table: RFMTable, _ configuration: KMeansConfiguration = standardConfiguration, previous: RFMModel? = nil
    ) throws(SegmentationError) {
        let scaling = RFMScaling(table)
        let rows = scaling.scaled(table)
        let clustering = try KMeans.fit(
            rows, configuration.fitting(rows), previous: previous.map { Self.centres(of: $0, in: scaling) })
        let scores = RFMScores(table)
        let segments = (0..<table.count).map { scores.segment(table[$0]) }
        self.table = table
        self.clustering = clustering
        scaledRows = rows
        ruleSegments = segments
        ruleProfiles = RFMSegment.allCases.map { segment in
            SegmentProfile(
                name: segment.rawValue, title: segment.title, table: table,
                customers: segments.indices.filter { segments[$0] == segment })
        }
        model = RFMModel(
            scaling: scaling, scores: scores, centres: clustering.centres,
            profiles: Self.profiles(table, clustering, scores), referenceTime: table.referenceTime)
    }

    /// An earlier model's centres in today's scale.
    private static func centres(of model: RFMModel, in scaling: RFMScaling) -> DenseMatrix {
        var centres = model.centres
        for index in centres.values.indices {
            let feature = index % 3
            let logarithm =
                Double(centres.values[index]) * model.scaling.deviations[feature] + model.scaling.means[feature]
            centres.values[index] = bounded((logarithm - scaling.means[feature]) / scaling.deviations[feature])
        }
        return centres
    }

    private static func profiles(
        _ table: RFMTable, _ clustering: KMeansModel, _ scores: RFMScores
    ) -> [SegmentProfile] {
        var members = [[Int]](repeating: [], count: clustering.clusterCount)
        for (customer, label) in clustering.labels.enumerated() { members[Int(label)].append(customer) }
        let names = SegmentNaming.segments(
            members.map { customers in
                SegmentNaming.MeanScores(customers.map { table[$0] }, scores)
            })
        return zip(names, members).map { name, customers in
            SegmentProfile(name: name.name, title: name.title, table: table, customers: customers)
        }
    }
}
