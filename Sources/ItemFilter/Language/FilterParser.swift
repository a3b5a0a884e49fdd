// The grammar, loosest first; keywords in any case:
//
//     any         = all { "or" all }
//     all         = not { "and" not }
//     not         = "not" not | comparison
//     comparison  = sum [ operator sum | ["not"] ("in" | "contains" | "overlaps" | "starts" "with" | "ends" "with") sum ]
//     sum         = product { ("+" | "-") product }
//     product     = sign { ("*" | "/") sign }
//     sign        = "-" sign | primary
//     primary     = number | duration | string | "true" | "false" | "null" | list | "now" "(" ")" | "time" "(" string ")"
//                 | function "(" any { "," any } ")" | [ "context" "." | "user" "." ] name | "(" any ")"
//     list        = "[" [ value { "," value } ] "]"

/// Reads an expression's text.
package struct FilterParser {
    private let tokens: [FilterToken]
    private var position = 0
    /// Brackets, signs and `not` that are open.
    private var nesting = 0

    package static func parse(_ text: String) throws(FilterError) -> FilterNode {
        var parser = FilterParser(tokens: try FilterLexer.tokens(of: text))
        let node = try parser.any()
        guard parser.token.kind == .end else { throw parser.unexpected("an operator, 'and', 'or' or the end") }
        return node
    }

    private init(tokens: [FilterToken]) { self.tokens = tokens }

    var token: FilterToken { tokens[position] }

    mutating func advance() { if position + 1 < tokens.count { position += 1 } }

    mutating func take(word: String) -> Bool {
        guard token.isWord(word) else { return false }
        advance()
        return true
    }

    mutating func take(symbol: String) -> Bool {
        guard token.isSymbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func require(symbol: String) throws(FilterError) {
        guard take(symbol: symbol) else { throw unexpected("'\(symbol)'") }
    }

    func unexpected(_ expected: String) -> FilterError {
        var nearest: String?
        if case .word(let word) = token.kind { nearest = FilterHints.nearestKeyword(to: word) }
        return FilterError(
            token.place, "\(token.description.capitalisedFirst) does not belong here.", expected: expected,
            nearest: nearest)
    }

    private mutating func nested(
        _ body: (inout FilterParser) throws(FilterError) -> FilterNode
    ) throws(FilterError) -> FilterNode {
        nesting += 1
        guard nesting <= FilterLimits.depth else {
            throw FilterError(token.place, "More than \(FilterLimits.depth) parts stand inside one another.")
        }
        let node = try body(&self)
        nesting -= 1
        return node
    }

    mutating func any() throws(FilterError) -> FilterNode {
        let place = token.place
        var parts = [try all()]
        while take(word: "or") { parts.append(try all()) }
        return try FilterNode.any(parts, at: place)
    }

    private mutating func all() throws(FilterError) -> FilterNode {
        let place = token.place
        var parts = [try not()]
        while take(word: "and") { parts.append(try not()) }
        return try FilterNode.all(parts, at: place)
    }

    private mutating func not() throws(FilterError) -> FilterNode {
        let place = token.place
        guard take(word: "not") else { return try comparison() }
        let part = try nested { parser throws(FilterError) in try parser.not() }
        return try FilterNode(.not(part), at: place)
    }

    private mutating func comparison() throws(FilterError) -> FilterNode {
        let left = try sum()
        let place = token.place
        let isNegated = token.isWord("not")
        if isNegated { advance() }
        guard let comparison = try comparisonOperator(afterNot: isNegated) else { return left }
        let node = try FilterNode(.comparison(comparison, left, try sum()), at: place)
        if let next = try comparisonOperator(afterNot: false) {
            throw FilterError(
                place, "'\(comparison.rawValue)' and '\(next.rawValue)' follow each other.",
                expected: "two comparisons with 'and' between them")
        }
        return isNegated ? try FilterNode(.not(node), at: place) : node
    }

    private mutating func comparisonOperator(afterNot: Bool) throws(FilterError) -> ComparisonOperator? {
        if !afterNot, case .symbol(let symbol) = token.kind, let found = ComparisonOperator(rawValue: symbol) {
            advance()
            return found
        }
        for (word, found) in [("in", ComparisonOperator.isIn), ("contains", .contains), ("overlaps", .overlaps)]
        where take(word: word) { return found }
        for (word, found) in [("starts", ComparisonOperator.startsWith), ("ends", .endsWith)] where take(word: word) {
            guard take(word: "with") else { throw unexpected("'with'") }
            return found
        }
        if afterNot { throw unexpected("'in', 'contains', 'overlaps', 'starts with' or 'ends with'") }
        return nil
    }

    private mutating func sum() throws(FilterError) -> FilterNode {
        var left = try product()
        while true {
            let place = token.place
            if take(symbol: "+") {
                left = try FilterNode(.arithmetic(.add, left, try product()), at: place)
            } else if take(symbol: "-") {
                left = try FilterNode(.arithmetic(.subtract, left, try product()), at: place)
            } else {
                return left
            }
        }
    }

    private mutating func product() throws(FilterError) -> FilterNode {
        var left = try sign()
        while true {
            let place = token.place
            if take(symbol: "*") {
                left = try FilterNode(.arithmetic(.multiply, left, try sign()), at: place)
            } else if take(symbol: "/") {
                left = try FilterNode(.arithmetic(.divide, left, try sign()), at: place)
            } else {
                return left
            }
        }
    }

    private mutating func sign() throws(FilterError) -> FilterNode {
        let place = token.place
        guard take(symbol: "-") else { return try primary() }
        let part = try nested { parser throws(FilterError) in try parser.sign() }
        return try FilterNode.negated(part, at: place)
    }

    mutating func bracketed() throws(FilterError) -> FilterNode {
        let node = try nested { parser throws(FilterError) in try parser.any() }
        try require(symbol: ")")
        return node
    }

    mutating func arguments(
        _ count: ClosedRange<Int>, of function: FilterFunction
    ) throws(FilterError) -> [FilterNode] {
        var found: [FilterNode] = []
        repeat {
            let place = token.place
            guard found.count < count.upperBound else {
                throw FilterError(place, "\(function.rawValue)() takes at most \(count.upperBound) values.")
            }
            found.append(try nested { parser throws(FilterError) in try parser.any() })
        } while take(symbol: ",")
        guard found.count >= count.lowerBound else {
            throw FilterError(
                token.place, "\(function.rawValue)() takes at least \(count.lowerBound) values.", expected: "','")
        }
        try require(symbol: ")")
        return found
    }
}
