import WireProtocol

/// What a parameter may be: for the tests that hold the schemas to the declarations.
package indirect enum ParameterKind: Sendable, Equatable {
    /// Any text.
    case string(maximumBytes: Int)
    /// At least one byte, no control characters.
    case name(maximumBytes: Int)
    case integer(ClosedRange<Int>, default: Int? = nil)
    case number(ClosedRange<Double>)
    case boolean(default: Bool)
    case choice([String], default: String? = nil)
    /// RFC 3339 text, or milliseconds since 1970-01-01T00:00:00Z.
    case time
    /// A filter or a boost: a text, or the same as JSON.
    case expression
    /// Of a request that was sent before.
    case requestId
    /// Of a batch.
    case requests(maximumCount: Int)
    case list(of: ParameterKind, maximumCount: Int)
    case either(ParameterKind, ParameterKind)
    case object([ParameterDescription])
    /// An object whose names its sender chooses.
    case anyObject
    /// A list of numbers, or `{"f32b64":"..."}`.
    case vector(maximumDimensions: Int)

    /// Of an object, or of one inside.
    var members: [ParameterDescription] {
        switch self {
        case .object(let members): members
        case .list(let element, _): element.members
        case .either(let first, let second): first.members + second.members
        default: []
        }
    }
}

extension KnownMembers {
    /// By what is declared.
    init(_ parameters: [ParameterDescription]) {
        self.init(
            Dictionary(
                parameters.map { parameter in
                    let inside = parameter.kind.members
                    return (parameter.name, inside.isEmpty ? nil : KnownMembers(inside))
                }, uniquingKeysWith: { first, _ in first }))
    }
}

/// One parameter, as it is told.
package struct ParameterDescription: Sendable, Equatable {
    package let name: String
    package let kind: ParameterKind
    /// The request is refused without it.
    package let isRequired: Bool
}
