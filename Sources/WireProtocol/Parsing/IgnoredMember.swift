import Spelling

/// A member of a request that nobody used: for `meta.ignored`, and for the refusal where the client wants one.
package struct IgnoredMember: Sendable, Equatable {
    /// Its path, such as `params.exludeIds`; a long name is cut.
    package let field: String
    /// The known name of its object that comes nearest.
    package let nearest: String?

    package var refusal: WireError {
        let hint = nearest.map { " Did you mean \($0)?" } ?? ""
        return WireError(
            .badField, "Nobody knows this member, and hello asked for strictParams.\(hint)", field: field,
            nearest: nearest)
    }
}

/// The names that one object may have, and what is inside them.
package struct KnownMembers: Sendable {
    /// Of a member's value, or of the elements of a list: nil where nothing in it has names.
    package let names: [String: KnownMembers?]

    package init(_ names: [String: KnownMembers?]) { self.names = names }
}

extension Request {
    /// As many are told; who misspells more has been told enough.
    private static let limit = 16
    /// Scalars of a name that are told.
    private static let nameLimit = 64

    /// The names of the request's own members.
    private static let envelope = KnownMembers([
        "id": nil, "method": nil, "params": nil, "deadlineMs": nil, "traceparent": nil, "jsonrpc": nil,
    ])

    /// In document order, those of the request's own object first. To be asked once it is known that there is one.
    package borrowing func unknownMembers(of parameters: KnownMembers) -> [IgnoredMember] {
        var found: [IgnoredMember] = []
        if hasUnknownMembers { Self.collect(root, Self.envelope, "", &found) }
        if let value = self.parameters { Self.collect(value, parameters, "params.", &found) }
        return found
    }

    private static func collect(
        _ object: JSONValue, _ known: KnownMembers, _ path: String, _ found: inout [IgnoredMember]
    ) {
        var members = object.children
        while found.count < limit, let (name, value) = members.next() {
            guard value.kind != .null else { continue }
            // A longer name is nobody's.
            let text = name.count <= ProtocolLimits.methodBytes ? name.string : ""
            if let inside = known.names[text] {
                if let inside { collect(inValue: value, inside, path + text, &found) }
                continue
            }
            let nearest = text.isEmpty ? nil : EditDistance.nearest(to: text, among: known.names.keys.sorted())
            found.append(
                IgnoredMember(field: path + String(name.string.unicodeScalars.prefix(nameLimit)), nearest: nearest))
        }
    }

    private static func collect(
        inValue value: JSONValue, _ known: KnownMembers, _ path: String, _ found: inout [IgnoredMember]
    ) {
        switch value.kind {
        case .object: collect(value, known, path + ".", &found)
        case .array:
            var elements = value.children
            var index = 0
            while found.count < limit, let (_, element) = elements.next() {
                if element.kind == .object { collect(element, known, "\(path)[\(index)].", &found) }
                index += 1
            }
        default: break
        }
    }
}
