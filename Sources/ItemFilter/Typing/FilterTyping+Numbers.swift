extension FilterTyping {
    mutating func arithmetic(
        _ arithmetic: ArithmeticOperator, _ left: FilterNode, _ right: FilterNode, _ place: FilterPlace
    ) throws(FilterError) -> TypedTerm {
        let (leftNumber, leftKind) = try number(left)
        let (rightNumber, rightKind) = try number(right)
        guard let kind = Self.kind(arithmetic, leftKind, rightKind) else {
            throw FilterError(
                place,
                "'\(arithmetic.rawValue)' does not go with \(leftKind.article) and \(rightKind.article).",
                expected: Self.allowed(arithmetic))
        }
        return .number(.arithmetic(arithmetic, leftNumber, rightNumber), kind)
    }

    private static func kind(_ arithmetic: ArithmeticOperator, _ left: NumberKind, _ right: NumberKind) -> NumberKind? {
        switch (arithmetic, left, right) {
        case (.add, .number, .number), (.subtract, .number, .number), (.multiply, .number, .number),
            (.divide, .number, .number), (.divide, .duration, .duration):
            .number
        case (.add, .duration, .duration), (.subtract, .duration, .duration), (.subtract, .time, .time),
            (.multiply, .number, .duration), (.multiply, .duration, .number), (.divide, .duration, .number):
            .duration
        case (.add, .time, .duration), (.add, .duration, .time), (.subtract, .time, .duration): .time
        default: nil
        }
    }

    private static func allowed(_ arithmetic: ArithmeticOperator) -> String {
        switch arithmetic {
        case .add: "two numbers, two durations, or a time and a duration"
        case .subtract: "two numbers, two durations, two times, or a time and then a duration"
        case .multiply: "two numbers, or a number and a duration"
        case .divide: "two numbers, two durations, or a duration and then a number"
        }
    }

    mutating func function(
        _ function: FilterFunction, _ parts: [FilterNode], _ place: FilterPlace
    ) throws(FilterError) -> TypedTerm {
        var numbers: [FilterNumber] = []
        var kinds: [NumberKind] = []
        for part in parts {
            let (number, kind) = try number(part)
            numbers.append(number)
            kinds.append(kind)
        }
        let first = kinds.first ?? .number
        switch function {
        case .min, .max:
            guard let other = kinds.firstIndex(where: { $0 != first }) else { break }
            throw FilterError(
                parts[other].place, "\(function.rawValue)() takes values of one type; this is \(kinds[other].article).",
                expected: first.article)
        case .abs:
            guard first == .time else { break }
            throw FilterError(parts[0].place, "abs() takes no time.", expected: "a number or a duration")
        case .log, .sqrt:
            guard first != .number else { break }
            throw FilterError(parts[0].place, "\(function.rawValue)() takes a number; this is \(first.article).")
        }
        return .number(.function(function, numbers), first)
    }
}
