// A key as people copy it, and what a server keeps of it.
//
//     ftk-4f1c9a7d2b3e-9b2f...(64 digits)            the key: id and secret, in lower-case hexadecimal; shown once
//         └─ id ─────┘ └─ secret, 32 random bytes
//
// The file of keys has the id, and of the secret an Argon2id hash; of a key that signs browser tokens, the key that those
// signatures are checked with instead, which is derived from the secret and gives it away no more than a hash does.

/// A key as it is presented. Not to be logged: `id` may be.
package struct AccessKey: Sendable {
    static let prefix = "ftk-"
    static let idBytes = 6
    static let secretBytes = 32

    /// Twelve digits; public.
    package let id: String
    let secret: [UInt8]

    /// A new one.
    package init() {
        id = Hexadecimal.text(Sodium.randomBytes(Self.idBytes))
        secret = Sodium.randomBytes(Self.secretBytes)
    }

    /// Nil where this is not the form of a key.
    package init?(_ text: some Collection<UInt8>) {
        let length = Self.prefix.utf8.count + 2 * Self.idBytes + 1 + 2 * Self.secretBytes
        let bytes = Array(text.prefix(length + 1))
        guard bytes.count == length, bytes.starts(with: Self.prefix.utf8) else { return nil }
        let rest = bytes.dropFirst(Self.prefix.utf8.count)
        let id = rest.prefix(2 * Self.idBytes)
        let tail = rest.dropFirst(2 * Self.idBytes)
        guard Hexadecimal.bytes(id) != nil, tail.first == UInt8(ascii: "-"),
            let secret = Hexadecimal.bytes(tail.dropFirst())
        else { return nil }
        self.id = String(decoding: id, as: UTF8.self)
        self.secret = secret
    }

    /// The whole key: for whoever made it, once.
    package var text: String { Self.prefix + id + "-" + Hexadecimal.text(secret) }

    /// What browser tokens are signed with.
    var signingKey: [UInt8] { Sodium.hmac(Array(BrowserToken.derivation.utf8), key: secret) }
}

/// Lower-case hexadecimal digits.
enum Hexadecimal {
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Nil where there is anything else, or half a byte.
    static func bytes(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in text {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }
}
