/// What a server keeps of one key.
package struct KeyRecord: Sendable, Equatable {
    enum Verifier: Sendable, Equatable {
        /// Argon2id, in the text form of its authors.
        case hash(String)
        /// Browser tokens are signed with it.
        case signingKey([UInt8])
    }

    /// Of a name: it is for people.
    package static let nameBytes = 100
    static let signingPrefix = "hmac-sha256:"

    package let id: String
    package let role: AccessRole
    /// RFC 3339, for people.
    package let created: String
    package let name: String
    let verifier: Verifier

    /// - Throws: where Argon2id finds no memory.
    package init(_ key: AccessKey, role: AccessRole, created: String, name: String) throws(KeyFileError) {
        id = key.id
        self.role = role
        self.created = created
        self.name = name
        if role == .browser {
            verifier = .signingKey(key.signingKey)
        } else {
            guard let hash = Sodium.passwordHash(of: key.secret) else { throw .noMemory }
            verifier = .hash(hash)
        }
    }

    /// One line of the file.
    init?(line: Substring) {
        let parts = line.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].utf8.count == 2 * AccessKey.idBytes, Hexadecimal.bytes(parts[0].utf8) != nil,
            let role = AccessRole(rawValue: String(parts[1])),
            let verifier = Self.verifier(parts[3], role), Self.isName(parts.count > 4 ? parts[4] : "")
        else { return nil }
        id = String(parts[0])
        self.role = role
        created = String(parts[2])
        self.verifier = verifier
        name = parts.count > 4 ? String(parts[4]) : ""
    }

    private static func verifier(_ text: Substring, _ role: AccessRole) -> Verifier? {
        if role == .browser {
            guard text.hasPrefix(signingPrefix), let key = Hexadecimal.bytes(text.dropFirst(signingPrefix.count).utf8),
                key.count == 32
            else { return nil }
            return .signingKey(key)
        }
        return text.hasPrefix("$argon2id$") && text.utf8.count < 128 ? .hash(String(text)) : nil
    }

    package static func isName(_ name: some StringProtocol) -> Bool {
        name.utf8.count <= nameBytes && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    var line: String {
        let verifier =
            switch verifier {
            case .hash(let hash): hash
            case .signingKey(let key): Self.signingPrefix + Hexadecimal.text(key)
            }
        return "\(id) \(role.rawValue) \(created) \(verifier) \(name)"
    }
}
