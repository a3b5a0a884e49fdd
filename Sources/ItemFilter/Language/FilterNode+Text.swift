extension FilterNode {
    /// As `FilterParser` reads it again, with no more brackets than it takes.
    package var text: String { written(inside: .any) }

    /// How tightly an expression holds together.
    private enum Precedence: Int, Comparable {
        case any, all, not, comparison, sum, product, sign, primary

        static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }

        var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .primary }
    }

    private var precedence: Precedence {
        switch form {
        case .any: .any
        case .all: .all
        case .not: .not
        case .comparison: .comparison
        case .arithmetic(.add, _, _), .arithmetic(.subtract, _, _): .sum
        case .arithmetic: .product
        case .negated: .sign
        case .value(.number(let number)), .value(.duration(let number)): number < 0 ? .sign : .primary
        case .value, .property, .now, .list, .function: .primary
        }
    }

    private func written(inside outer: Precedence) -> String {
        precedence < outer ? "(\(bare))" : bare
    }

    private var bare: String {
        switch form {
        case .value(let value): value.text
        case .property(let scope, let name):
            (scope == .item ? "" : scope.rawValue + ".") + Self.written(name: name, of: scope)
        case .now: "now()"
        case .list(let values): "[" + values.map(\.text).joined(separator: ", ") + "]"
        case .any(let parts): parts.map { $0.written(inside: .all) }.joined(separator: " or ")
        case .all(let parts): parts.map { $0.written(inside: .not) }.joined(separator: " and ")
        case .not(let part): "not " + part.written(inside: .not)
        case .comparison(let comparison, let left, let right):
            "\(left.written(inside: .sum)) \(comparison.rawValue) \(right.written(inside: .sum))"
        case .arithmetic(let arithmetic, let left, let right):
            "\(left.written(inside: precedence)) \(arithmetic.rawValue) \(right.written(inside: precedence.next))"
        case .negated(let part): "-" + part.written(inside: .sign)
        case .function(let function, let parts):
            function.rawValue + "(" + parts.map { $0.written(inside: .any) }.joined(separator: ", ") + ")"
        }
    }

    /// A name before a bracket or a point would be something else.
    private static func written(name: String, of scope: PropertyScope) -> String {
        let isPlain = FilterWords.isPlainName(name) && !(scope == .item && PropertyScope(rawValue: name) != nil)
        return isPlain ? name : "`\(name)`"
    }
}

extension FilterValue {
    var text: String {
        switch self {
        case .null: "null"
        case .boolean(let boolean): boolean ? "true" : "false"
        case .number(let number): FilterText.number(number)
        case .string(let text): FilterText.string(text)
        case .duration(let duration): FilterText.duration(duration)
        case .time(let time): "time(\(FilterText.string(FilterText.time(time))))"
        }
    }
}
