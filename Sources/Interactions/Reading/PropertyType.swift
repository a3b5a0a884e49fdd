/// The type of a property, the same for all items of a file.
enum PropertyType {
    case string
    case strings
    case number
    case boolean
    case time

    /// What the values seen so far allow.
    struct Candidates {
        private let numbers: NumberForm
        private var isNumber = true
        private var count = 0
        private var numberCount = 0
        private var misfit: [UInt8]?
        /// The other forms that numbers have, and how many values are numbers in each.
        private let otherForms: [(form: NumberForm, option: String)]
        private var otherCounts: [Int]
        private var first: [UInt8]?
        private var isConstant = true
        private var isBoolean = true
        private var isTime = true
        private var isList = true
        private var isEmpty = true

        init(_ numbers: NumberForm) {
            self.numbers = numbers
            otherForms = NumberForm.others(than: numbers)
            otherCounts = otherForms.map { _ in 0 }
        }

        mutating func look(at bytes: ArraySlice<UInt8>, kind: RecordField.Kind) {
            isEmpty = false
            count += 1
            let value = Array(bytes)
            let isNumeric =
                kind == .number
                || kind == .text && !PropertyType.isCode(value) && numbers.number(value.span) != nil
            numberCount += isNumeric ? 1 : 0
            if !isNumeric && misfit == nil { misfit = value }
            if first == nil { first = value }
            isConstant = isConstant && first == value
            if kind == .text && value.first.map({ $0 < UInt8(ascii: ":") }) == true && !PropertyType.isCode(value) {
                for index in otherForms.indices where otherForms[index].form.number(value.span) != nil {
                    otherCounts[index] += 1
                }
            }
            switch kind {
            case .number: (isBoolean, isTime, isList) = (false, false, false)
            case .boolean: (isNumber, isTime, isList) = (false, false, false)
            case .list: (isNumber, isBoolean, isTime) = (false, false, false)
            default:
                isList = false
                isNumber = isNumber && isNumeric
                isBoolean = isBoolean && PropertyType.boolean(value) != nil
                isTime = isTime && TimestampParser.calendarMilliseconds(value.span) != nil
            }
        }

        /// Of a property that is text though at least half of its values are numbers, or would be in another form, and of one that
        /// tells nothing apart; nil for others.
        func warning(_ name: String) -> String? {
            if isConstant && count >= Self.leastConstantCount, let first {
                return
                    "\(name) is the same in all \(count) rows that have it, \"\(BadRow.printable(first[...]))\": it tells "
                    + "nothing apart."
            }
            let most = max(numberCount, otherCounts.max() ?? 0)
            guard let misfit, numberCount < count, 2 * most >= count else { return nil }
            let text = BadRow.printable(misfit[...])
            let advice = NumberForm.advice(text)
            return "\(name) is text and not a number, because of \(count - numberCount) of \(count) values, such as "
                + "\"\(text)\". \(advice.isEmpty ? "Mend them, or clear the cells." : advice)"
        }

        /// Fewer rows may be alike by chance.
        private static let leastConstantCount = 10

        var type: PropertyType {
            if isEmpty { return .string }
            if isNumber { return .number }
            if isBoolean { return .boolean }
            if isTime { return .time }
            return isList ? .strings : .string
        }
    }

    /// The value of that type; nil for an empty list.
    func value(of bytes: ArraySlice<UInt8>, kind: RecordField.Kind, _ numbers: NumberForm) -> PropertyValue? {
        let text = String(decoding: bytes, as: UTF8.self)
        let value = Array(bytes)
        switch self {
        case .string: return .string(text)
        case .strings:
            let elements =
                kind == .list
                ? JSONLineParser.elements(ofArray: bytes) : text.split(separator: "|").map(String.init)
            return elements.isEmpty ? nil : .strings(elements)
        case .number:
            let number = kind == .number ? NumberParser.number(value.span) : numbers.number(value.span)
            return number.map { .number($0) } ?? .string(text)
        case .boolean: return Self.boolean(value).map { .boolean($0) } ?? .string(text)
        case .time: return TimestampParser.calendarMilliseconds(value.span).map { .time($0) } ?? .string(text)
        }
    }

    private static func boolean(_ bytes: [UInt8]) -> Bool? {
        switch String(decoding: bytes, as: UTF8.self).lowercased() {
        case "true": true
        case "false": false
        default: nil
        }
    }

    /// Digits with a zero in front, as in `007`, where the zero means something.
    private static func isCode(_ bytes: [UInt8]) -> Bool {
        let digits = bytes.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        guard digits.count > 1, digits.first == UInt8(ascii: "0") else { return false }
        return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digits[digits.startIndex + 1])
    }
}
