import AccessKeys
import CommandLineInterface
import ServerClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

private let fileOption = CommandOption.required(
    "keys", "FILE", help: "The file of keys that the server reads (--keys).")
private let idArgument = CommandArgument("ID", help: "The key's twelve digits, as 'foretaste keys list' shows them.")

/// `foretaste keys create`
enum KeysCreateCommand {
    static let command = Command(
        name: "keys create", summary: "Make a key that a server asks its clients for.",
        discussion:
            "The key is printed once, on standard output, and stands in no file: keep it where the client reads it. A running server "
            + "takes it within a second. Roles: read (recommendations, segments, personas), write (events, items and users too), admin "
            + "(the server too), browser (signs tokens for single users: 'foretaste keys token', or Protocol/SPECIFICATION.md).",
        options: [
            fileOption, .required("role", "ROLE", help: "read, write, admin or browser."),
            .value("name", "TEXT", default: "", help: "For people: who uses it."),
        ],
        examples: [
            .init("foretaste keys create --keys shop.keys --role read --name 'shop backend' > backend.key", "A key.")
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let text = try parsed.string("role")
        guard let role = AccessRole(rawValue: text) else {
            throw parsed.refusal("role", value: text, expected: "read, write, admin or browser")
        }
        let name = try parsed.string("name")
        guard KeyRecord.isName(name) else {
            throw parsed.refusal(
                "name", value: name, expected: "at most \(KeyRecord.nameBytes) bytes without control characters")
        }
        let key = AccessKey()
        let record = try KeyRecord(key, role: role, created: Self.now, name: name)
        try KeyFile.change(try parsed.string("keys")) { file throws(KeyFileError) in try file.add(record) }
        NewKey.tell(key, record)
    }

    static var now: String { Date.now.ISO8601Format() }
}

/// `foretaste keys list`
enum KeysListCommand {
    static let command = Command(
        name: "keys list", summary: "Say which keys there are.",
        options: [fileOption, .flag("json", help: "The result as JSON.")],
        examples: [.init("foretaste keys list --keys shop.keys", "Ids, roles, times and names.")])

    static func run(_ parsed: ParsedCommand) throws {
        let records = try KeyFile.read(try parsed.string("keys")).records
        guard parsed.flag("json") else {
            for record in records {
                let role = record.role.rawValue + String(repeating: " ", count: 8 - record.role.rawValue.count)
                Terminal.standardOutput.write("\(record.id)  \(role) \(record.created)  \(record.name)\n")
            }
            return
        }
        let list = records.map { record in
            JSONText.object([
                .init("id", .string(record.id)), .init("role", .string(record.role.rawValue)),
                .init("created", .string(record.created)), .init("name", .string(record.name)),
            ])
        }
        Terminal.standardOutput.write(JSONText.array(list).indented + "\n")
    }
}

/// `foretaste keys revoke`
enum KeysRevokeCommand {
    static let command = Command(
        name: "keys revoke", summary: "Take a key away.",
        discussion: "A running server refuses it within a second, also on connections that stand.",
        arguments: [idArgument],
        options: [fileOption],
        examples: [.init("foretaste keys revoke --keys shop.keys 4f1c9a7d2b3e", "One key less.")])

    static func run(_ parsed: ParsedCommand) throws {
        let id = try parsed.argument("ID")
        let path = try parsed.string("keys")
        let isGone = try KeyFile.change(path) { file throws(KeyFileError) in file.remove(id: id) }
        guard isGone else {
            throw RunFailure(description: "\(path) has no key \(id): 'foretaste keys list' shows them")
        }
        Terminal.standardError.write("revoked \(id)\n")
    }
}

/// `foretaste keys rotate`
enum KeysRotateCommand {
    static let command = Command(
        name: "keys rotate", summary: "Make another key in the place of one, with its role and name.",
        discussion:
            "The new key is printed as 'foretaste keys create' prints it. The old one is revoked, or, with --keep-old, stays until "
            + "every client has the new one: revoke it then.", arguments: [idArgument],
        options: [fileOption, .flag("keep-old", help: "The old key stays beside the new one.")],
        examples: [
            .init("foretaste keys rotate --keys shop.keys --keep-old 4f1c9a7d2b3e > backend.key", "Another key.")
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let id = try parsed.argument("ID")
        let path = try parsed.string("keys")
        let (keepsOld, created) = (parsed.flag("keep-old"), KeysCreateCommand.now)
        let key = AccessKey()
        let record = try KeyFile.change(path) { file throws(KeyFileError) -> KeyRecord? in
            guard let old = file.records.first(where: { $0.id == id }) else { return nil }
            let record = try KeyRecord(key, role: old.role, created: created, name: old.name)
            if !keepsOld { _ = file.remove(id: id) }
            try file.add(record)
            return record
        }
        guard let record else {
            throw RunFailure(description: "\(path) has no key \(id): 'foretaste keys list' shows them")
        }
        NewKey.tell(key, record)
    }
}

/// `foretaste keys token`
enum KeysTokenCommand {
    static let command = Command(
        name: "keys token", summary: "Sign a token for one user's browser.",
        discussion:
            "No server is asked. A backend makes tokens itself, as Protocol/SPECIFICATION.md says: this is to try them.",
        options: [
            .required(
                "key-file", "FILE",
                help: "A file that holds a key of the role browser, as 'foretaste keys create' printed it."),
            .required("user", "ID", help: "Whom the token is for."),
            .value("hours", "N", default: "24", help: "How long it is good; 0 for ever."),
        ],
        examples: [.init("foretaste keys token --key-file browser.key --user 17850", "A token for a day.")])

    static func run(_ parsed: ParsedCommand) throws {
        let key = try NewKey.read(try parsed.string("key-file"))
        let user = try parsed.string("user")
        guard BrowserToken.userBytes.contains(user.utf8.count) else {
            throw parsed.refusal("user", value: user, expected: "1 to \(BrowserToken.userBytes.upperBound) bytes")
        }
        let hours = try parsed.integer("hours", in: 0...87_600)
        let expiry = hours == 0 ? nil : Machine.nowMilliseconds + Int64(hours) * 3_600_000
        Terminal.standardOutput.write(BrowserToken.text(key, userId: user, expiresAt: expiry) + "\n")
    }
}

/// A key as it goes to its user.
enum NewKey {
    static func tell(_ key: AccessKey, _ record: KeyRecord) {
        Terminal.standardOutput.write(key.text + "\n")
        Terminal.standardError.write(
            "made the key \(record.id) of the role \(record.role.rawValue); it is shown this once\n")
    }

    /// Of a file of one line.
    static func read(_ path: String) throws -> AccessKey {
        guard let key = AccessKey(try KeyText.read(path).utf8) else {
            throw RunFailure(description: "\(path): this is no key as 'foretaste keys create' prints it (ftk-...)")
        }
        return key
    }

}
