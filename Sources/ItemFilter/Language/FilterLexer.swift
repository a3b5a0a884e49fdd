/// Cuts a filter's text into words.
struct FilterLexer {
    let bytes: [UInt8]
    var position = 0
    /// Where the byte `counted` stands.
    private var (line, column) = (1, 1)
    private var counted = 0

    /// - Parameter text: at most `FilterLimits.textBytes`.
    init(_ text: String) { bytes = Array(text.utf8) }

    private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    static func tokens(of text: String) throws(FilterError) -> [FilterToken] {
        guard text.utf8.count <= FilterLimits.textBytes else {
            throw FilterError(
                .member(""),
                "The text has \(text.utf8.count) bytes of UTF-8; at most \(FilterLimits.textBytes) are allowed.")
        }
        var lexer = FilterLexer(text)
        var tokens: [FilterToken] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    /// Not before the token that was begun last.
    func place(of offset: Int) -> FilterPlace {
        var (line, column) = (line, column)
        for byte in bytes[counted..<min(offset, bytes.count)] {
            if byte == UInt8(ascii: "\n") {
                (line, column) = (line + 1, 1)
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return .text(offset: offset, line: line, column: column)
    }

    /// Counts lines and columns up to a token's first byte, so that no byte is counted for every token behind it.
    private mutating func beginToken() -> FilterPlace {
        let place = place(of: position)
        if case .text(_, let line, let column) = place { (self.line, self.column, counted) = (line, column, position) }
        return place
    }

    private mutating func next() throws(FilterError) -> FilterToken {
        while let byte, byte == UInt8(ascii: " ") || (9...13).contains(byte) { position += 1 }
        let start = position
        let place = beginToken()
        guard let byte else { return FilterToken(kind: .end, place: place) }
        let kind: FilterToken.Kind =
            if FilterWords.isDigit(byte) || (byte == UInt8(ascii: ".") && isDigit(at: start + 1)) {
                try numberOrDuration(start)
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                .string(try quoted(start, mark: byte))
            } else if byte == UInt8(ascii: "`") {
                .quotedName(try name(start))
            } else if FilterWords.isNameStart(byte) {
                .word(word())
            } else {
                .symbol(try symbol(start))
            }
        return FilterToken(kind: kind, place: place)
    }

    private func isDigit(at position: Int) -> Bool { position < bytes.count && FilterWords.isDigit(bytes[position]) }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private mutating func word() -> String {
        let start = position
        while let byte, FilterWords.isNamePart(byte) { position += 1 }
        return text(start..<position)
    }

    private mutating func skipDigits() { while let byte, FilterWords.isDigit(byte) { position += 1 } }

    private mutating func numberOrDuration(_ start: Int) throws(FilterError) -> FilterToken.Kind {
        skipDigits()
        if byte == UInt8(ascii: "."), isDigit(at: position + 1) {
            position += 1
            skipDigits()
        }
        if let byte, byte | 0x20 == UInt8(ascii: "e") {
            let sign =
                position + 1 < bytes.count && [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[position + 1])
            if isDigit(at: position + (sign ? 2 : 1)) {
                position += sign ? 2 : 1
                skipDigits()
            }
        }
        guard let number = Double(text(start..<position)), number.isFinite else {
            throw FilterError(place(of: start), "The number is too large.")
        }
        guard let byte, FilterWords.isNamePart(byte) else { return .number(number) }
        let unitStart = position
        let unit = word()
        guard let milliseconds = FilterText.milliseconds(number, unit) else {
            throw FilterError(
                place(of: unitStart), "'\(unit)' is no unit of time.",
                expected: "one of " + FilterWords.durationUnits.map(\.name).joined(separator: ", "))
        }
        guard milliseconds <= FilterLimits.durationMilliseconds else {
            throw FilterError(place(of: start), "The duration is too long.")
        }
        return .duration(milliseconds)
    }

    /// Everything up to the next backtick.
    private mutating func name(_ start: Int) throws(FilterError) -> String {
        guard let end = bytes[(start + 1)...].firstIndex(of: UInt8(ascii: "`")) else {
            throw FilterError(place(of: start), "The name in backticks has no end.", expected: "` behind the name")
        }
        position = end + 1
        guard end > start + 1 else { throw FilterError(place(of: start), "The name in backticks is empty.") }
        return text(start + 1..<end)
    }

    private mutating func symbol(_ start: Int) throws(FilterError) -> String {
        let two = start + 2 <= bytes.count ? text(start..<start + 2) : ""
        if ["<=", ">=", "!=", "=="].contains(two) {
            position += 2
            return two == "==" ? "=" : two
        }
        let hints = ["&&": "and", "||": "or", "<>": "!="]
        if let hint = hints[two] {
            throw FilterError(place(of: start), "'\(two)' is no operator here.", expected: "'\(hint)'")
        }
        let one = text(start..<start + 1)
        guard ["<", ">", "=", "(", ")", "[", "]", ",", ".", "+", "-", "*", "/"].contains(one) else {
            let hint = one == "!" ? "'not'" : nil
            throw FilterError(place(of: start), "'\(one)' means nothing here.", expected: hint)
        }
        position += 1
        return one
    }
}
