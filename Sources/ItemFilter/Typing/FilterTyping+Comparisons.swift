extension FilterTyping {
    mutating func comparison(
        _ comparison: ComparisonOperator, _ left: FilterNode, _ right: FilterNode, _ place: FilterPlace
    ) throws(FilterError) -> FilterCondition {
        let leftTerm = try term(left)
        let rightTerm = try term(right)
        switch comparison {
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            let (first, second) = try numbers(leftTerm, left, rightTerm, right, place, comparison)
            return .order(comparison, first, second)
        case .equal: return try equality(leftTerm, left, rightTerm, right, place, comparison)
        case .notEqual: return .not(try equality(leftTerm, left, rightTerm, right, place, comparison))
        case .isIn: return try membership(leftTerm, left, rightTerm, right, place)
        case .contains: return try containing(leftTerm, rightTerm, right, place)
        case .overlaps:
            guard let first = try texts(leftTerm, left), let second = try texts(rightTerm, right) else {
                throw wrong(comparison, leftTerm, rightTerm, place, "two lists of strings")
            }
            return .overlap(first, second)
        case .startsWith, .endsWith:
            guard case .text(let first) = leftTerm, case .text(let second) = rightTerm else {
                throw wrong(comparison, leftTerm, rightTerm, place, "two strings")
            }
            return .textTest(comparison == .startsWith ? .startsWith : .endsWith, first, second)
        }
    }

    private func wrong(
        _ comparison: ComparisonOperator, _ left: TypedTerm, _ right: TypedTerm, _ place: FilterPlace,
        _ expected: String
    ) -> FilterError {
        FilterError(
            place, "'\(comparison.rawValue)' does not go with \(left.article) and \(right.article).", expected: expected
        )
    }

    /// Two numbers of one kind. A string beside a time is read as one.
    private func numbers(
        _ left: TypedTerm, _ leftNode: FilterNode, _ right: TypedTerm, _ rightNode: FilterNode, _ place: FilterPlace,
        _ comparison: ComparisonOperator
    ) throws(FilterError) -> (FilterNumber, FilterNumber) {
        switch (left, right) {
        case (.number(let first, let firstKind), .number(let second, let secondKind)) where firstKind == secondKind:
            return (first, second)
        case (.number(let first, .time), .text(.constant(let text))):
            return (first, .constant(Double(try FilterHints.time(text, at: rightNode.place))))
        case (.text(.constant(let text)), .number(let second, .time)):
            return (.constant(Double(try FilterHints.time(text, at: leftNode.place))), second)
        default: throw wrong(comparison, left, right, place, "two numbers, two times or two durations")
        }
    }

    private func equality(
        _ left: TypedTerm, _ leftNode: FilterNode, _ right: TypedTerm, _ rightNode: FilterNode, _ place: FilterPlace,
        _ comparison: ComparisonOperator
    ) throws(FilterError) -> FilterCondition {
        switch (left, right) {
        case (.null, .null): return .constant(true)
        case (.null, let other), (let other, .null): return try missing(other, place)
        case (.text(let first), .text(let second)): return .textTest(.equal, first, second)
        case (.condition(let first), .condition(let second)): return .equalTruths(first, second)
        case (.number, _), (_, .number):
            let (first, second) = try numbers(left, leftNode, right, rightNode, place, comparison)
            return .equalNumbers(first, second)
        case (.texts, _), (_, .texts), (.list, _), (_, .list):
            throw wrong(comparison, left, right, place, "'contains', 'in' or 'overlaps' for lists")
        default: throw wrong(comparison, left, right, place, "two values of one type")
        }
    }

    private func missing(_ term: TypedTerm, _ place: FilterPlace) throws(FilterError) -> FilterCondition {
        switch term {
        case .number(let number, _): return .missingNumber(number)
        case .condition(let condition): return .missingTruth(condition)
        case .text(let text): return .missingText(text)
        case .texts(let texts): return .missingTexts(texts)
        case .list, .null: throw FilterError(place, "A list in brackets is never null.")
        }
    }

    private func membership(
        _ left: TypedTerm, _ leftNode: FilterNode, _ right: TypedTerm, _ rightNode: FilterNode, _ place: FilterPlace
    ) throws(FilterError) -> FilterCondition {
        switch (left, right) {
        case (.text(let text), .texts(let texts)): return .textIn(text, texts)
        case (.text(let text), .list(let values)): return .textIn(text, .constant(try strings(values, rightNode)))
        case (.number(let number, let kind), .list(let values)):
            return .numberIn(number, try self.values(values, of: kind, rightNode))
        case (.texts, .list): throw wrong(.isIn, left, right, place, "'overlaps' between two lists")
        default: throw wrong(.isIn, left, right, place, "a value and a list of such values")
        }
    }

    private func containing(
        _ left: TypedTerm, _ right: TypedTerm, _ rightNode: FilterNode, _ place: FilterPlace
    ) throws(FilterError) -> FilterCondition {
        switch (left, right) {
        case (.texts(let texts), .text(let text)): return .textIn(text, texts)
        case (.text(let text), .text(let part)): return .textTest(.contains, text, part)
        case (.texts, .list): throw wrong(.contains, left, right, place, "'overlaps' between two lists")
        default: throw wrong(.contains, left, right, place, "a list of strings, or a string, and then a string")
        }
    }

    /// Nil for what is no list of strings.
    private func texts(_ term: TypedTerm, _ node: FilterNode) throws(FilterError) -> FilterTerms? {
        switch term {
        case .texts(let texts): texts
        case .list(let values): .constant(try strings(values, node))
        case .condition, .number, .text, .null: nil
        }
    }

    private func strings(_ values: [FilterValue], _ node: FilterNode) throws(FilterError) -> [String] {
        var strings: [String] = []
        for value in values {
            guard case .string(let text) = value else {
                throw FilterError(node.place, "The list holds \(value.text) among strings.", expected: "strings alone")
            }
            strings.append(text)
        }
        return strings
    }

    private func values(
        _ values: [FilterValue], of kind: NumberKind, _ node: FilterNode
    ) throws(FilterError) -> [Double] {
        var numbers: [Double] = []
        for value in values {
            switch (value, kind) {
            case (.number(let number), .number), (.duration(let number), .duration): numbers.append(number)
            case (.time(let time), .time): numbers.append(Double(time))
            case (.string(let text), .time): numbers.append(Double(try FilterHints.time(text, at: node.place)))
            default:
                throw FilterError(
                    node.place, "The list holds \(value.text), which is not \(kind.article).",
                    expected: "values of one type")
            }
        }
        return numbers
    }
}
