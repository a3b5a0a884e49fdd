import RecommendationService
import Segmentation
import WireProtocol

/// `segments.of`. Borrowed: valid while the request is lent.
struct SegmentsOfParameters: MethodParameters {
    private(set) var customerId = WireString.empty

    static let declared = ParameterSet<Self>([
        Parameter("customerId", .identifier) { value, target throws(WireError) in try target.take(value) },
        Parameter("userId", .identifier) { value, target throws(WireError) in try target.take(value) },
    ])

    private mutating func take(_ value: FieldValue) throws(WireError) {
        guard customerId.isEmpty else { throw value.error("customerId and userId are one: send one of them.") }
        customerId = try value.identifier()
    }

    func check() throws(WireError) {
        if customerId.isEmpty {
            throw WireError(.badField, "Name the customer (customerId, or userId).", field: "params.customerId")
        }
    }
}

/// `segments.predict`: the segment of somebody with these values.
struct SegmentsPredictParameters: MethodParameters {
    var values = RFMValues(recency: 0, frequency: 0, monetary: 0)

    static let declared = ParameterSet<Self>([
        .amount("recency", required: "Say how many days ago the last order was (recency).") { $0.values.recency = $1 },
        .amount("frequency", required: "Say how many orders there were (frequency).") { $0.values.frequency = $1 },
        .amount("monetary", required: "Say what they came to (monetary).") { $0.values.monetary = $1 },
    ])
}

extension ServiceMethod {
    static let segmentsOf = ServiceMethod("segments.of", cost: .constant, "The segment of a customer.") {
        (parameters: SegmentsOfParameters, context, writer) throws(WireError) in
        try writer.segmentOf(parameters.customerId.string, field: "params.customerId", context)
    }

    static let segmentsPredict = ServiceMethod(
        "segments.predict", cost: .constant, "The segment of somebody with these values."
    ) { (parameters: SegmentsPredictParameters, context, writer) throws(WireError) in
        let segments = try context.segments()
        guard let prediction = try segments.predict(parameters.values) else {
            throw WireError(
                .noSegmentModel,
                "The segments of this index were given, not found by recency, frequency and value: they cannot be "
                    + "predicted. Build the index with --segments rfm, or with the directory of 'foretaste segment rfm'."
            )
        }
        writer.segment(prediction.segmentIndex, prediction, segments, customerId: nil)
    }
}

extension JSONWriter {
    /// - Parameter field: what the customer is named by.
    mutating func segmentOf(_ id: String, field: String, _ context: ServiceContext) throws(WireError) {
        let segments = try context.segments()
        guard let member = segments.member(id) else {
            throw WireError(
                .memberNotFound,
                segments.model == nil
                    ? "No segment has this customer."
                    : "No segment has this customer. Send recency, frequency and monetary to segments.predict instead.",
                field: field)
        }
        var prediction: RFMModel.Prediction?
        if let values = segments.values(ofMember: member) { prediction = try segments.predict(values) }
        segment(segments.segment(ofMember: member), prediction, segments, customerId: id)
    }
}

extension SegmentsView {
    /// Nil without a model.
    fileprivate func predict(_ values: RFMValues) throws(WireError) -> RFMModel.Prediction? {
        do throws(SegmentationError) {
            return try model?.predict(values)
        } catch {
            throw WireError(.badField, "\(error)")
        }
    }
}
