import Interactions
import ItemFilter

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An expression's meaning, item by item and value by value, as the specification's text says it: it shares nothing with the
/// evaluation but the nodes.
struct BruteForceFilter {
    enum Value: Equatable {
        case missing
        case boolean(Bool)
        case number(Double)
        case string(String)
        case strings([String])
    }

    let item: [String: PropertyValue]
    let types: [String: FilterType]
    let bindings: FilterBindings

    func admits(_ node: FilterNode) -> Bool { value(node) == .boolean(true) }

    func factor(_ node: FilterNode) -> Float {
        guard case .number(let number) = value(node) else { return 1 }
        return Float(min(max(number, 0.1), 10))
    }

    func value(_ node: FilterNode) -> Value {
        switch node.form {
        case .value(let value): Self.value(value)
        case .list(let values): .strings(values.map { if case .string(let text) = $0 { text } else { "" } })
        case .now: .number(Double(bindings.now / 60_000 * 60_000))
        case .property(let scope, let name): property(scope, name)
        case .all(let parts): conjunction(parts)
        case .any(let parts): negated(negatedConjunction(parts))
        case .not(let part): negated(value(part))
        case .comparison(let comparison, let left, let right): compare(comparison, left, right)
        case .arithmetic(let arithmetic, let left, let right): calculate(arithmetic, number(left), number(right))
        case .negated(let part): number(part).map { .number(-$0) } ?? .missing
        case .function(let function, let parts): call(function, parts.map { number($0) })
        }
    }

    private static func value(_ value: FilterValue) -> Value {
        switch value {
        case .null: .missing
        case .boolean(let boolean): .boolean(boolean)
        case .number(let number), .duration(let number): .number(number)
        case .string(let text): .string(text)
        case .time(let time): .number(Double(time))
        }
    }

    private func property(_ scope: PropertyScope, _ name: String) -> Value {
        let found =
            switch scope {
            case .item: item[name]
            case .context: bindings.context[name]
            case .user: bindings.user[name]
            }
        let type = scope == .user ? .string : types[name] ?? .string
        switch (type, found) {
        case (.string, .string(let text)): return .string(text)
        case (.strings, .string(let text)): return .strings([text])
        case (.strings, .strings(let texts)): return texts.isEmpty ? .missing : .strings(texts)
        case (.number, .number(let number)): return .number(number)
        case (.boolean, .boolean(let boolean)): return .boolean(boolean)
        case (.time, .time(let time)): return .number(Double(time))
        default: return .missing
        }
    }

    private func conjunction(_ parts: [FilterNode]) -> Value {
        let values = parts.map { value($0) }
        if values.contains(.boolean(false)) { return .boolean(false) }
        return values.contains(.missing) ? .missing : .boolean(true)
    }

    private func negatedConjunction(_ parts: [FilterNode]) -> Value {
        let values = parts.map { negated(value($0)) }
        if values.contains(.boolean(false)) { return .boolean(false) }
        return values.contains(.missing) ? .missing : .boolean(true)
    }

    private func negated(_ value: Value) -> Value {
        if case .boolean(let boolean) = value { .boolean(!boolean) } else { .missing }
    }

    /// A condition is 1 or 0.
    private func number(_ node: FilterNode) -> Double? {
        switch value(node) {
        case .number(let number): return number
        case .boolean(let boolean): return boolean ? 1 : 0
        default:
            // What is unknown of a condition counts 0; what is missing of a number stays so.
            return isCondition(node) ? 0 : nil
        }
    }

    private func isCondition(_ node: FilterNode) -> Bool {
        switch node.form {
        case .all, .any, .not, .comparison, .value(.boolean): true
        case .property(_, let name): types[name] == .boolean
        default: false
        }
    }

    private func compare(_ comparison: ComparisonOperator, _ left: FilterNode, _ right: FilterNode) -> Value {
        let (first, second) = (value(left), value(right))
        switch comparison {
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            guard case .number(let a) = first, case .number(let b) = second else { return .missing }
            switch comparison {
            case .less: return .boolean(a < b)
            case .lessOrEqual: return .boolean(a <= b)
            case .greater: return .boolean(a > b)
            default: return .boolean(a >= b)
            }
        case .equal: return .boolean(equal(left, right, first, second))
        case .notEqual: return .boolean(!equal(left, right, first, second))
        case .isIn: return .boolean(isIn(first, right))
        case .contains:
            if case .strings(let texts) = first, case .string(let text) = second {
                return .boolean(texts.contains(text))
            }
            guard case .string(let text) = first, case .string(let part) = second else { return .boolean(false) }
            return .boolean(part.isEmpty || text.indices.contains { text[$0...].hasPrefix(part) })
        case .overlaps:
            guard case .strings(let a) = first, case .strings(let b) = second else { return .boolean(false) }
            return .boolean(!Set(a).isDisjoint(with: b))
        case .startsWith, .endsWith:
            guard case .string(let text) = first, case .string(let part) = second else { return .boolean(false) }
            return .boolean(comparison == .startsWith ? text.hasPrefix(part) : text.hasSuffix(part))
        }
    }

    private func equal(_ left: FilterNode, _ right: FilterNode, _ first: Value, _ second: Value) -> Bool {
        if left.form == .value(.null) { return second == .missing }
        if right.form == .value(.null) { return first == .missing }
        return first != .missing && first == second
    }

    private func isIn(_ value: Value, _ list: FilterNode) -> Bool {
        if case .list(let values) = list.form {
            return value != .missing && values.contains { Self.value($0) == value }
        }
        guard case .string(let text) = value, case .strings(let texts) = self.value(list) else { return false }
        return texts.contains(text)
    }

    private func calculate(_ arithmetic: ArithmeticOperator, _ left: Double?, _ right: Double?) -> Value {
        guard let left, let right else { return .missing }
        let result =
            switch arithmetic {
            case .add: left + right
            case .subtract: left - right
            case .multiply: left * right
            case .divide: left / right
            }
        return result.isFinite ? .number(result) : .missing
    }

    private func call(_ function: FilterFunction, _ arguments: [Double?]) -> Value {
        let numbers = arguments.compactMap { $0 }
        guard numbers.count == arguments.count else { return .missing }
        switch function {
        case .min: return .number(numbers.min() ?? 0)
        case .max: return .number(numbers.max() ?? 0)
        case .abs: return .number(abs(numbers[0]))
        case .log: return numbers[0] > 0 ? .number(log(numbers[0])) : .missing
        case .sqrt: return numbers[0] >= 0 ? .number(numbers[0].squareRoot()) : .missing
        }
    }
}
