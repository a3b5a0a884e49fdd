import WireProtocol

/// One parameter of a method, or one member of an object in it: name, type and limits, and where its value goes.
///
/// `Target` is what holds the values, borrowed from the request; the closures make that assignment and nothing else.
struct Parameter<Target>: Sendable {
    let name: StaticString
    let kind: ParameterKind
    /// What the refusal says where it is absent; nil where it may be.
    let requirement: String?
    let read: @Sendable (FieldValue, inout Target) throws(WireError) -> Void

    init(
        _ name: StaticString, _ kind: ParameterKind, required: String? = nil,
        _ read: @escaping @Sendable (FieldValue, inout Target) throws(WireError) -> Void
    ) {
        self.name = name
        self.kind = kind
        requirement = required
        self.read = read
    }

    /// The same, of a value that holds the target.
    func inside<Outer>(_ path: any WritableKeyPath<Outer, Target> & Sendable) -> Parameter<Outer> {
        Parameter<Outer>(name, kind) { value, outer throws(WireError) in try read(value, &outer[keyPath: path]) }
    }

    var description: ParameterDescription {
        ParameterDescription(name: "\(name)", kind: kind, isRequired: requirement != nil)
    }
}

extension Parameter {
    typealias Store<Value> = @Sendable (inout Target, Value) -> Void

    static func string(
        _ name: StaticString, maximumBytes: Int, _ store: @escaping Store<WireString>
    ) -> Parameter {
        Parameter(name, .string(maximumBytes: maximumBytes)) { value, target throws(WireError) in
            store(&target, try value.string(maximumBytes: maximumBytes))
        }
    }

    static func name(
        _ name: StaticString, maximumBytes: Int, required: String? = nil, _ store: @escaping Store<WireString>
    ) -> Parameter {
        Parameter(name, .name(maximumBytes: maximumBytes), required: required) { value, target throws(WireError) in
            store(&target, try value.name(maximumBytes: maximumBytes))
        }
    }

    /// Of a user, an item or a customer. A number is refused with the reason why.
    static func identifier(
        _ name: StaticString, required: String? = nil, _ store: @escaping Store<WireString>
    ) -> Parameter {
        Parameter(name, .identifier, required: required) { value, target throws(WireError) in
            store(&target, try value.identifier())
        }
    }

    static func identifiers(
        _ name: StaticString, maximumCount: Int, required: String? = nil, _ store: @escaping Store<[WireString]>
    ) -> Parameter {
        Parameter(name, .list(of: .identifier, maximumCount: maximumCount), required: required) {
            value, target throws(WireError) in
            store(&target, try value.identifiers(maximumCount: maximumCount))
        }
    }

    /// One name, or a list of them.
    static func names(
        _ name: StaticString, maximumCount: Int, maximumBytes: Int, _ store: @escaping Store<[WireString]>
    ) -> Parameter {
        let one = ParameterKind.name(maximumBytes: maximumBytes)
        return Parameter(name, .either(one, .list(of: one, maximumCount: maximumCount))) {
            value, target throws(WireError) in
            store(&target, try value.names(maximumCount: maximumCount, maximumBytes: maximumBytes))
        }
    }

    /// How many are wanted; another number is `COUNT_OUT_OF_RANGE`.
    static func count(
        in range: ClosedRange<Int> = ProtocolLimits.count, default value: Int? = nil, _ store: @escaping Store<Int>
    ) -> Parameter {
        integer("count", in: range, default: value, reason: .countOutOfRange, store)
    }

    static func integer(
        _ name: StaticString, in range: ClosedRange<Int>, default value: Int? = nil, reason: ErrorReason = .badField,
        _ store: @escaping Store<Int>
    ) -> Parameter {
        Parameter(name, .integer(range, default: value)) { value, target throws(WireError) in
            store(&target, try value.integer(in: range, reason: reason))
        }
    }

    static func number(
        _ name: StaticString, in range: ClosedRange<Double>, _ store: @escaping Store<Float>
    ) -> Parameter {
        Parameter(name, .number(range)) { value, target throws(WireError) in
            store(&target, try value.number(in: range))
        }
    }

    /// A number with all its digits.
    static func precise(
        _ name: StaticString, in range: ClosedRange<Double>, _ store: @escaping Store<Double>
    ) -> Parameter {
        Parameter(name, .number(range)) { value, target throws(WireError) in
            store(&target, try value.preciseNumber(in: range))
        }
    }

    static func amount(
        _ name: StaticString, required: String? = nil, _ store: @escaping Store<Double>
    ) -> Parameter {
        Parameter(name, .number(ProtocolLimits.amount), required: required) { value, target throws(WireError) in
            store(&target, try value.amount())
        }
    }

    static func boolean(
        _ name: StaticString, default value: Bool, _ store: @escaping Store<Bool>
    ) -> Parameter {
        Parameter(name, .boolean(default: value)) { value, target throws(WireError) in
            store(&target, try value.boolean())
        }
    }

    static func choice<Choice: CaseIterable & RawRepresentable<String> & Sendable>(
        _ name: StaticString, of _: Choice.Type, default value: Choice? = nil, required: String? = nil,
        _ store: @escaping Store<Choice>
    ) -> Parameter {
        let choices = WireChoices(Choice.self)
        let kind = ParameterKind.choice(choices.names, default: value?.rawValue)
        return Parameter(name, kind, required: required) { value, target throws(WireError) in
            store(&target, try value.choice(from: choices))
        }
    }

    static func choices<Choice: CaseIterable & RawRepresentable<String> & Sendable>(
        _ name: StaticString, of _: Choice.Type, maximumCount: Int, _ store: @escaping Store<[Choice]>
    ) -> Parameter {
        let choices = WireChoices(Choice.self)
        return Parameter(name, .list(of: .choice(choices.names), maximumCount: maximumCount)) {
            value, target throws(WireError) in
            store(&target, try value.choices(from: choices, maximumCount: maximumCount))
        }
    }
}

extension ParameterKind {
    static var identifier: ParameterKind { .name(maximumBytes: ProtocolLimits.identifierBytes) }
}
