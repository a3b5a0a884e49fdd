import Interactions
import Prediction

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A model file as it is read.
struct PredictorFileContent: Decodable {
    let format: String
    let version: Int
    let checksum: String
    let model: Model

    struct Model: Decodable {
        let outcome: String
        let positive: String
        let rows: Int
        let positives: Int
        let threshold: Double
        let calibration: Calibration
        let columns: [Column]
        let logistic: Logistic?
        let trees: Trees?

        /// Nil where the parts do not fit each other.
        var predictor: OutcomePredictor? {
            guard let calibration = calibration.value, (0...1).contains(threshold),
                Set(columns.map(\.name)).count == columns.count,
                columns.allSatisfy({ Set($0.words ?? []).count == ($0.words ?? []).count })
            else { return nil }
            let encoding = FeatureEncoding(
                sources: columns.map { .init(name: $0.name, kind: $0.words.map { .words($0) } ?? .number) })
            let learned: OutcomePredictor.Learned
            switch (logistic, trees) {
            case (let logistic?, nil):
                guard let regression = logistic.regression(featureCount: encoding.featureCount) else { return nil }
                learned = .logistic(regression)
            case (nil, let trees?):
                guard let kind = TreeEnsemble.Kind(rawValue: trees.kind), let bytes = Data(base64Encoded: trees.ubj)
                else { return nil }
                learned = .trees(TreeEnsemble(kind: kind, bytes: Array(bytes)))
            default: return nil
            }
            return OutcomePredictor(
                encoding: encoding, learned: learned, calibration: calibration, threshold: threshold)
        }
    }

    struct Column: Decodable {
        let name: String
        let words: [String]?
    }

    struct Trees: Decodable {
        let kind: String
        let ubj: String
    }

    struct Calibration: Decodable {
        let method: String
        let logOdds: Bool?
        let slope: Double?
        let offset: Double?
        let scores: [Double]?
        let values: [Double]?
        let floor: Double?

        var value: ProbabilityCalibration? {
            switch method {
            case "none": return logOdds.map { .identity(isLogOdds: $0) }
            case "platt":
                guard let slope, let offset, let logOdds, NumberLimits.holds(slope), NumberLimits.holds(offset) else {
                    return nil
                }
                return .platt(slope: slope, offset: offset, isLogOdds: logOdds)
            case "isotonic":
                guard let scores, let values, let floor, !scores.isEmpty, scores.count == values.count,
                    zip(scores, scores.dropFirst()).allSatisfy({ $0 < $1 }), scores.allSatisfy(NumberLimits.holds),
                    values.allSatisfy({ (0...1).contains($0) }), (0...0.5).contains(floor)
                else { return nil }
                return .isotonic(scores: scores, values: values, floor: floor)
            default: return nil
            }
        }
    }

    struct Logistic: Decodable {
        struct Term: Decodable {
            let feature: Int
            let gap: Bool
            let logarithm: Bool
            let mean: Double
            let deviation: Double
            let weight: Double
            let standardError: Double
        }

        let intercept: Double
        let terms: [Term]

        func regression(featureCount: Int) -> LogisticRegression? {
            guard NumberLimits.holds(intercept),
                terms.allSatisfy({
                    (0..<featureCount).contains($0.feature) && NumberLimits.holds($0.mean)
                        && NumberLimits.holds($0.deviation) && $0.deviation > 1e-30
                        && NumberLimits.holds($0.weight) && NumberLimits.holds($0.standardError)
                })
            else { return nil }
            return LogisticRegression(
                terms: terms.map {
                    .init(
                        feature: $0.feature, isGap: $0.gap, isLogarithmic: $0.logarithm, mean: $0.mean,
                        deviation: $0.deviation)
                },
                intercept: intercept, weights: terms.map(\.weight), standardErrors: terms.map(\.standardError))
        }
    }
}
