/// Which list of items needs no personal evidence.
package enum PopularListKind: String, CaseIterable, Sendable {
    case popular, trending, recent
}

extension PopularListKind: WireChoice {
    init?(_ text: WireString) {
        if text.equals("popular") {
            self = .popular
        } else if text.equals("trending") {
            self = .trending
        } else if text.equals("recent") {
            self = .recent
        } else {
            return nil
        }
    }
}

/// `recommend.popular`. Borrowed: valid while the request is lent.
package struct RecommendPopularParameters {
    package var common = CommonParameters()
    package var kind = PopularListKind.popular
    /// Nil: what everybody takes.
    package var segment: WireString?

    package init(_ request: borrowing Request) throws(WireError) {
        var reader = request.members
        while let (name, value) = reader.next() {
            switch name {
            case .kind: kind = try value.choice(of: PopularListKind.self)
            case .segment: segment = try value.name(maximumBytes: ProtocolLimits.segmentNameBytes)
            // There is nothing to blend, and nothing but fallback items.
            case .weights, .strict: throw value.unsupported(name, in: .recommendPopular)
            default:
                if try !common.read(name, value) { throw value.unsupported(name, in: .recommendPopular) }
            }
        }
    }
}
