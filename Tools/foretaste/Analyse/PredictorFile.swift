import Embeddings
import CommandLineInterface
import IndexBuilding
import Interactions
import KeyValueStore
import Prediction

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `prediction_model.json`: a trained predictor, what it foretells, and a checksum over both. The checksum is of the member
/// `model` as `JSONText` writes it on one line; it guards against damage, not against a forger.
struct PredictorFile {
    /// Raised when a reader of the one before would misread it.
    private static let version = 1
    private static let format = "foretaste-outcome-model"
    /// A forest of ten thousand deep trees has some 200 MB.
    private static let greatestByteCount = 1 << 30

    let outcomeName: String
    let positive: String
    let rowCount: Int
    let positiveCount: Int
    let predictor: OutcomePredictor

    var json: JSONText {
        let model = model
        return [
            "format": .string(Self.format), "version": .integer(Self.version),
            "tool": .string("foretaste \(IndexBuilder.toolVersion)"), "xgboost": .string(XGBoost.version),
            "checksum": .string(Self.checksum(model)), "model": model,
        ]
    }

    var checksum: String { Self.checksum(model) }

    private static func checksum(_ model: JSONText) -> String {
        let sum = unsafe Array(model.compact.utf8).withUnsafeBytes { unsafe Checksum.of($0) }
        let digits = String(sum, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private var model: JSONText {
        var members: [JSONText.Member] = [
            .init("outcome", .string(outcomeName)), .init("positive", .string(positive)),
            .init("rows", .integer(rowCount)), .init("positives", .integer(positiveCount)),
            .init("threshold", .number(predictor.threshold)), .init("calibration", Self.json(predictor.calibration)),
            .init(
                "columns",
                .array(
                    predictor.encoding.sources.map { source in
                        switch source.kind {
                        case .number: ["name": .string(source.name)]
                        case .words(let words):
                            ["name": .string(source.name), "words": .array(words.map { .string($0) })]
                        }
                    })),
        ]
        switch predictor.learned {
        case .logistic(let regression): members.append(.init("logistic", Self.json(regression)))
        case .trees(let trees):
            members.append(
                .init(
                    "trees",
                    ["kind": .string(trees.kind.rawValue), "ubj": .string(Data(trees.bytes).base64EncodedString())]))
        }
        return .object(members)
    }

    private static func numbers(_ values: [Double]) -> JSONText { .array(values.map { .number($0) }) }

    private static func json(_ calibration: ProbabilityCalibration) -> JSONText {
        switch calibration {
        case .identity(let isLogOdds): ["method": "none", "logOdds": .boolean(isLogOdds)]
        case .platt(let slope, let offset, let isLogOdds):
            [
                "method": "platt", "logOdds": .boolean(isLogOdds), "slope": .number(slope), "offset": .number(offset),
            ]
        case .isotonic(let scores, let values, let floor):
            [
                "method": "isotonic", "scores": numbers(scores), "values": numbers(values), "floor": .number(floor),
            ]
        }
    }

    private static func json(_ regression: LogisticRegression) -> JSONText {
        [
            "intercept": .number(regression.intercept),
            "terms": .array(
                zip(regression.terms, regression.weights).map { term, weight in
                    [
                        "feature": .integer(term.feature), "gap": .boolean(term.isGap),
                        "logarithm": .boolean(term.isLogarithmic), "mean": .number(term.mean),
                        "deviation": .number(term.deviation), "weight": .number(weight.value),
                        "standardError": .number(weight.standardError),
                    ]
                }),
        ]
    }

    init(_ trained: TrainedPredictor, of source: PredictionSource) {
        outcomeName = source.outcomeName
        positive = source.positive
        rowCount = source.data.count
        positiveCount = source.data.outcomes.count { $0 }
        predictor = trained.predictor
    }

    init(path: String) throws {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw RunFailure(description: "cannot read \(path): \(FileReading.reason(error))")
        }
        guard data.count <= Self.greatestByteCount else {
            throw RunFailure(
                description: "\(path) has \(data.count) bytes, more than any model has. Is it the right file?")
        }
        let content: PredictorFileContent
        do {
            content = try JSONDecoder().decode(PredictorFileContent.self, from: data)
        } catch {
            throw RunFailure(
                description: "\(path) is not a model of 'foretaste analyse predict': \(FileReading.reason(error))")
        }
        guard content.format == Self.format, content.version == Self.version else {
            throw RunFailure(
                description:
                    "\(path): expected format \(Self.format) version \(Self.version), found \(content.format) version "
                    + "\(content.version). Train it again.")
        }
        guard let predictor = content.model.predictor else {
            throw RunFailure(
                description:
                    "\(path): the numbers of columns, terms, words and the calibration do not fit each other. Train it again."
            )
        }
        outcomeName = content.model.outcome
        positive = content.model.positive
        rowCount = content.model.rows
        positiveCount = content.model.positives
        self.predictor = predictor
        guard checksum == content.checksum else {
            throw RunFailure(
                description:
                    "\(path) is damaged: its checksum is \(checksum), and it says \(content.checksum). Copy it again, or train it again."
            )
        }
    }
}
