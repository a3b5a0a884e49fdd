package import ServiceMethods

extension ParameterKind {
    /// What a value may be, in words.
    package var inWords: String {
        switch self {
        case .string(let limit): "a text of at most \(limit) bytes"
        case .name(let limit): "a text of 1 to \(limit) bytes"
        case .integer(let range, let value): Self.words("an integer", range, value)
        case .number(let range):
            range.upperBound.isFinite ? "a number from \(range.lowerBound) to \(range.upperBound)" : "a number"
        case .boolean(let value): "true or false (\(value))"
        case .choice(let names, let value):
            names.joined(separator: " | ") + (value.map { " (\($0))" } ?? "")
        case .time: "a time: 2026-11-30T17:00:00Z, or milliseconds"
        case .expression: "a text, such as price < 10"
        case .requestId: "the id of a request"
        case .requests(let limit): "a list of at most \(limit) requests"
        case .list(let element, let limit): "at most \(limit), each \(element.inWords)"
        case .either(let first, let second): "\(first.inWords); or \(second.inWords)"
        case .object(let members): "an object: " + members.map(\.name).joined(separator: ", ")
        case .anyObject: "an object"
        case .vector(let limit): "at most \(limit) numbers"
        }
    }

    private static func words(_ what: String, _ range: ClosedRange<Int>, _ value: Int?) -> String {
        "\(what) from \(range.lowerBound) to \(range.upperBound)" + (value.map { " (\($0))" } ?? "")
    }
}
