import Spelling

extension FilterParser {
    mutating func primary() throws(FilterError) -> FilterNode {
        let place = token.place
        switch token.kind {
        case .number(let number):
            advance()
            return try FilterNode(.value(.number(number)), at: place)
        case .duration(let duration):
            advance()
            return try FilterNode(.value(.duration(duration)), at: place)
        case .string(let text):
            advance()
            return try FilterNode(.value(.string(text)), at: place)
        case .quotedName(let name):
            advance()
            return try FilterNode(.property(.item, name), at: place)
        case .symbol("("):
            advance()
            return try bracketed()
        case .symbol("["):
            advance()
            return try FilterNode(.list(try listValues()), at: place)
        case .word(let word):
            return try named(word, at: place)
        case .symbol, .end:
            throw unexpected("a property, a value or '('")
        }
    }

    /// A keyword that is a value, a function or a name.
    private mutating func named(_ word: String, at place: FilterPlace) throws(FilterError) -> FilterNode {
        switch word.lowercased() {
        case "true", "false":
            advance()
            return try FilterNode(.value(.boolean(word.lowercased() == "true")), at: place)
        case "null":
            advance()
            return try FilterNode(.value(.null), at: place)
        case let lowered where FilterWords.keywords.contains(lowered):
            throw unexpected("a property, a value or '('; a property of that name in backticks: `\(word)`")
        default: break
        }
        advance()
        if take(symbol: "(") { return try call(word, at: place) }
        guard token.isSymbol(".") else { return try FilterNode(.property(.item, word), at: place) }
        guard let scope = PropertyScope(rawValue: word), scope != .item else {
            throw FilterError(
                place, "'\(word)' has no parts.",
                expected: "context. or user. before a name; a name with a point in backticks",
                nearest: EditDistance.nearest(to: word, among: ["context", "user"]))
        }
        advance()
        return try FilterNode(.property(scope, try scopedName()), at: place)
    }

    private mutating func scopedName() throws(FilterError) -> String {
        switch token.kind {
        case .word(let name), .quotedName(let name):
            advance()
            return name
        default: throw unexpected("a name")
        }
    }

    private mutating func call(_ word: String, at place: FilterPlace) throws(FilterError) -> FilterNode {
        if word == "now" {
            try require(symbol: ")")
            return try FilterNode(.now, at: place)
        }
        if word == "time" {
            let place = token.place
            guard case .string(let text) = token.kind else { throw unexpected("a time in quotes") }
            advance()
            try require(symbol: ")")
            return try FilterNode(.value(.time(try FilterHints.time(text, at: place))), at: place)
        }
        guard let function = FilterFunction(rawValue: word) else {
            throw FilterError(
                place, "There is no function '\(word)'.",
                expected: "one of " + FilterHints.functions.joined(separator: ", "),
                nearest: EditDistance.nearest(to: word, among: FilterHints.functions))
        }
        return try FilterNode(.function(function, try arguments(function.argumentCount, of: function)), at: place)
    }

    private mutating func listValues() throws(FilterError) -> [FilterValue] {
        var values: [FilterValue] = []
        if take(symbol: "]") { return values }
        repeat {
            let place = token.place
            guard values.count < FilterLimits.listValues else {
                throw FilterError(place, "The list has more than \(FilterLimits.listValues) values.")
            }
            let isNegative = take(symbol: "-")
            guard case .value(let value) = try primary().form else {
                throw FilterError(place, "A list holds values.", expected: "a number, a string, a time or a duration")
            }
            values.append(try FilterHints.listValue(value, isNegative: isNegative, at: place))
        } while take(symbol: ",")
        try require(symbol: "]")
        return values
    }
}

/// What both forms of an expression say in the same words.
enum FilterHints {
    static let functions = ["now", "time"] + FilterFunction.allCases.map(\.rawValue)

    static func nearestKeyword(to word: String) -> String? {
        EditDistance.nearest(
            to: word, among: ["and", "or", "not", "in", "contains", "overlaps", "starts with", "ends with"])
    }

    static func time(_ text: String, at place: FilterPlace) throws(FilterError) -> Int64 {
        guard let milliseconds = FilterText.milliseconds(ofTime: text) else {
            throw FilterError(
                place, "\(FilterText.string(text)) is no time.",
                expected: "a date such as 2024-05-17 or 2024-05-17T09:30:00Z")
        }
        return milliseconds
    }

    static func listValue(
        _ value: FilterValue, isNegative: Bool, at place: FilterPlace
    ) throws(FilterError) -> FilterValue {
        switch value {
        case .number(let number): return .number(isNegative ? -number : number)
        case .duration(let duration): return .duration(isNegative ? -duration : duration)
        case .string, .time: if !isNegative { return value }
        case .null, .boolean: break
        }
        throw FilterError(place, "A list holds no such value.", expected: "a number, a string, a time or a duration")
    }
}

extension String {
    var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
