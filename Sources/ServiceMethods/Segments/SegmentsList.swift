import RecommendationService
import WireProtocol

/// `segments.members`: who is in a segment, page by page. Borrowed: valid while the request is lent.
struct SegmentsMembersParameters: MethodParameters {
    var segment = WireString.empty
    var count = ProtocolLimits.defaultMemberCount
    /// The last member of the page before.
    var after: WireString?

    static let declared = ParameterSet<Self>([
        .name(
            "segment", maximumBytes: ProtocolLimits.segmentNameBytes,
            required: "Name the segment (segment); segments.list has them."
        ) { $0.segment = $1 },
        .count(in: ProtocolLimits.members, default: ProtocolLimits.defaultMemberCount) { $0.count = $1 },
        .identifier("after") { $0.after = $1 },
    ])
}

enum TrendUnit: String, CaseIterable, Sendable {
    case day, week

    var days: Int { self == .day ? 1 : 7 }
}

/// `segments.trends`: how active segments were. Borrowed: valid while the request is lent.
struct SegmentsTrendsParameters: MethodParameters {
    /// Nil: all.
    var segment: WireString?
    var unit = TrendUnit.day

    static let declared = ParameterSet<Self>([
        .name("segment", maximumBytes: ProtocolLimits.segmentNameBytes) { $0.segment = $1 },
        .choice("unit", of: TrendUnit.self, default: .day) { $0.unit = $1 },
    ])
}

extension ServiceMethod {
    static let segmentsList = ServiceMethod("segments.list", cost: .list, "The segments and who they are.") {
        (_: NoParameters, context, writer) throws(WireError) in
        writer.segments(try context.segments())
    }

    static let segmentsMembers = ServiceMethod("segments.members", cost: .list, "Who is in a segment, page by page.") {
        (parameters: SegmentsMembersParameters, context, writer) throws(WireError) in
        let segments = try context.segments()
        let segment = try segments.number(of: parameters.segment)
        // One more tells whether another page follows.
        let page = segments.members(ofSegment: segment, after: parameters.after?.string, count: parameters.count + 1)
        writer.members(page.prefix(parameters.count), hasMore: page.count > parameters.count, segment, segments)
    }

    static let segmentsTrends = ServiceMethod("segments.trends", cost: .list, "How active segments were.") {
        (parameters: SegmentsTrendsParameters, context, writer) throws(WireError) in
        let segments = try context.segments()
        var wanted = Array(segments.names.indices)
        if let name = parameters.segment { wanted = [try segments.number(of: name)] }
        writer.trends(wanted, parameters.unit, segments.periods(ofDays: parameters.unit.days), segments)
    }
}

extension SegmentsView {
    /// The number of the segment of that name.
    func number(of name: WireString) throws(WireError) -> Int {
        guard let segment = segment(named: name.string) else {
            throw WireError(
                .segmentNotFound, "There is no such segment; segments.list has the names.", field: "params.segment")
        }
        return segment
    }
}
