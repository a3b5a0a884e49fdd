/// Walks the members of `params`, or of an object inside it, in document order, without those with the value `null`: it is the
/// same as absent.
package struct ParameterReader {
    private var members: JSONCursor?
    private let path: FieldPath
    /// Members that nobody knows are passed over; else the first of them is thrown as `unknownMember`.
    package let skipsUnknown: Bool
    private var ordinal = -1

    /// A member before anybody knows what it should be.
    package struct Member {
        package let name: WireString
        let value: JSONValue
        /// Its place among all members of its object, those that are `null` too.
        let ordinal: Int
    }

    init(_ object: JSONValue?, path: FieldPath, skipsUnknown: Bool) {
        members = object?.children
        self.path = path
        self.skipsUnknown = skipsUnknown
    }

    package mutating func next() -> Member? {
        while let (name, value) = members?.next() {
            ordinal += 1
            if value.kind != .null { return Member(name: name, value: value, ordinal: ordinal) }
        }
        return nil
    }

    /// The next member of an object whose names its sender chooses, also where it is null; at most 1,024 (`membersPerObject`).
    package mutating func nextNamed() -> (name: WireString, value: FieldValue)? {
        guard let (name, value) = members?.next() else { return nil }
        return (name, FieldValue(value, path: path, skipsUnknown: skipsUnknown))
    }

    /// Names of the members with the value null, which `next` skips: for those where null removes something.
    package func nullNames() -> [WireString] {
        var rest = members
        var names: [WireString] = []
        while let (name, value) = rest?.next() {
            if value.kind == .null { names.append(name) }
        }
        return names
    }

    /// - Parameter name: the member's.
    package func field(_ member: Member, _ name: StaticString) -> FieldValue {
        FieldValue(
            member.value, path: path.appending(name), skipsUnknown: skipsUnknown, ordinal: member.ordinal)
    }

    /// The value of a member whose name nobody declared; errors name the object that holds it.
    package func value(_ member: Member) -> FieldValue {
        FieldValue(member.value, path: path, skipsUnknown: skipsUnknown)
    }

    /// The error for a required member that is absent.
    package func missing(_ name: StaticString, _ explanation: String) -> WireError {
        WireError(.badField, explanation, field: path.appending(name).text)
    }

    /// The error for a member that does not belong here.
    package func refusal(_ name: String, _ explanation: String) -> WireError {
        WireError(.badField, explanation, field: "\(path.text).\(name)")
    }
}

/// Walks the elements of an array.
package struct ElementReader {
    private var elements: JSONCursor
    private let path: FieldPath
    private var index = 0
    private let maximumCount: Int
    private let skipsUnknown: Bool

    init(_ array: JSONValue, path: FieldPath, maximumCount: Int, skipsUnknown: Bool) {
        self.skipsUnknown = skipsUnknown
        elements = array.children
        self.path = path
        self.maximumCount = maximumCount
    }

    package mutating func next() throws(WireError) -> FieldValue? {
        guard let (_, value) = elements.next() else { return nil }
        guard index < maximumCount else {
            throw WireError(
                .badField, "The list has more than \(maximumCount) elements.", field: path.text, maximum: maximumCount)
        }
        defer { index += 1 }
        return FieldValue(value, path: path.element(index), skipsUnknown: skipsUnknown)
    }
}
