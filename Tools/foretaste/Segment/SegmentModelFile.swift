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

/// `rfm_model.json`: an `RFMModel`, and how it was made.
enum SegmentModelFile {
    /// Raised when a reader of the one before would misread it.
    private static let version = 1

    static func json(_ result: SegmentResult) -> JSONText {
        let model = result.segmentation.model
        func numbers(_ values: some Sequence<Double>) -> JSONText { .array(values.map { .number($0) }) }
        return [
            "format": "foretaste-rfm-model", "version": .integer(version),
            "reference_time": .integer(Int(model.referenceTime)),
            "seed": .string("\(result.configuration.seed)"),
            "starts": .integer(result.configuration.initialisationCount),
            "inertia": .number(result.segmentation.clustering.inertia),
            "means": numbers(model.scaling.means), "deviations": numbers(model.scaling.deviations),
            "score_bounds": .array(model.scores.bounds.map { numbers($0) }),
            "centres": .array(
                (0..<model.centres.rowCount).map { row in numbers((0..<3).map { Double(model.centres[row, $0]) }) }),
            "segments": .array(model.profiles.map { .object(SegmentProfilesFile.members($0)) }),
        ]
    }

    static func model(_ data: Data, path: String) throws -> RFMModel {
        let content: Content
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            content = try decoder.decode(Content.self, from: data)
        } catch {
            throw RunFailure(
                description: "\(path) is not a model of 'foretaste segment rfm': \(FileReading.reason(error))")
        }
        guard content.format == "foretaste-rfm-model", content.version == version else {
            throw RunFailure(
                description: "\(path): expected format foretaste-rfm-model version \(version), found "
                    + "\(content.format) version \(content.version). Write it again with 'foretaste segment rfm --fresh'."
            )
        }
        guard let model = content.model else {
            throw RunFailure(
                description: "\(path): the numbers of centres, segments, means and bounds do not fit each other. "
                    + "Write it again with 'foretaste segment rfm --fresh'.")
        }
        return model
    }

    private struct Content: Decodable {
        struct Segment: Decodable {
            let segmentName: String
            let title: String
            let customers: Int
            let share: Double
            let revenueShare: Double
            /// A null is the statistic of a segment without customers.
            let stats: [String: Double?]

            var profile: SegmentProfile {
                SegmentProfile(
                    name: segmentName, title: title, customerCount: customers, share: share,
                    revenueShare: revenueShare,
                    statistics: ["Recency", "Frequency", "Monetary"].map { feature in
                        func value(_ name: String) -> Double { (stats["\(feature)_\(name)"] ?? nil) ?? .nan }
                        return .init(
                            mean: value("mean"), median: value("median"), least: value("min"),
                            greatest: value("max"))
                    })
            }
        }

        let format: String
        let version: Int
        let referenceTime: Int64
        let means: [Double]
        let deviations: [Double]
        let scoreBounds: [[Double]]
        let centres: [[Double]]
        let segments: [Segment]

        /// Nil where the parts do not fit each other.
        var model: RFMModel? {
            guard means.count == 3, deviations.count == 3,
                RFMScaling.isPossible(means: means, deviations: deviations),
                centres.joined().allSatisfy(NumberLimits.holds), NumberLimits.holds(Double(referenceTime)),
                scoreBounds.count == 3, scoreBounds.allSatisfy({ $0.count == 4 }), !centres.isEmpty,
                centres.allSatisfy({ $0.count == 3 }), segments.count == centres.count
            else { return nil }
            return RFMModel(
                scaling: RFMScaling(means: means, deviations: deviations), scores: RFMScores(bounds: scoreBounds),
                centres: DenseMatrix(
                    rowCount: centres.count, columnCount: 3, values: centres.flatMap { $0.map { Float($0) } }),
                profiles: segments.map(\.profile), referenceTime: referenceTime)
        }
    }
}
