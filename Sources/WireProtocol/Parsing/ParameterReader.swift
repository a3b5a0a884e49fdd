/// Walks the members of `params`, or of an object inside it, in document order.
/// Members with an unknown name are skipped, and so are those with the value `null`: it is the same as absent.
package struct ParameterReader {
    private var members: JSONCursor?
    private let path: FieldPath

    init(_ object: JSONValue?, path: FieldPath) {
        members = object?.children
        self.path = path
    }

    package mutating func next() -> (name: ParameterName, value: FieldValue)? {
        while let (name, value) = members?.next() {
            guard value.kind != .null, let known = ParameterName(name) else { continue }
            return (known, FieldValue(value, path: path.appending(known.text)))
        }
        return nil
    }

    /// The error for a required member that is absent.
    func missing(_ name: ParameterName, _ explanation: String) -> WireError {
        WireError(.badField, explanation, field: path.appending(name.text).text)
    }
}

/// Walks the elements of an array.
struct ElementReader {
    private var elements: JSONCursor
    private let path: FieldPath
    private var index = 0
    private let maximumCount: Int

    init(_ array: JSONValue, path: FieldPath, maximumCount: Int) {
        elements = array.children
        self.path = path
        self.maximumCount = maximumCount
    }

    mutating func next() throws(WireError) -> FieldValue? {
        guard let (_, value) = elements.next() else { return nil }
        guard index < maximumCount else {
            throw WireError(
                .badField, "The list has more than \(maximumCount) elements.", field: path.text, maximum: maximumCount)
        }
        defer { index += 1 }
        return FieldValue(value, path: path.element(index))
    }
}
