/// `personas.of`: all that is known of a user. Borrowed: valid while the request is lent.
package struct PersonasOfParameters {
    package let userId: WireString
    /// Of the lists.
    package var count = ProtocolLimits.defaultPersonaCount

    package init(_ request: borrowing Request) throws(WireError) {
        var userId: WireString?
        var reader = request.members
        while let (name, value) = reader.next() {
            switch name {
            case .userId: userId = try value.identifier()
            case .count: count = try value.integer(in: ProtocolLimits.count, reason: .countOutOfRange)
            default: throw value.unsupported(name, in: .personasOf)
            }
        }
        guard let userId else { throw reader.missing(.userId, "Name the user (userId).") }
        self.userId = userId
    }
}

/// `personas.query`: who likes something most. Borrowed: valid while the request is lent.
package struct PersonasQueryParameters {
    package var gender: [WireString] = []
    package var cityTier: [WireString] = []
    package var brand: [WireString] = []
    package var generic: [WireString] = []
    package var category1: [WireString] = []
    package var category2: [WireString] = []
    package var category3: [WireString] = []
    package var count = ProtocolLimits.defaultPersonaCount

    package init(_ request: borrowing Request) throws(WireError) {
        var reader = request.members
        while let (name, value) = reader.next() {
            switch name {
            case .gender: gender = try Self.names(value)
            case .cityTier: cityTier = try Self.names(value)
            case .brand: brand = try Self.names(value)
            case .generic: generic = try Self.names(value)
            case .category1: category1 = try Self.names(value)
            case .category2: category2 = try Self.names(value)
            case .category3: category3 = try Self.names(value)
            case .count: count = try value.integer(in: ProtocolLimits.count, reason: .countOutOfRange)
            default: throw value.unsupported(name, in: .personasQuery)
            }
        }
    }

    private static func names(_ value: FieldValue) throws(WireError) -> [WireString] {
        try value.names(
            maximumCount: ProtocolLimits.personaValues, maximumBytes: ProtocolLimits.personaValueBytes)
    }
}

/// The lists of the population.
package enum PersonaListKind: String, CaseIterable, Sendable {
    case brand, generic, category, cityTier, channel
}

extension PersonaListKind: WireChoice {
    init?(_ text: WireString) {
        guard let kind = Self(rawValue: text.string) else { return nil }
        self = kind
    }
}

/// `personas.top`: what the population likes most.
package struct PersonasTopParameters {
    package let dimension: PersonaListKind
    /// Nil: the list's own length.
    package var count: Int?

    package init(_ request: borrowing Request) throws(WireError) {
        var dimension: PersonaListKind?
        var reader = request.members
        while let (name, value) = reader.next() {
            switch name {
            case .dimension: dimension = try value.choice(of: PersonaListKind.self)
            case .count: count = try value.integer(in: ProtocolLimits.count, reason: .countOutOfRange)
            default: throw value.unsupported(name, in: .personasTop)
            }
        }
        guard let dimension else {
            throw reader.missing(
                .dimension, "Name the list (dimension): brand, generic, category, cityTier or channel.")
        }
        self.dimension = dimension
    }
}
