import RecommendationIndex
import RecommendationService
import Segmentation
import WireProtocol

extension Dispatcher {
    func listSegments(_ request: borrowing Request, _ writer: inout JSONWriter) throws(WireError) {
        try request.refuseParameters()
        let segments = try segments()
        writer.beginReply(to: request)
        writer.segments(segments)
    }

    func answerSegment(_ request: borrowing Request, _ writer: inout JSONWriter) throws(WireError) {
        let parameters = try SegmentsOfParameters(request)
        let segments = try segments()
        let id = parameters.customerId.string
        guard let member = segments.member(id) else {
            throw WireError(
                .memberNotFound,
                segments.model == nil
                    ? "No segment has this customer."
                    : "No segment has this customer. Send recency, frequency and monetary to segments.predict instead.",
                field: "params.customerId")
        }
        var prediction: RFMModel.Prediction?
        if let values = segments.values(ofMember: member) { prediction = try Self.predict(segments, values) }
        writer.beginReply(to: request)
        writer.segment(
            segments.segment(ofMember: member), prediction, segments, customerId: id)
    }

    func predictSegment(_ request: borrowing Request, _ writer: inout JSONWriter) throws(WireError) {
        let parameters = try SegmentsPredictParameters(request)
        let segments = try segments()
        let values = RFMValues(
            recency: parameters.recency, frequency: parameters.frequency, monetary: parameters.monetary)
        guard let prediction = try Self.predict(segments, values) else {
            throw WireError(
                .noSegmentModel,
                "The segments of this index were given, not found by recency, frequency and value: they cannot be "
                    + "predicted. Build the index with --segments rfm, or with the directory of 'foretaste segment rfm'."
            )
        }
        writer.beginReply(to: request)
        writer.segment(prediction.segmentIndex, prediction, segments, customerId: nil)
    }

    func listMembers(_ request: borrowing Request, _ writer: inout JSONWriter) throws(WireError) {
        let parameters = try SegmentsMembersParameters(request)
        let segments = try segments()
        let segment = try number(of: parameters.segment, segments)
        // One more tells whether another page follows.
        let page = segments.members(
            ofSegment: segment, after: parameters.after?.string, count: parameters.count + 1)
        writer.beginReply(to: request)
        writer.members(page.prefix(parameters.count), hasMore: page.count > parameters.count, segment, segments)
    }

    func tellTrends(_ request: borrowing Request, _ writer: inout JSONWriter) throws(WireError) {
        let parameters = try SegmentsTrendsParameters(request)
        let segments = try segments()
        var wanted = Array(segments.names.indices)
        if let name = parameters.segment { wanted = [try number(of: name, segments)] }
        let periods = segments.periods(ofDays: parameters.unit == .day ? 1 : 7)
        writer.beginReply(to: request)
        writer.trends(wanted, parameters.unit, periods, segments)
    }

    /// The number of the segment of that name.
    func number(of name: WireString, _ segments: ServingSegments) throws(WireError) -> Int {
        guard let segment = segments.segment(named: name.string) else {
            throw WireError(
                .segmentNotFound, "There is no such segment; segments.list has the names.", field: "params.segment")
        }
        return segment
    }

    func segments() throws(WireError) -> ServingSegments {
        guard let segments = loop.recommender.serving.segments else {
            throw WireError(
                .noSegments, "This index knows no segments: build it with --segments.")
        }
        return segments
    }

    /// Nil without a model.
    private static func predict(
        _ segments: ServingSegments, _ values: RFMValues
    ) throws(WireError) -> RFMModel.Prediction? {
        do throws(SegmentationError) {
            return try segments.model?.predict(values)
        } catch {
            throw WireError(.badField, "\(error)")
        }
    }
}

/// Segments on the wire. The members of a customer's segment have the names that the system had which this one replaces.
extension JSONWriter {
    fileprivate mutating func segments(_ segments: ServingSegments) {
        beginObject()
        key("source")
        string((segments.model == nil ? "given" : "rfm") as StaticString)
        key("memberCount")
        integer(segments.memberCount)
        key("segments")
        beginArray()
        for (place, name) in segments.names.enumerated() {
            let count = segments.memberCount(ofSegment: place)
            beginObject()
            key("segment")
            string(name)
            key("number")
            integer(place)
            key("memberCount")
            integer(count)
            key("share")
            number(Double(count) / Double(max(segments.memberCount, 1)))
            if let profile = segments.model?.profiles[place] { statistics(profile) }
            endObject()
        }
        endArray()
        endObject()
    }

    fileprivate mutating func segment(
        _ segment: Int, _ prediction: RFMModel.Prediction?, _ segments: ServingSegments, customerId: String?
    ) {
        beginObject()
        if let customerId {
            key("customer_id")
            string(customerId)
        }
        key("segment_id")
        integer(segment)
        key("segment_name")
        string(segments.names[segment])
        if let prediction, let model = segments.model {
            key("rfm_segment")
            string(prediction.ruleSegment.rawValue)
            key("confidence")
            number(prediction.confidence)
            key("distance_to_center")
            number(prediction.distanceToCentre)
            statistics(model.profiles[segment])
        }
        endObject()
    }

    private mutating func statistics(_ profile: SegmentProfile) {
        key("stats")
        beginObject()
        for feature in RFMFeature.allCases {
            let values = profile.statistics[feature.rawValue]
            let name = feature.name.prefix(1).uppercased() + feature.name.dropFirst()
            for (suffix, value) in [
                ("mean", values.mean), ("median", values.median), ("min", values.least), ("max", values.greatest),
            ] {
                var member = "\(name)_\(suffix)"
                member.withUTF8 { member in unsafe key(member) }
                number(value)
            }
        }
        endObject()
    }

    fileprivate mutating func members(
        _ page: some Collection<Int>, hasMore: Bool, _ segment: Int, _ segments: ServingSegments
    ) {
        beginObject()
        key("segment")
        string(segments.names[segment])
        key("memberCount")
        integer(segments.memberCount(ofSegment: segment))
        key("members")
        beginArray()
        var last: Int?
        for member in page {
            unsafe string(segments.table.memberIds.bytes(at: member))
            last = member
        }
        endArray()
        if hasMore, let last {
            key("next")
            unsafe string(segments.table.memberIds.bytes(at: last))
        }
        endObject()
    }

    fileprivate mutating func trends(
        _ wanted: [Int], _ unit: TrendUnit, _ periods: [ServingSegments.Period], _ segments: ServingSegments
    ) {
        beginObject()
        key("unit")
        var name = unit.rawValue
        name.withUTF8 { name in unsafe string(name) }
        key("starts")
        beginArray()
        for period in periods { integer(Int(period.start)) }
        endArray()
        key("segments")
        beginArray()
        for segment in wanted {
            let activity = periods.map { segments.activity(ofSegment: segment, in: $0) }
            beginObject()
            key("segment")
            string(segments.names[segment])
            key("interactions")
            beginArray()
            for period in activity { integer(period.interactions) }
            endArray()
            key("activeMembers")
            beginArray()
            for period in activity { integer(period.members) }
            endArray()
            endObject()
        }
        endArray()
        endObject()
    }
}
