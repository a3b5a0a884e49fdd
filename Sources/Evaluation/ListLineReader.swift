// Design note. The two members of a line, each once, in either order, are arrays of whole numbers from 0 to 2^31 - 1.
// So small a language needs no JSON library, and this module keeps away from the wire's.

/// Reads one line of `{"ranked":[..],"relevant":[..]}`.
struct ListLineReader {
    private var rest: ArraySlice<UInt8>
    private let number: Int

    init(_ line: ArraySlice<UInt8>, number: Int) {
        rest = line
        self.number = number
    }

    /// Nil for a blank line.
    mutating func read() throws(EvaluationError) -> ScoredList? {
        skipSpace()
        guard !rest.isEmpty else { return nil }
        try take("{")
        var ranked: [Int32]?
        var relevant: [Int32]?
        repeat {
            skipSpace()
            if ranked == nil, takes("\"ranked\"") {
                ranked = try array()
            } else if relevant == nil, takes("\"relevant\"") {
                relevant = try array()
            } else {
                throw unexpected("the members \"ranked\" and \"relevant\", each once")
            }
            skipSpace()
        } while takes(",")
        try take("}")
        skipSpace()
        guard let ranked, let relevant, rest.isEmpty else {
            throw unexpected("one object with \"ranked\" and \"relevant\"")
        }
        return try ScoredList(ranked: ranked, relevant: relevant, line: number)
    }

    private mutating func array() throws(EvaluationError) -> [Int32] {
        skipSpace()
        try take(":")
        skipSpace()
        try take("[")
        skipSpace()
        if takes("]") { return [] }
        var values: [Int32] = []
        repeat {
            skipSpace()
            let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            guard let value = Int32(String(decoding: digits, as: UTF8.self)) else {
                throw unexpected("a whole number from 0 to \(Int32.max)")
            }
            values.append(value)
            rest = rest.dropFirst(digits.count)
            skipSpace()
        } while takes(",")
        try take("]")
        return values
    }

    private mutating func skipSpace() {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
    }

    private mutating func takes(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    private mutating func take(_ text: String) throws(EvaluationError) {
        skipSpace()
        if !takes(text) { throw unexpected("\"\(text)\"") }
    }

    private func unexpected(_ expected: String) -> EvaluationError {
        // 20 bytes show where it went wrong without filling the screen.
        let found = rest.isEmpty ? "the end of the line" : "\"\(String(decoding: rest.prefix(20), as: UTF8.self))\""
        return ScoredList.error(line: number, expected: expected, found: found)
    }
}
