internal import Synchronization

// Whose key it is, while a server runs:
//
//     text ─▶ browser token: signature (microseconds) ─────────────────────────────────────▶ grant | refused
//         └▶ key: seen before in this process? compared with what was kept of it ──────────▶ grant
//                 else ─▶ Argon2id (milliseconds, on another thread) ───────────────────────▶ grant | refused
//
// What is kept of a key that was seen is an HMAC under a random key of this process, so that a thousand connections that come
// back at once cost no Argon2id. Grants of a key that is taken out of the file end with it.

/// What a key allows whom.
package struct Grant: Sendable {
    package let keyId: String
    package let role: AccessRole
    /// Of a browser token: the one user it is for.
    package let userId: [UInt8]?
    /// Of a browser token: what recommendations must keep to; empty for none.
    package let filter: [UInt8]
    /// Milliseconds since 1970-01-01T00:00:00Z; nil where it does not end.
    package let expiresAt: Int64?
    fileprivate let entry: KeyEntry

    /// Whether the key has been revoked. One look at memory.
    package var isRevoked: Bool { entry.isRevoked }

    /// - Parameter now: milliseconds since 1970.
    package func hasExpired(at now: @autoclosure () -> Int64) -> Bool { expiresAt.map { now() >= $0 } ?? false }
}

/// What is known at once of what was presented.
package enum KeyCheck: Sendable {
    case granted(Grant)
    /// - Parameter id: of the key, where it has the form of one.
    case refused(id: String?)
    /// It must be worked out.
    case mustVerify(KeyVerification)
}

/// Milliseconds of work, for a thread that may take them.
package struct KeyVerification: Sendable {
    package let id: String
    fileprivate let entry: KeyEntry
    fileprivate let secret: [UInt8]
    fileprivate let ring: KeyRing

    /// Nil where the key is wrong.
    package func run() -> Grant? { ring.verify(entry, secret) }
}

/// One key of the file that is read.
private final class KeyEntry: Sendable {
    let record: KeyRecord
    private let revoked = Atomic<Bool>(false)
    /// What is kept of the secret once it was seen.
    let seen = Mutex<[UInt8]?>(nil)

    init(_ record: KeyRecord) { self.record = record }

    var isRevoked: Bool { revoked.load(ordering: .relaxed) }
    func revoke() { revoked.store(true, ordering: .relaxed) }
}

/// The keys that a server takes. From any thread.
package final class KeyRing: Sendable {
    private let entries: Mutex<[String: KeyEntry]>
    private let processKey = Sodium.randomBytes(32)
    private let wrong = Atomic<Int>(0)

    package init(_ file: KeyFile) {
        entries = Mutex(Dictionary(file.records.map { ($0.id, KeyEntry($0)) }, uniquingKeysWith: { first, _ in first }))
    }

    /// Keys that were presented and are none.
    package var wrongCount: Int { wrong.load(ordering: .relaxed) }
    package var count: Int { entries.withLock { $0.count } }

    /// Takes the place of the keys before: who is not in it any more is refused from now on, also on a connection that stands.
    package func replace(by file: KeyFile) {
        entries.withLock { entries in
            let old = entries
            entries = [:]
            for record in file.records {
                // A line that has changed is another key.
                entries[record.id] = old[record.id].flatMap { $0.record == record ? $0 : nil } ?? KeyEntry(record)
            }
            for entry in old.values where entries[entry.record.id] !== entry { entry.revoke() }
        }
    }

    /// - Parameter now: milliseconds since 1970.
    package func check(_ text: some Collection<UInt8>, at now: Int64) -> KeyCheck {
        if let key = AccessKey(text) { return check(key) }
        guard let token = BrowserToken(text) else { return refused(nil) }
        return check(token, at: now)
    }

    private func check(_ key: AccessKey) -> KeyCheck {
        guard let entry = entry(key.id), case .hash = entry.record.verifier else { return refused(key.id) }
        if let seen = entry.seen.withLock({ $0 }), Sodium.areEqual(seen, mark(key.secret)) {
            return .granted(grant(entry))
        }
        return .mustVerify(KeyVerification(id: key.id, entry: entry, secret: key.secret, ring: self))
    }

    private func check(_ token: BrowserToken, at now: Int64) -> KeyCheck {
        guard let entry = entry(token.keyId), case .signingKey(let key) = entry.record.verifier,
            token.isSigned(with: key)
        else { return refused(token.keyId) }
        let grant = Grant(
            keyId: token.keyId, role: .browser, userId: token.userId, filter: token.filter, expiresAt: token.expiresAt,
            entry: entry)
        return grant.hasExpired(at: now) ? refused(token.keyId) : .granted(grant)
    }

    fileprivate func verify(_ entry: KeyEntry, _ secret: [UInt8]) -> Grant? {
        guard case .hash(let hash) = entry.record.verifier, Sodium.isPasswordHash(hash, of: secret) else {
            wrong.add(1, ordering: .relaxed)
            return nil
        }
        entry.seen.withLock { $0 = mark(secret) }
        return entry.isRevoked ? nil : grant(entry)
    }

    private func grant(_ entry: KeyEntry) -> Grant {
        Grant(keyId: entry.record.id, role: entry.record.role, userId: nil, filter: [], expiresAt: nil, entry: entry)
    }

    private func entry(_ id: String) -> KeyEntry? { entries.withLock { $0[id] } }

    private func mark(_ secret: [UInt8]) -> [UInt8] { Sodium.hmac(secret, key: processKey) }

    private func refused(_ id: String?) -> KeyCheck {
        wrong.add(1, ordering: .relaxed)
        return .refused(id: id)
    }
}
