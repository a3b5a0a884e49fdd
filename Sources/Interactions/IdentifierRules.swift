/// What an id of a user or an item may be: 1 to 256 bytes of UTF-8 without control characters.
package enum IdentifierRules {
    /// Short enough for an LMDB key (511 bytes) beside a prefix; longer than any id seen in the wild.
    package static let maximalByteCount = 256

    package enum Violation: Sendable {
        case empty
        case tooLong
        case controlCharacter
    }

    /// The first rule that `bytes`, which must be valid UTF-8, break. Control characters are those of Unicode's
    /// category Cc: U+0000 to U+001F and U+007F to U+009F.
    package static func violation(of bytes: Span<UInt8>) -> Violation? {
        if bytes.isEmpty { return .empty }
        if bytes.count > maximalByteCount { return .tooLong }
        var previous: UInt8 = 0
        for position in bytes.indices {
            let byte = bytes[position]
            if byte < 0x20 || byte == 0x7f { return .controlCharacter }
            if previous == 0xc2 && byte < 0xa0 { return .controlCharacter }
            previous = byte
        }
        return nil
    }
}
