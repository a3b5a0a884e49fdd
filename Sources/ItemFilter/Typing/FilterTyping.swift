/// Gives an expression its types, or says where they do not fit.
package struct FilterTyping {
    private let schema: FilterSchema
    private var itemProperties: [String] = []
    private var contextProperties: [String] = []
    private var userProperties: [String] = []
    private var usesNow = false

    private init(_ schema: FilterSchema) { self.schema = schema }

    /// An expression that holds for an item or does not.
    package static func filter(_ node: FilterNode, _ schema: FilterSchema) throws(FilterError) -> TypedFilter {
        var typing = FilterTyping(schema)
        let term = try typing.term(node)
        guard case .condition(let condition) = term else {
            throw FilterError(
                node.place, "A filter is a condition; this is \(term.article).",
                expected: "a comparison, such as price < 50")
        }
        return typing.typed(.condition(condition), node)
    }

    /// An expression whose result multiplies an item's score.
    package static func boost(_ node: FilterNode, _ schema: FilterSchema) throws(FilterError) -> TypedFilter {
        var typing = FilterTyping(schema)
        let term = try typing.term(node)
        guard case .number(let number, .number) = term else {
            throw FilterError(
                node.place, "A boost is a number; this is \(term.article).",
                expected: "a number, such as 1 + 0.5 * (margin > 0.3)")
        }
        return typing.typed(.number(number), node)
    }

    private func typed(_ root: TypedFilter.Root, _ node: FilterNode) -> TypedFilter {
        TypedFilter(
            root: root, itemProperties: itemProperties, contextProperties: contextProperties,
            userProperties: userProperties, usesNow: usesNow, text: node.text, partTexts: Self.partTexts(node))
    }

    private static func partTexts(_ node: FilterNode) -> [String] {
        guard case .all(let parts) = node.form else { return [node.text] }
        return parts.map(\.text)
    }

    mutating func term(_ node: FilterNode) throws(FilterError) -> TypedTerm {
        switch node.form {
        case .value(let value): return TypedTerm(value)
        case .list(let values): return .list(values)
        case .now:
            usesNow = true
            return .number(.now, .time)
        case .property(let scope, let name): return try property(scope, name, node.place)
        case .all(let parts): return .condition(.all(try conditions(parts)))
        case .any(let parts): return .condition(.any(try conditions(parts)))
        case .not(let part): return .condition(.not(try condition(part)))
        case .comparison(let comparison, let left, let right):
            return .condition(try self.comparison(comparison, left, right, node.place))
        case .arithmetic(let arithmetic, let left, let right):
            return try self.arithmetic(arithmetic, left, right, node.place)
        case .negated(let part):
            let (number, kind) = try number(part)
            guard kind != .time else { throw mismatch(part, "A time has no negative.", .time) }
            return .number(.negated(number), kind)
        case .function(let function, let parts): return try self.function(function, parts, node.place)
        }
    }

    private mutating func property(
        _ scope: PropertyScope, _ name: String, _ place: FilterPlace
    ) throws(FilterError) -> TypedTerm {
        let type = try schema.type(of: scope, name, at: place)
        let reference: FilterReference
        switch scope {
        case .item: reference = .item(Self.place(of: name, in: &itemProperties))
        case .context:
            _ = Self.place(of: name, in: &contextProperties)
            reference = .context(name)
        case .user:
            _ = Self.place(of: name, in: &userProperties)
            reference = .user(name)
        }
        switch type {
        case .string: return .text(.reference(reference))
        case .strings: return .texts(.reference(reference))
        case .number: return .number(.reference(reference), .number)
        case .time: return .number(.reference(reference), .time)
        case .boolean: return .condition(.reference(reference))
        }
    }

    private static func place(of name: String, in names: inout [String]) -> Int {
        if let place = names.firstIndex(of: name) { return place }
        names.append(name)
        return names.count - 1
    }

    mutating func condition(_ node: FilterNode) throws(FilterError) -> FilterCondition {
        let term = try term(node)
        if case .condition(let condition) = term { return condition }
        throw FilterError(
            node.place, "'and', 'or' and 'not' take conditions; this is \(term.article).", expected: "a comparison")
    }

    private mutating func conditions(_ nodes: [FilterNode]) throws(FilterError) -> [FilterCondition] {
        var found: [FilterCondition] = []
        for node in nodes { found.append(try condition(node)) }
        return found
    }

    /// A condition counts as 1 or 0.
    mutating func number(_ node: FilterNode) throws(FilterError) -> (FilterNumber, NumberKind) {
        let term = try term(node)
        switch term {
        case .number(let number, let kind): return (number, kind)
        case .condition(let condition): return (.condition(condition), .number)
        case .text, .texts, .list, .null:
            throw FilterError(
                node.place, "This is \(term.article), with which nothing can be reckoned.",
                expected: "a number, a time or a duration")
        }
    }

    func mismatch(_ node: FilterNode, _ problem: String, _ kind: NumberKind) -> FilterError {
        FilterError(node.place, problem, expected: kind == .time ? "a number or a duration" : nil)
    }
}

/// What numbers are of.
enum NumberKind: Sendable, Equatable {
    case number, time, duration

    var article: String {
        switch self {
        case .number: "a number"
        case .time: "a time"
        case .duration: "a duration"
        }
    }
}

/// A part of an expression with its type.
enum TypedTerm {
    case condition(FilterCondition)
    case number(FilterNumber, NumberKind)
    case text(FilterTerm)
    case texts(FilterTerms)
    case list([FilterValue])
    case null

    init(_ value: FilterValue) {
        switch value {
        case .null: self = .null
        case .boolean(let boolean): self = .condition(.constant(boolean))
        case .number(let number): self = .number(.constant(number), .number)
        case .string(let text): self = .text(.constant(text))
        case .duration(let duration): self = .number(.constant(duration), .duration)
        case .time(let time): self = .number(.constant(Double(time)), .time)
        }
    }

    var article: String {
        switch self {
        case .condition: "true or false"
        case .number(_, let kind): kind.article
        case .text: "a string"
        case .texts: "a property that is a list of strings"
        case .list: "a list"
        case .null: "null"
        }
    }
}
