// What a backend gives a browser: the right to ask for one user, made without asking the server.
//
//     ftb1.4f1c9a7d2b3e.1767225600000.dTE.Y2F0ZWdvcnkgPSAic2hvZXMi.zX3...
//          └ key's id    └ expiry      └ user └ filter                └ signature
//
//     signing key   HMAC-SHA256(key: the secret's 32 bytes, message: "foretaste browser token 1")
//     signature     HMAC-SHA256(key: signing key, message: everything before the last dot)
//
// Expiry: milliseconds since 1970-01-01T00:00:00Z, decimal, 0 for none. User, filter and signature: base64url without padding (RFC
// 4648, section 5) of UTF-8, or of the signature's 32 bytes; the filter may be empty.

package struct BrowserToken: Sendable, Equatable {
    static let derivation = "foretaste browser token 1"
    private static let name = "ftb1"
    /// Of a user's id.
    package static let userBytes = 1...256
    package static let filterBytes = 8 << 10
    /// The longest token: everything at its limit.
    package static let textBytes = 12_000

    /// Of the key that signs.
    package let keyId: String
    package let userId: [UInt8]
    package let filter: [UInt8]
    /// Milliseconds since 1970-01-01T00:00:00Z; nil where it does not end.
    package let expiresAt: Int64?
    private let signed: [UInt8]
    private let signature: [UInt8]

    /// Nil where this is not the form of a token. Whether it is genuine, `isSigned` tells.
    package init?(_ text: some Collection<UInt8>) {
        guard text.count <= Self.textBytes else { return nil }
        let parts = Array(text).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].elementsEqual(Self.name.utf8), parts[1].count == 2 * AccessKey.idBytes,
            Hexadecimal.bytes(parts[1]) != nil, let expiry = Self.time(parts[2]),
            let user = Base64URL.bytes(parts[3]), Self.userBytes.contains(user.count),
            let filter = Base64URL.bytes(parts[4]), filter.count <= Self.filterBytes,
            let signature = Base64URL.bytes(parts[5])
        else { return nil }
        keyId = String(decoding: parts[1], as: UTF8.self)
        userId = user
        self.filter = filter
        expiresAt = expiry == 0 ? nil : expiry
        self.signature = signature
        signed = Array(parts[0..<5].joined(separator: [UInt8(ascii: ".")]))
    }

    /// At most 15 digits, which is the year 33658.
    private static func time(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard (1...15).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0") else {
            return nil
        }
        var value: Int64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return value
    }

    func isSigned(with signingKey: [UInt8]) -> Bool {
        Sodium.areEqual(signature, Sodium.hmac(signed, key: signingKey))
    }

    /// As a backend makes it: for tests, and for `foretaste keys token`.
    package static func text(_ key: AccessKey, userId: String, expiresAt: Int64?, filter: String = "") -> String {
        let head = [
            name, key.id, "\(expiresAt ?? 0)", Base64URL.text(Array(userId.utf8)), Base64URL.text(Array(filter.utf8)),
        ].joined(separator: ".")
        return head + "." + Base64URL.text(Sodium.hmac(Array(head.utf8), key: key.signingKey))
    }
}

/// RFC 4648, section 5, without padding.
enum Base64URL {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let values: [Int16] = {
        var values = [Int16](repeating: -1, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = Int16(value) }
        return values
    }()

    static func text(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0...group.count { output.append(digits[word >> (18 - 6 * place) & 63]) }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// Nil where a character does not belong, or bits are left over that are not 0: one text for each value.
    static func bytes(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var output: [UInt8] = []
        var word = 0
        var bitCount = 0
        for digit in text {
            guard values[Int(digit)] >= 0 else { return nil }
            word = word << 6 | Int(values[Int(digit)])
            bitCount += 6
            guard bitCount >= 8 else { continue }
            bitCount -= 8
            output.append(UInt8(truncatingIfNeeded: word >> bitCount))
            word &= 1 << bitCount - 1
        }
        return word == 0 ? output : nil
    }
}
