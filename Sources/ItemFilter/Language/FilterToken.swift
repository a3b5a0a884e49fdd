/// A word of a filter's text.
struct FilterToken: Equatable {
    enum Kind: Equatable {
        case number(Double)
        case duration(Double)
        case string(String)
        /// A keyword, a function or a name.
        case word(String)
        /// A name in backticks, which is never a keyword.
        case quotedName(String)
        case symbol(String)
        case end
    }

    let kind: Kind
    let place: FilterPlace

    /// As an error names it.
    var description: String {
        switch kind {
        case .number(let number): "the number \(FilterText.number(number))"
        case .duration(let duration): "the duration \(FilterText.duration(duration))"
        case .string: "a string"
        case .word(let word): "'\(word)'"
        case .quotedName(let name): "the name `\(name)`"
        case .symbol(let symbol): "'\(symbol)'"
        case .end: "the end"
        }
    }

    func isWord(_ word: String) -> Bool {
        if case .word(let own) = kind { return own.lowercased() == word }
        return false
    }

    func isSymbol(_ symbol: String) -> Bool { kind == .symbol(symbol) }
}

enum FilterWords {
    /// Words that are no names; a property that is called like one is written in backticks.
    static let keywords: Set<String> = [
        "and", "or", "not", "in", "contains", "overlaps", "starts", "ends", "with", "true", "false", "null",
    ]

    /// Milliseconds of one.
    static let durationUnits: [(name: String, milliseconds: Double)] = [
        ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000), ("ms", 1),
    ]

    static func isNameStart(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    static func isNamePart(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Whether a name needs no backticks.
    static func isPlainName(_ name: String) -> Bool {
        guard let first = name.utf8.first, isNameStart(first), name.utf8.allSatisfy(isNamePart) else { return false }
        return !keywords.contains(name.lowercased())
    }
}
