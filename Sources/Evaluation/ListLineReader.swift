// Design note. A line is one object whose members, each at most once and in any order, are arrays of numbers, or single
// numbers. So small a language needs no JSON library, and this module keeps away from the wire's.

/// Reads one line such as `{"ranked":[..],"relevant":[..]}`.
struct ListLineReader {
    struct Member {
        enum Kind { case wholeNumbers, numbers, wholeNumber }

        let name: String
        let kind: Kind
        let isRequired: Bool

        init(_ name: String, _ kind: Kind, isRequired: Bool = false) {
            self.name = name
            self.kind = kind
            self.isRequired = isRequired
        }
    }

    private var rest: ArraySlice<UInt8>
    private let number: Int
    private let file: ListFile

    init(_ line: ArraySlice<UInt8>, number: Int, file: ListFile) {
        rest = line
        self.number = number
        self.file = file
    }

    /// The values of the members that the line has; nil for a blank line.
    mutating func read() throws(EvaluationError) -> [String: [Double]]? {
        skipSpace()
        guard !rest.isEmpty else { return nil }
        try take("{")
        var values: [String: [Double]] = [:]
        repeat {
            skipSpace()
            let next = file.members.first { values[$0.name] == nil && takes("\"\($0.name)\"") }
            guard let next else { throw unexpected(file.expectation) }
            values[next.name] = try value(next.kind)
            skipSpace()
        } while takes(",")
        try take("}")
        skipSpace()
        guard rest.isEmpty, file.members.allSatisfy({ !$0.isRequired || values[$0.name] != nil }) else {
            throw unexpected("one object with \(file.expectation)")
        }
        return values
    }

    private mutating func value(_ kind: Member.Kind) throws(EvaluationError) -> [Double] {
        skipSpace()
        try take(":")
        skipSpace()
        if kind == .wholeNumber { return [try wholeNumber()] }
        try take("[")
        skipSpace()
        if takes("]") { return [] }
        var values: [Double] = []
        repeat {
            skipSpace()
            values.append(kind == .numbers ? try realNumber() : try wholeNumber())
            skipSpace()
        } while takes(",")
        try take("]")
        return values
    }

    private mutating func wholeNumber() throws(EvaluationError) -> Double {
        let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        guard let value = Int32(String(decoding: digits, as: UTF8.self)) else {
            throw unexpected("a whole number from 0 to \(Int32.max)")
        }
        rest = rest.dropFirst(digits.count)
        return Double(value)
    }

    private mutating func realNumber() throws(EvaluationError) -> Double {
        let letters = rest.prefix { "0123456789+-.eE".utf8.contains($0) }
        guard let value = Double(String(decoding: letters, as: UTF8.self)), value.isFinite else {
            throw unexpected("a number")
        }
        rest = rest.dropFirst(letters.count)
        return value
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
        return file.error(line: number, expected: expected, found: found)
    }
}
