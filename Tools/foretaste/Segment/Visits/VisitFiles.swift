import CommandLineInterface
import Embeddings
import Interactions
import LinearAlgebra
import Segmentation

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The directory that `foretaste segment visits` writes.
struct VisitDirectory {
    let path: String

    private static let reportName = "model_report.json"
    static let fileNames = [
        "session_clusters.csv", "cluster_centers.csv", "k_diagnostics.csv", "drift.csv", "report.html", reportName,
    ]

    func write(_ result: VisitResult) throws {
        try OutputDirectory(path: path).write([
            ("session_clusters.csv", VisitTables.clusters(result.segmentation)),
            ("cluster_centers.csv", VisitTables.centres(result.segmentation)),
            ("k_diagnostics.csv", SegmentDiagnosticsFile.csv(result.diagnostics)),
            ("drift.csv", VisitTables.drift(result.segmentation)), ("report.html", VisitReportPage(result).html),
            (Self.reportName, VisitModelFile.json(result).indented + "\n"),
        ])
    }

    /// The centres of the report that the directory holds; nil where there is none, or one of other features.
    func previousCentres(features: [String]) throws -> (scaling: ColumnScaling, centres: DenseMatrix)? {
        let file = "\(path)/\(Self.reportName)"
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        do {
            let content = try JSONDecoder().decode(
                VisitModelFile.Content.self, from: Data(contentsOf: URL(filePath: file)))
            return content.features.map(\.name) == features ? content.model : nil
        } catch {
            throw RunFailure(
                description:
                    "\(file) is not a report of 'foretaste segment visits': \(FileReading.reason(error)) Write it again with --fresh."
            )
        }
    }
}

/// The CSV files.
enum VisitTables {
    static func clusters(_ result: VisitSegmentation) -> String {
        var text = "visit_id,cluster,period,converted," + header(result) + "\n"
        for visit in 0..<result.table.count {
            text += CSVField.text(result.table.ids[visit]) + ",\(result.clustering.labels[visit]),"
            if !result.table.periodNames.isEmpty {
                text += CSVField.text(result.table.periodNames[Int(result.table.periods[visit])])
            }
            text += "," + (result.table.isConverted.map { $0[visit] ? "1" : "0" } ?? "")
            for feature in result.table.features { text += ",\(feature.values[visit])" }
            text += "\n"
        }
        return text
    }

    /// Means of the raw values; the scaled centres are in the model report.
    static func centres(_ result: VisitSegmentation) -> String {
        var text = "cluster,visits,share,conversion_rate," + header(result) + "\n"
        for (cluster, profile) in result.profiles.enumerated() {
            text += "\(cluster),\(profile.visitCount),\(profile.share),"
            text += profile.conversion.map { "\($0.share)" } ?? ""
            text += profile.means.map { ",\($0)" }.joined() + "\n"
        }
        return text
    }

    static func drift(_ result: VisitSegmentation) -> String {
        let clusters = (0..<result.clustering.clusterCount).map { "cluster_\($0)" }.joined(separator: ",")
        let features = result.table.features.map { CSVField.text("psi_\($0.name)") }.joined(separator: ",")
        var text = "period,visits,conversion_rate,mix_jensen_shannon,mix_psi,\(clusters),\(features)\n"
        for period in result.drift {
            text += CSVField.text(period.periodName) + ",\(period.visitCount),"
            text += period.conversion.map { "\($0.share)" } ?? ""
            text += ",\(period.mixDivergence),\(period.mixStabilityIndex)"
            text += period.mix.map { ",\($0)" }.joined() + period.stabilityIndexes.map { ",\($0)" }.joined() + "\n"
        }
        return text
    }

    private static func header(_ result: VisitSegmentation) -> String {
        result.table.features.map { CSVField.text($0.name) }.joined(separator: ",")
    }
}

/// `model_report.json`.
enum VisitModelFile {
    /// What is read again: enough to give the next build's clusters the same numbers.
    struct Content: Decodable {
        struct Feature: Decodable {
            let name: String
            let logarithmic: Bool
            let mean: Double
            let deviation: Double
        }
        struct Cluster: Decodable {
            let centre: [Double]
        }
        let features: [Feature]
        let clusters: [Cluster]

        /// Nil where the numbers do not fit each other.
        var model: (scaling: ColumnScaling, centres: DenseMatrix)? {
            guard !clusters.isEmpty, clusters.allSatisfy({ $0.centre.count == features.count }),
                clusters.allSatisfy({ $0.centre.allSatisfy(NumberLimits.holds) }),
                features.allSatisfy({ NumberLimits.holds($0.mean) && NumberLimits.holds($0.deviation) }),
                features.allSatisfy({ $0.deviation >= NumberLimits.leastDeviation })
            else { return nil }
            let columns = features.map {
                ColumnScaling.Column(isLogarithmic: $0.logarithmic, mean: $0.mean, deviation: $0.deviation)
            }
            return (
                ColumnScaling(columns: columns),
                DenseMatrix(
                    rowCount: clusters.count, columnCount: features.count,
                    values: clusters.flatMap { $0.centre.map { Float($0) } })
            )
        }
    }

    static func json(_ result: VisitResult) -> JSONText {
        let segmentation = result.segmentation
        return [
            "visits": .integer(segmentation.table.count), "k": .integer(segmentation.clustering.clusterCount),
            "inertia": .number(segmentation.clustering.inertia), "seed": .string("\(result.configuration.seed)"),
            "starts": .integer(result.configuration.initialisationCount),
            "recommended_k": .integer(result.diagnostics.recommendation.clusterCount),
            "reasons": .array(result.diagnostics.recommendation.reasons.map { .string($0) }),
            "warnings": .array(result.warnings.map { .string($0) }),
            "features": .array(
                zip(segmentation.table.features, segmentation.scaling.columns).map { feature, column in
                    [
                        "name": .string(feature.name), "logarithmic": .boolean(column.isLogarithmic),
                        "mean": .number(column.mean), "deviation": .number(column.deviation),
                    ]
                }),
            "clusters": .array(segmentation.profiles.enumerated().map { cluster($0.offset, $0.element, segmentation) }),
            "drift": .array(segmentation.drift.map { drift($0, segmentation) }),
        ]
    }

    private static func cluster(_ number: Int, _ profile: VisitProfile, _ result: VisitSegmentation) -> JSONText {
        func values(_ numbers: [Double]) -> JSONText {
            .object(zip(result.table.features, numbers).map { .init($0.0.name, .number($0.1)) })
        }
        return [
            "cluster": .integer(number), "title": .string(profile.title), "visits": .integer(profile.visitCount),
            "share": .number(profile.share), "conversion": profile.conversion.map(proportion) ?? .null,
            "means": values(profile.means), "medians": values(profile.medians),
            "centre": .array(profile.centre.map { .number($0) }),
        ]
    }

    private static func drift(_ period: VisitDrift, _ result: VisitSegmentation) -> JSONText {
        [
            "period": .string(period.periodName), "visits": .integer(period.visitCount),
            "mix": .array(period.mix.map { .integer($0) }),
            "mix_jensen_shannon": .number(period.mixDivergence),
            "mix_level": .string(period.mixLevel.rawValue),
            "mix_psi": .number(period.mixStabilityIndex),
            "conversion": period.conversion.map(proportion) ?? .null,
            "features": .object(
                result.table.features.indices.map { feature in
                    .init(
                        result.table.features[feature].name,
                        [
                            "psi": .number(period.stabilityIndexes[feature]),
                            "level": .string(period.featureLevels[feature].rawValue),
                        ])
                }),
        ]
    }

    private static func proportion(_ proportion: Proportion) -> JSONText {
        [
            "count": .integer(proportion.count), "rate": .number(proportion.share),
            "lower": .number(proportion.lower), "upper": .number(proportion.upper),
        ]
    }
}

/// What the command says when it has finished.
enum VisitSummary {
    static func text(_ result: VisitResult) -> String {
        let segmentation = result.segmentation
        var table = TextTable([
            .right("cluster"), .right("visits"), .right("share"), .right("conversion"), .left("what sets it apart"),
        ])
        for (number, profile) in segmentation.profiles.enumerated() {
            let conversion = profile.conversion.map { rate in
                percent(rate.share) + " (" + percent(rate.lower) + " to " + percent(rate.upper) + ")"
            }
            table.add([
                "\(number)", ReadableNumber.count(profile.visitCount), percent(profile.share), conversion ?? "-",
                profile.title,
            ])
        }
        var text = table.text + "\n"
        for reason in result.diagnostics.recommendation.reasons { text += reason + "\n" }
        let last = segmentation.drift.last
        if segmentation.drift.count > 1, let last {
            let level = last.mixLevel.rawValue
            text += "From \(segmentation.drift[0].periodName) to \(last.periodName) the drift of the mix is \(level) "
            text += "(Jensen-Shannon \(ReadableNumber.fixed(last.mixDivergence, 4)) bits).\n"
        }
        for warning in result.warnings { text += "warning: " + warning + "\n" }
        return text
    }

    private static func percent(_ share: Double) -> String { ReadableNumber.fixed(100 * share, 1) + " %" }
}
