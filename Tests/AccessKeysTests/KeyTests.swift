import Foundation
import StoredFiles
import TestSupport
import Testing

@testable import AccessKeys

/// Keys, their file, and browser tokens; the figures of the tokens were made by Python's `hmac` and `hashlib`.
@Suite struct KeyTests {
    private static let text = "ftk-4f1c9a7d2b3e-000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    private static let token =
        "ftb1.4f1c9a7d2b3e.1893456000000.a8OkdWZlciA3..sDngno15vHgxnujUPpuv27IVf7hnm1xvN-fc96_QnzQ"
    private static let filtered =
        "ftb1.4f1c9a7d2b3e.0.dTE.Y2F0ZWdvcnkgPSAic2hvZXMi.9TumgIW7aO4Xz8FBHn_-wByXOm_8Sd5HgmBUhVosq9U"
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func ring(_ role: AccessRole, _ key: AccessKey) throws -> KeyRing {
        var file = KeyFile()
        try file.add(try KeyRecord(key, role: role, created: "2026-11-30T17:00:00Z", name: "a shop"))
        return KeyRing(file)
    }

    private func grant(_ ring: KeyRing, _ text: String, at now: Int64 = 0) -> Grant? {
        switch ring.check(Array(text.utf8), at: now) {
        case .granted(let grant): grant
        case .refused: nil
        case .mustVerify(let verification): verification.run()
        }
    }

    @Test func aKeyHasOneForm() throws {
        let key = try #require(AccessKey(Self.text.utf8))
        #expect(key.text == Self.text && key.id == "4f1c9a7d2b3e")
        #expect(Hexadecimal.text(key.signingKey) == "16c72466c21a4354daff0e7719432cb83d6c4f41c5ab95158399ce87624c63a8")
        let wrong = [
            "", "ftk-", String(Self.text.dropLast()), Self.text + "0", Self.text.uppercased(), " " + Self.text,
            Self.text.replacingOccurrences(of: "-0001", with: "_0001"),
            Self.text.replacingOccurrences(of: "1f", with: "1g"),
            String(repeating: "f", count: 1 << 20),
        ]
        for text in wrong { #expect(AccessKey(text.utf8) == nil, "\(text.prefix(100))") }
        #expect(AccessKey().text != AccessKey().text)
    }

    @Test func tokensAreWhatTheirTextSays() throws {
        let key = try #require(AccessKey(Self.text.utf8))
        #expect(BrowserToken.text(key, userId: "käufer 7", expiresAt: 1_893_456_000_000) == Self.token)
        #expect(BrowserToken.text(key, userId: "u1", expiresAt: nil, filter: "category = \"shoes\"") == Self.filtered)
        let ring = try ring(.browser, key)
        let first = try #require(grant(ring, Self.token, at: 1_893_455_999_999))
        #expect(first.role == .browser && first.userId == Array("käufer 7".utf8) && first.filter.isEmpty)
        #expect(!first.hasExpired(at: 1_893_455_999_999) && first.hasExpired(at: 1_893_456_000_000))
        #expect(grant(ring, Self.token, at: 1_893_456_000_000) == nil, "it has expired")
        #expect(try #require(grant(ring, Self.filtered, at: .max)).filter == Array("category = \"shoes\"".utf8))
        #expect(grant(ring, Self.text) == nil, "a key that signs is none to present")
    }

    /// Every byte of a token is signed or is the signature; each other text of the same value is refused too.
    @Test func noByteOfATokenMayChange() throws {
        let key = try #require(AccessKey(Self.text.utf8))
        let ring = try ring(.browser, key)
        let bytes = Array(Self.token.utf8)
        for place in bytes.indices {
            for other in Array("A0.=z".utf8) where other != bytes[place] {
                var changed = bytes
                changed[place] = other
                if case .refused = ring.check(changed, at: 0) { continue }
                Issue.record("byte \(place) may be \(other)")
            }
            if case .refused = ring.check(bytes.prefix(place), at: 0) { continue }
            Issue.record("the first \(place) bytes are enough")
        }
        #expect(ring.wrongCount > bytes.count)
        #expect(BrowserToken(Array("ftb1.4f1c9a7d2b3e.00.dTE..AAAA".utf8)) == nil)
        #expect(BrowserToken(Array("ftb1.4f1c9a7d2b3e.9999999999999999.dTE..AAAA".utf8)) == nil)
        #expect(BrowserToken(Array("ftb1.4f1c9a7d2b3e.0...AAAA".utf8)) == nil, "nobody")
        #expect(BrowserToken([UInt8](repeating: UInt8(ascii: "."), count: 20_000)) == nil)
    }

    @Test func aKeyIsVerifiedOnceAndNeverKept() throws {
        let key = AccessKey()
        let ring = try ring(.write, key)
        guard case .mustVerify(let verification) = ring.check(Array(key.text.utf8), at: 0) else {
            Issue.record("a key that was never seen needs its hash")
            return
        }
        #expect(try #require(verification.run()).role == .write)
        guard case .granted(let grant) = ring.check(Array(key.text.utf8), at: 0) else {
            Issue.record("a key that was seen needs no hash")
            return
        }
        #expect(grant.keyId == key.id && grant.userId == nil && !grant.isRevoked)
        // The right id with another secret, before and after.
        let other = String(key.text.dropLast(4)) + (key.text.hasSuffix("0000") ? "1111" : "0000")
        #expect(self.grant(ring, other) == nil)
        #expect(self.grant(ring, AccessKey().text) == nil && self.grant(ring, "nonsense") == nil)
        #expect(ring.wrongCount == 3)
    }

    @Test func whatIsTakenOutOfTheFileEndsAtOnce() throws {
        let (one, two) = (AccessKey(), AccessKey())
        var file = KeyFile()
        try file.add(try KeyRecord(one, role: .read, created: "now", name: ""))
        try file.add(try KeyRecord(two, role: .admin, created: "now", name: "two words"))
        let ring = KeyRing(file)
        let (first, second) = (try #require(grant(ring, one.text)), try #require(grant(ring, two.text)))
        #expect(file.remove(id: one.id) && !file.remove(id: one.id))
        ring.replace(by: file)
        #expect(first.isRevoked && !second.isRevoked && grant(ring, one.text) == nil)
        // The same line is the same key; under another role it is another.
        var changed = KeyFile()
        try changed.add(try KeyRecord(two, role: .read, created: "now", name: "two words"))
        ring.replace(by: changed)
        #expect(second.isRevoked && grant(ring, two.text)?.role == .read)
    }

    // MARK: The file

    @Test func theFileIsItsOwnersAlone() throws {
        let path = folder.path("keys")
        let key = AccessKey()
        try KeyFile.change(path) { file throws(KeyFileError) in
            try file.add(try KeyRecord(key, role: .read, created: "2026-11-30T17:00:00Z", name: "shop backend"))
        }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let text = try folder.text(of: "keys")
        #expect(text.hasPrefix("foretaste keys 1\n\(key.id) read 2026-11-30T17:00:00Z $argon2id$v=19$m=8192,t=2,p=1$"))
        #expect(text.hasSuffix(" shop backend\n"))
        #expect(!text.contains(key.text.suffix(64)), "the secret is in no file")
        #expect(try KeyFile.read(path).records.map(\.name) == ["shop backend"])
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let error = #expect(throws: KeyFileError.self) { try KeyFile.read(path) }
        #expect("\(try #require(error))".contains("chmod 600"))
    }

    @Test func whatIsNoFileOfKeysIsRefused() throws {
        let record = try KeyRecord(AccessKey(), role: .browser, created: "now", name: "").line
        let head = "foretaste keys 1\n"
        let wrong = [
            "", "{}", "foretaste keys 2\n", head + "\n", head + "x\n", head + record + "\n" + record + "\n",
            head + record.replacingOccurrences(of: "browser", with: "root") + "\n",
            head + record.replacingOccurrences(of: "browser", with: "admin") + "\n",
            head + record.replacingOccurrences(of: "hmac-sha256:", with: "hmac-sha256:0") + "\n",
            head + record + "\u{7}\n", head + String(repeating: "a", count: 2 << 20),
        ]
        for (number, text) in wrong.enumerated() {
            let path = try folder.write(text, to: "keys\(number)")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            #expect(throws: KeyFileError.self, "\(text.prefix(100))") { try KeyFile.read(path) }
        }
        #expect(throws: KeyFileError.self) { try KeyFile.read(folder.path("missing")) }
        let empty = try folder.write(head, to: "empty")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: empty)
        #expect(try KeyFile.read(empty).records.isEmpty)
    }

    @Test func manyThatChangeItAtOnceLoseNothing() throws {
        let path = folder.path("keys")
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            do {
                try KeyFile.change(path) { file throws(KeyFileError) in
                    try file.add(try KeyRecord(AccessKey(), role: .browser, created: "now", name: ""))
                }
            } catch {
                Issue.record(error)
            }
        }
        #expect(try KeyFile.read(path).records.count == 8)
    }

    @Test func base64URLHasOneTextForEachValue() {
        for count in 0..<50 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            let text = Base64URL.text(bytes)
            let standard = Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
                .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
            #expect(text == standard && Base64URL.bytes(ArraySlice(text.utf8)) == bytes)
        }
        for text in ["A", "AB", "A=", "AA==", "AAAAA", "A+AA", "A/AA", "ÄA"] {
            #expect(Base64URL.bytes(ArraySlice(text.utf8)) == nil, "\(text)")
        }
    }
}
