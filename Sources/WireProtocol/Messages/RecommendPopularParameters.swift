/// Which list of items needs no personal evidence.
package enum PopularityKind: String, CaseIterable, Sendable {
    case popular, trending, recent
}

/// `recommend.popular`. Borrowed: valid while the request is lent.
package struct RecommendPopularParameters {
    package var options = RecommendationOptions()
    package var kind = PopularityKind.popular

    package init(_ request: borrowing Request) throws(WireError) {
        var reader = request.members
        while let (name, value) = reader.next() {
            switch name {
            case .kind: kind = try value.choice(of: PopularityKind.self)
            // There is nothing to blend, and nothing but fallback items.
            case .weights, .strict: throw value.unsupported(name, in: .recommendPopular)
            default:
                if try !options.read(name, value) { throw value.unsupported(name, in: .recommendPopular) }
            }
        }
    }
}
