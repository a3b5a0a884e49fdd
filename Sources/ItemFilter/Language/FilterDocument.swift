// An expression as JSON: every operator is an object with one member, its name, whose value lists what it takes.
//
//     {"all": [C, ...]}  {"any": [C, ...]}  {"not": C}
//     {"<": [A, B]}  <= > >= = !=   {"in": [A, [V, ...]]}  contains overlaps startsWith endsWith
//     {"+": [A, B]}  - * /   {"-": [A]}   {"min": [A, B, ...]}  max abs log sqrt
//     {"property": "price"}  {"context": "brand"}  {"user": "id"}  {"now": []}  {"time": "2024-05-17"}  {"duration": "30d"}
//     numbers, strings, true, false and null are themselves

/// A JSON value, whoever parsed it.
package indirect enum FilterDocument: Sendable, Equatable {
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
    case list([FilterDocument])
    /// In the order of the source.
    case object([Member])

    package struct Member: Sendable, Equatable {
        package let name: String
        package let value: FilterDocument

        package init(_ name: String, _ value: FilterDocument) {
            self.name = name
            self.value = value
        }
    }
}

extension FilterNode {
    /// The JSON that means the same.
    package var document: FilterDocument {
        switch form {
        case .value(let value): value.document
        case .property(let scope, let name): .one(scope == .item ? "property" : scope.rawValue, .string(name))
        case .now: .one("now", .list([]))
        case .list(let values): .list(values.map(\.document))
        case .all(let parts): .one("all", .list(parts.map(\.document)))
        case .any(let parts): .one("any", .list(parts.map(\.document)))
        case .not(let part): .one("not", part.document)
        case .comparison(let comparison, let left, let right):
            .one(comparison.memberName, .list([left.document, right.document]))
        case .arithmetic(let arithmetic, let left, let right):
            .one(arithmetic.rawValue, .list([left.document, right.document]))
        case .negated(let part): .one("-", .list([part.document]))
        case .function(let function, let parts): .one(function.rawValue, .list(parts.map(\.document)))
        }
    }
}

extension FilterValue {
    var document: FilterDocument {
        switch self {
        case .null: .null
        case .boolean(let boolean): .boolean(boolean)
        case .number(let number): .number(number)
        case .string(let text): .string(text)
        case .duration(let duration): .one("duration", .string(FilterText.duration(duration)))
        case .time(let time): .one("time", .string(FilterText.time(time)))
        }
    }
}

extension FilterDocument {
    fileprivate static func one(_ name: String, _ value: FilterDocument) -> FilterDocument {
        .object([Member(name, value)])
    }
}
