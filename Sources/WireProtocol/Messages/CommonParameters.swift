/// What an answer says about why an item is in it.
package enum ExplanationLevel: String, CaseIterable, Sendable {
    case none, codes, full
}

extension ExplanationLevel: WireChoice {
    init?(_ text: WireString) {
        if text.equals("none") {
            self = .none
        } else if text.equals("codes") {
            self = .codes
        } else if text.equals("full") {
            self = .full
        } else {
            return nil
        }
    }
}

/// Which item properties an answer carries.
package enum FieldSelection: Equatable {
    case none
    case all
    /// In the order asked for, without repetitions.
    case named([WireString])
}

/// The blend weights that a request sets for itself, each 0 to 1; nil leaves the index's own.
package struct WeightOverrides: Equatable, Sendable {
    package var content: Float?
    package var collaborative: Float?
    package var fallback: Float?

    package var isEmpty: Bool { content == nil && collaborative == nil && fallback == nil }

    init() {}

    init(_ value: FieldValue) throws(WireError) {
        var reader = try value.object()
        while let (name, weight) = reader.next() {
            switch name {
            case .content: content = try weight.number(in: 0...1)
            case .collaborative: collaborative = try weight.number(in: 0...1)
            case .fallback: fallback = try weight.number(in: 0...1)
            default: throw weight.error("A weight is content, collaborative or fallback.")
            }
        }
        if content == 0, collaborative == 0, fallback == 0 { throw value.error("At least one weight is above 0.") }
    }
}

/// The members that all methods `recommend.*` share. Borrowed: valid while the request is lent.
package struct CommonParameters {
    package var userId: WireString?
    /// 1 to 500.
    package var count = ProtocolLimits.defaultCount
    /// In the order sent, possibly with repetitions and ids that no item has.
    package var excludeIds: [WireString] = []
    /// Leave out what the user's history in the index, or `recentItems`, holds.
    package var excludeSeen = true
    package var weights = WeightOverrides()
    package var minScore: Float?
    /// No completion by fallback items.
    package var strict = false
    package var fields = FieldSelection.none
    package var explain = ExplanationLevel.none

    /// False for a member that is not one of these.
    mutating func read(_ name: ParameterName, _ value: FieldValue) throws(WireError) -> Bool {
        switch name {
        case .userId: userId = try value.identifier()
        case .count: count = try value.integer(in: ProtocolLimits.count, reason: .countOutOfRange)
        case .excludeIds: excludeIds = try value.identifiers(maximumCount: ProtocolLimits.excludeIds)
        case .excludeSeen: excludeSeen = try value.boolean()
        case .weights: weights = try WeightOverrides(value)
        case .minScore:
            minScore = try value.number(
                in: -Double(Float.greatestFiniteMagnitude)...Double(Float.greatestFiniteMagnitude))
        case .strict: strict = try value.boolean()
        case .fields: fields = try Self.selection(value)
        case .explain: explain = try value.choice(of: ExplanationLevel.self)
        default: return false
        }
        return true
    }

    /// A repeated name is refused: the answer's object would repeat it too.
    private static func selection(_ value: FieldValue) throws(WireError) -> FieldSelection {
        var elements = try value.elements(maximumCount: ProtocolLimits.fields)
        var names: [WireString] = []
        var wantsAll = false
        while let element = try elements.next() {
            let name = try element.name(maximumBytes: ProtocolLimits.fieldNameBytes)
            if names.contains(name) { throw element.error("The name stands twice in the list.") }
            wantsAll = wantsAll || name.equals("*")
            names.append(name)
        }
        if wantsAll { return .all }
        return names.isEmpty ? .none : .named(names)
    }
}
