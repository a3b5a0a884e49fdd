import CommandLineInterface
import StoredFiles

/// Servers by name, as a file has them: options behind a name in brackets.
///
///     [shop]
///     server = shop.example:7412
///     tls = yes
///     key-file = /etc/shop/key
package struct ServerList: Sendable {
    struct Entry: Sendable {
        let name: String
        let lineNumber: Int
        var values: [String: String] = [:]
    }

    /// In their order.
    private(set) var entries: [Entry] = []
    let path: String

    package var names: [String] { entries.map(\.name) }

    subscript(name: String) -> Entry? { entries.first { $0.name == name } }

    package init(_ text: String, path: String) throws(ServerConnectionError) {
        self.path = path
        for line in OptionLines(text).lines {
            if line.value == nil, line.name.hasPrefix("["), line.name.hasSuffix("]") {
                let name = String(line.name.dropFirst().dropLast())
                guard !name.isEmpty, !name.contains(":"), self[name] == nil else {
                    throw wrong(line.number, "'\(line.name)': expected a name of its own, without a colon")
                }
                entries.append(Entry(name: name, lineNumber: line.number))
                continue
            }
            guard !entries.isEmpty else { throw wrong(line.number, "'\(line.name)' stands before the first '[name]'") }
            guard let option = ServerReach.listed.first(where: { $0.name == line.name }) else {
                throw wrong(
                    line.number,
                    "there is no '\(line.name)': a server has \(ServerReach.listed.map(\.name).joined(separator: ", "))"
                )
            }
            let value = line.value ?? (option.valueName == nil ? "yes" : "")
            guard !value.isEmpty, option.valueName != nil || ["yes", "no"].contains(value) else {
                throw wrong(line.number, "'\(line.name)': expected \(option.valueName ?? "yes or no")")
            }
            guard entries[entries.count - 1].values.updateValue(value, forKey: line.name) == nil else {
                throw wrong(line.number, "'\(line.name)' stands there a second time")
            }
        }
        for entry in entries where entry.values["server"].flatMap({ HostAndPort(parsing: $0) }) == nil {
            throw wrong(entry.lineNumber, "[\(entry.name)] needs 'server = HOST:PORT'")
        }
    }

    package static func read(_ path: String) throws(ServerConnectionError) -> ServerList {
        let bytes: [UInt8]
        do {
            bytes = try FileSystem.readFile(path, byteLimit: byteLimit)
        } catch {
            throw ServerConnectionError(description: "--servers \(error)")
        }
        return try ServerList(String(decoding: bytes, as: UTF8.self), path: path)
    }

    /// Of some thousand servers.
    private static let byteLimit = 1 << 20

    private func wrong(_ line: Int, _ text: String) -> ServerConnectionError {
        ServerConnectionError(description: "\(path), line \(line): \(text)")
    }
}
