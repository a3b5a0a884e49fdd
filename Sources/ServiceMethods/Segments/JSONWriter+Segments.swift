import RecommendationIndex
import RecommendationService
import Segmentation
import WireProtocol

/// Segments on the wire. The members of a customer's segment have the names that the system had which this one replaces.
extension JSONWriter {
    mutating func segments(_ segments: SegmentsView) {
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

    mutating func segment(
        _ segment: Int, _ prediction: RFMModel.Prediction?, _ segments: SegmentsView, customerId: String?
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

    mutating func members(
        _ page: some Collection<Int>, hasMore: Bool, _ segment: Int, _ segments: SegmentsView
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
            unsafe string(segments.memberId(member))
            last = member
        }
        endArray()
        if hasMore, let last {
            key("next")
            unsafe string(segments.memberId(last))
        }
        endObject()
    }

    mutating func trends(
        _ wanted: [Int], _ unit: TrendUnit, _ periods: [ServingSegments.Period], _ segments: SegmentsView
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
