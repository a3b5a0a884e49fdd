// An expression as it was written, before anybody knows the properties' types.
//
//     text ─▶ FilterLexer ─▶ FilterParser ─┐
//                                          ├─▶ FilterNode ─▶ FilterTyping ─▶ FilterCondition | FilterNumber ─▶ bitmap | factors
//     JSON ─▶ FilterDocument ──────────────┘       └─▶ text, FilterDocument
//
// Both forms make the same nodes, and nodes print as either, so that they mean the same.

/// Whose property a name is.
package enum PropertyScope: String, Sendable, Hashable, CaseIterable {
    /// Of the item that is looked at; written without a scope.
    case item
    /// Of the item that the answer is about.
    case context
    case user
}

package enum FilterValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
    /// Milliseconds.
    case duration(Double)
    /// Milliseconds since 1970-01-01T00:00:00Z.
    case time(Int64)
}

package enum ComparisonOperator: String, Sendable, Hashable, CaseIterable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "="
    case notEqual = "!="
    case isIn = "in"
    case contains = "contains"
    case overlaps = "overlaps"
    case startsWith = "starts with"
    case endsWith = "ends with"

    /// As the name of a member.
    package var memberName: String {
        switch self {
        case .startsWith: "startsWith"
        case .endsWith: "endsWith"
        default: rawValue
        }
    }
}

package enum ArithmeticOperator: String, Sendable, Hashable, CaseIterable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
}

package enum FilterFunction: String, Sendable, Hashable, CaseIterable {
    case min, max, abs, log, sqrt

    var argumentCount: ClosedRange<Int> {
        switch self {
        case .min, .max: 2...8
        case .abs, .log, .sqrt: 1...1
        }
    }
}

/// A part of an expression, with where it stands. Equal where it says the same, wherever it stands.
package struct FilterNode: Sendable, Hashable {
    package indirect enum Form: Sendable, Hashable {
        case value(FilterValue)
        case property(PropertyScope, String)
        /// The time of the request.
        case now
        case list([FilterValue])
        case all([FilterNode])
        case any([FilterNode])
        case not(FilterNode)
        case comparison(ComparisonOperator, FilterNode, FilterNode)
        case arithmetic(ArithmeticOperator, FilterNode, FilterNode)
        case negated(FilterNode)
        case function(FilterFunction, [FilterNode])
    }

    package let form: Form
    package let place: FilterPlace
    /// 1 for a value or a name.
    let depth: Int
    let operatorCount: Int

    /// Refuses what is nested too deep or has too many operators.
    package init(_ form: Form, at place: FilterPlace) throws(FilterError) {
        let parts = form.parts
        self.form = form
        self.place = place
        depth = 1 + (parts.map(\.depth).max() ?? 0)
        operatorCount = parts.reduce(parts.isEmpty ? 0 : 1) { $0 + $1.operatorCount }
        guard depth <= FilterLimits.depth else {
            throw FilterError(place, "More than \(FilterLimits.depth) parts stand inside one another.")
        }
        guard operatorCount <= FilterLimits.operators else {
            throw FilterError(
                place, "The expression has more than \(FilterLimits.operators) operators.",
                expected: "'in' with a list in place of many comparisons")
        }
    }

    package static func == (left: FilterNode, right: FilterNode) -> Bool { left.form == right.form }

    package func hash(into hasher: inout Hasher) { hasher.combine(form) }
}

extension FilterNode.Form {
    var parts: [FilterNode] {
        switch self {
        case .value, .property, .now, .list: []
        case .all(let parts), .any(let parts), .function(_, let parts): parts
        case .not(let part), .negated(let part): [part]
        case .comparison(_, let left, let right), .arithmetic(_, let left, let right): [left, right]
        }
    }
}

extension FilterNode {
    /// Of no conditions, all hold; one alone is that one.
    package static func all(_ parts: [FilterNode], at place: FilterPlace) throws(FilterError) -> FilterNode {
        if parts.count == 1 { return parts[0] }
        return try FilterNode(parts.isEmpty ? .value(.boolean(true)) : .all(parts), at: place)
    }

    /// Of no conditions, none holds.
    package static func any(_ parts: [FilterNode], at place: FilterPlace) throws(FilterError) -> FilterNode {
        if parts.count == 1 { return parts[0] }
        return try FilterNode(parts.isEmpty ? .value(.boolean(false)) : .any(parts), at: place)
    }

    /// A number's sign is part of it.
    package static func negated(_ part: FilterNode, at place: FilterPlace) throws(FilterError) -> FilterNode {
        switch part.form {
        case .value(.number(let number)): try FilterNode(.value(.number(-number)), at: place)
        case .value(.duration(let duration)): try FilterNode(.value(.duration(-duration)), at: place)
        default: try FilterNode(.negated(part), at: place)
        }
    }
}
