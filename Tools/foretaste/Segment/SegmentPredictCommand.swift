import CommandLineInterface
import Segmentation

/// `foretaste segment predict`
enum SegmentPredictCommand {
    static let command = Command(
        name: "segment predict", summary: "Say which segment a customer belongs to.",
        discussion: """
            Takes a customer of the segmentation by id, or the values of any customer. The confidence is 1 on the segment's \
            centre and 0 half-way to another. Exit 1 with NOT_FOUND where nobody has the id.
            """,
        options: [
            .required("model", "DIR", help: "The directory that 'foretaste segment rfm' wrote."),
            .value("customer", "ID", help: "A customer of the segmentation."),
            .value("recency", "DAYS", help: "Days since the last order."),
            .value("frequency", "N", help: "Orders."),
            .value("monetary", "SUM", help: "What they came to."),
            .flag("json", help: "The answer as JSON, which is the only form there is."),
        ],
        examples: [
            .init("foretaste segment predict --model segments --customer 17850", "A customer's segment."),
            .init(
                "foretaste segment predict --model segments --recency 3 --frequency 12 --monetary 4000",
                "The segment of somebody with these values."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let fields = ["recency", "frequency", "monetary"]
        let directory = SegmentDirectory(path: try parsed.string("model"))
        let customer = parsed.optionalString("customer")
        let values: RFMValues
        if let customer {
            if let extra = fields.first(where: { parsed.isGiven($0) }) {
                throw parsed.refusal(
                    extra, value: parsed.optionalString(extra) ?? "", expected: "either --customer or values, not both")
            }
            values = try directory.values(ofCustomer: customer)
        } else {
            let range = 0...Double.greatestFiniteMagnitude
            let numbers = try fields.map { try parsed.number($0, in: range) }
            values = RFMValues(recency: numbers[0], frequency: numbers[1], monetary: numbers[2])
        }
        let model = try directory.model()
        let prediction = try model.predict(values)
        let profile = model.profiles[prediction.segmentIndex]
        let answer = JSONText.object(
            (customer.map { [.init("customer_id", .string($0))] } ?? []) + [
                .init("segment_id", .integer(prediction.segmentIndex)),
                .init("segment_name", .string(profile.name)),
                .init("rfm_segment", .string(prediction.ruleSegment.rawValue)),
                .init("confidence", .number(prediction.confidence)),
                .init("distance_to_center", .number(prediction.distanceToCentre)),
                .init("stats", SegmentProfilesFile.statistics(profile)),
            ])
        Terminal.standardOutput.write(answer.indented + "\n")
    }
}
