import Spelling

/// The names of a server's methods. A method's number is its place among them.
package struct MethodNames: Sendable {
    package let all: [String]
    private let table: NameTable
    /// Numbers of those that may be asked without an id.
    private let notifications: Set<Int>

    /// Different names of at most `ProtocolLimits.methodBytes` bytes, none of them reserved.
    /// - Parameter notifications: those of them that may be sent without an id, and then have no reply.
    package init(_ names: [StaticString], notifications: [StaticString] = []) {
        let all = names.map { "\($0)" }
        let silent = Set(notifications.map { "\($0)" })
        self.all = all
        table = NameTable(all)
        self.notifications = Set(all.indices.filter { silent.contains(all[$0]) })
        precondition(all.allSatisfy { $0.utf8.count <= ProtocolLimits.methodBytes && !Self.isReserved($0) })
    }

    func number(of name: WireString) throws(WireError) -> Int {
        guard let number = table.number(of: name) else { throw notFound(name) }
        return number
    }

    func isNotification(_ name: WireString) -> Bool {
        table.number(of: name).map { notifications.contains($0) } ?? false
    }

    /// Names that later versions will give a meaning to.
    package static let reserved: [String] = [
        "recommend.next", "recommend.users",
        "explain",
        "index.list", "index.activate", "index.rollback", "index.diff", "index.verify",
        "backup.create", "metrics", "server.goingAway",
    ]
    /// Names that begin so are reserved too.
    package static let reservedPrefixes: [String] = ["scenarios.", "keys."]

    private static func isReserved(_ name: String) -> Bool {
        reserved.contains(name) || reservedPrefixes.contains { name.hasPrefix($0) }
    }

    private func notFound(_ name: WireString) -> WireError {
        let text = name.string
        if Self.isReserved(text) {
            return WireError(
                .methodNotFound,
                "The method \(text) is reserved; protocol version \(ProtocolLimits.protocolVersion) does not offer it. "
                    + "hello lists the methods of this server.",
                field: "method")
        }
        let nearest = EditDistance.nearest(to: text, among: all)
        let hint = nearest.map { "Did you mean \($0)?" } ?? "hello lists the methods of this server."
        return WireError(.methodNotFound, "There is no such method. " + hint, field: "method", nearest: nearest)
    }
}
