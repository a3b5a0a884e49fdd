internal import CSodium

/// The calls of libsodium, each wrapped once. Everything here is thread-safe after the first call.
enum Sodium {
    /// A key has 256 random bits, so no guessing needs to be made dear: two passes over 8 MiB are for the case that a generator of
    /// random bits was poor. 15 ms on the development machine.
    private static let passes: UInt64 = 2
    private static let memoryBytes = 8 << 20
    private static let hashTextBytes = Int(crypto_pwhash_STRBYTES)

    private static let isReady: Bool = sodium_init() >= 0

    static func randomBytes(_ count: Int) -> [UInt8] {
        precondition(isReady, "libsodium starts wherever there is a source of random bytes")
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe randombytes_buf(&bytes, bytes.count)
        return bytes
    }

    /// In a time that says nothing of where they differ.
    static func areEqual(_ first: [UInt8], _ second: [UInt8]) -> Bool {
        guard first.count == second.count else { return false }
        return unsafe sodium_memcmp(first, second, first.count) == 0
    }

    /// Argon2id (Biryukov, Dinu, Khovratovich 2016; RFC 9106) with a salt of its own; nil where there is not enough memory.
    static func passwordHash(of secret: [UInt8]) -> String? {
        precondition(isReady)
        var text = [CChar](repeating: 0, count: hashTextBytes)
        let password = secret.map { CChar(bitPattern: $0) }
        let status = unsafe crypto_pwhash_str_alg(
            &text, password, UInt64(password.count), passes, memoryBytes, crypto_pwhash_ALG_ARGON2ID13)
        guard status == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether the hash is of this secret; compared in constant time.
    static func isPasswordHash(_ hash: String, of secret: [UInt8]) -> Bool {
        precondition(isReady)
        var text = hash.utf8.prefix(hashTextBytes - 1).map { CChar(bitPattern: $0) }
        text += [CChar](repeating: 0, count: hashTextBytes - text.count)
        let password = secret.map { CChar(bitPattern: $0) }
        return unsafe crypto_pwhash_str_verify(text, password, UInt64(password.count)) == 0
    }

    /// HMAC-SHA256 (RFC 2104, FIPS 180-4).
    static func hmac(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        precondition(isReady)
        var state = crypto_auth_hmacsha256_state()
        var code = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_BYTES))
        unsafe crypto_auth_hmacsha256_init(&state, key, key.count)
        unsafe crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        unsafe crypto_auth_hmacsha256_final(&state, &code)
        return code
    }

}
