/// `segments.of`: which segment a customer belongs to. Borrowed: valid while the request is lent.
package struct SegmentsOfParameters {
    package let customerId: WireString

    package init(_ request: borrowing Request) throws(WireError) {
        var customerId: WireString?
        var reader = request.members
        while let (name, value) = reader.next() {
            switch name {
            case .customerId, .userId:
                guard customerId == nil else { throw value.error("customerId and userId are one: send one of them.") }
                customerId = try value.identifier()
            default: throw value.unsupported(name, in: .segmentsOf)
            }
        }
        guard let customerId else { throw reader.missing(.customerId, "Name the customer (customerId, or userId).") }
        self.customerId = customerId
    }
}

/// `segments.members`: who is in a segment, page by page. Borrowed: valid while the request is lent.
package struct SegmentsMembersParameters {
    package let segment: WireString
    package var count = ProtocolLimits.defaultMemberCount
    /// The last member of the page before.
    package var after: WireString?

    package init(_ request: borrowing Request) throws(WireError) {
        var segment: WireString?
        var reader = request.members
        while let (name, value) = reader.next() {
            switch name {
            case .segment: segment = try value.name(maximumBytes: ProtocolLimits.segmentNameBytes)
            case .count: count = try value.integer(in: ProtocolLimits.members, reason: .countOutOfRange)
            case .after: after = try value.identifier()
            default: throw value.unsupported(name, in: .segmentsMembers)
            }
        }
        guard let segment else { throw reader.missing(.segment, "Name the segment (segment); segments.list has them.") }
        self.segment = segment
    }
}

/// `segments.predict`: the segment of somebody with these values.
package struct SegmentsPredictParameters {
    package let recency: Double
    package let frequency: Double
    package let monetary: Double

    package init(_ request: borrowing Request) throws(WireError) {
        var values: [ParameterName: Double] = [:]
        var reader = request.members
        while let (name, value) = reader.next() {
            switch name {
            case .recency, .frequency, .monetary: values[name] = try value.amount()
            default: throw value.unsupported(name, in: .segmentsPredict)
            }
        }
        func required(_ name: ParameterName, _ meaning: String) throws(WireError) -> Double {
            guard let value = values[name] else { throw reader.missing(name, "Say \(meaning).") }
            return value
        }
        recency = try required(.recency, "how many days ago the last order was (recency)")
        frequency = try required(.frequency, "how many orders there were (frequency)")
        monetary = try required(.monetary, "what they came to (monetary)")
    }
}

package enum TrendUnit: String, CaseIterable, Sendable {
    case day, week
}

extension TrendUnit: WireChoice {
    init?(_ text: WireString) {
        guard let unit = Self(rawValue: text.string) else { return nil }
        self = unit
    }
}

/// `segments.trends`: how active segments were. Borrowed: valid while the request is lent.
package struct SegmentsTrendsParameters {
    /// Nil: all.
    package var segment: WireString?
    package var unit = TrendUnit.day

    package init(_ request: borrowing Request) throws(WireError) {
        var reader = request.members
        while let (name, value) = reader.next() {
            switch name {
            case .segment: segment = try value.name(maximumBytes: ProtocolLimits.segmentNameBytes)
            case .unit: unit = try value.choice(of: TrendUnit.self)
            default: throw value.unsupported(name, in: .segmentsTrends)
            }
        }
    }
}
