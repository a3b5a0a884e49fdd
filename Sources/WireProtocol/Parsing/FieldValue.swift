/// The value of a member, read as the type that the protocol defines; every error names the member and says what belongs there.
package struct FieldValue {
    let value: JSONValue
    private let path: FieldPath
    private let skipsUnknown: Bool
    /// Its place among the members of its object; -1 for what is none.
    package let ordinal: Int

    init(_ value: JSONValue, path: FieldPath, skipsUnknown: Bool, ordinal: Int = -1) {
        self.value = value
        self.path = path
        self.skipsUnknown = skipsUnknown
        self.ordinal = ordinal
    }

    package func error(_ explanation: String, nearest: String? = nil) -> WireError {
        WireError(.badField, explanation, field: path.text, nearest: nearest)
    }

    package var isString: Bool { value.kind == .string }
    package var isObject: Bool { value.kind == .object }
    package var isList: Bool { value.kind == .array }
    package var isNull: Bool { value.kind == .null }
    package var isBoolean: Bool { value.kind == .boolean }
    package var isNumber: Bool { value.number != nil }

    /// What the value is, for members that take values of several kinds.
    package enum Shape {
        case null
        case boolean(Bool)
        case number(Double)
        case string(WireString)
        case list
        case object
    }

    package var shape: Shape {
        switch value.kind {
        case .null: .null
        case .boolean: .boolean(value.boolean ?? false)
        case .integer, .double: .number(value.number ?? .nan)
        case .string: value.string.map { .string($0) } ?? .null
        case .array: .list
        case .object: .object
        }
    }

    package func string(maximumBytes: Int) throws(WireError) -> WireString {
        guard let text = value.string else { throw error("This is a string.") }
        guard text.count <= maximumBytes else {
            throw WireError(
                .badField, "The string has \(text.count) bytes of UTF-8; at most \(maximumBytes) are allowed.",
                field: path.text, maximum: maximumBytes)
        }
        return text
    }

    /// A name: 1 to `maximumBytes` bytes without control characters.
    package func name(maximumBytes: Int) throws(WireError) -> WireString {
        let text = try string(maximumBytes: maximumBytes)
        guard !text.isEmpty else { throw error("The string is empty; 1 to \(maximumBytes) bytes are allowed.") }
        guard !text.hasControlCharacter else { throw error("The string holds a control character.") }
        return text
    }

    package func identifier() throws(WireError) -> WireString {
        if value.number != nil {
            throw error(
                "An id is a string: send \"17\", not 17. Many JSON libraries round integers above 2^53, so two ids could "
                    + "become one.")
        }
        return try name(maximumBytes: ProtocolLimits.identifierBytes)
    }

    package func integer(
        in range: ClosedRange<Int>, reason: ErrorReason = .badField
    ) throws(WireError) -> Int {
        guard value.kind == .integer else {
            throw error(
                "This is an integer from \(range.lowerBound) to \(range.upperBound), without fraction or exponent.")
        }
        guard let integer = value.integer, range.contains(integer) else {
            throw WireError(
                reason, "The value is outside \(range.lowerBound) to \(range.upperBound).", field: path.text,
                minimum: range.lowerBound, maximum: range.upperBound)
        }
        return integer
    }

    package func number(in range: ClosedRange<Double>) throws(WireError) -> Float {
        guard let number = value.number else {
            throw error("This is a number from \(range.lowerBound) to \(range.upperBound).")
        }
        guard range.contains(number) else {
            throw error("The value is outside \(range.lowerBound) to \(range.upperBound).")
        }
        return Float(number)
    }

    /// A number from 0 as large as amounts may be.
    package func amount() throws(WireError) -> Double {
        let most = Int(ProtocolLimits.amount.upperBound)
        guard let number = value.number else { throw error("This is a number from 0 to \(most).") }
        guard ProtocolLimits.amount.contains(number) else { throw error("The value is outside 0 to \(most).") }
        return number
    }

    /// Of a request, as `ReplyHead.canonicalId`.
    package func requestId() throws(WireError) -> [UInt8] {
        guard let id = value.canonicalId, (value.string?.count ?? 0) <= ProtocolLimits.requestIdBytes else {
            throw error(
                "This is a request's id: an integer of 64 bits or a string of at most \(ProtocolLimits.requestIdBytes) bytes."
            )
        }
        return id
    }

    package func boolean() throws(WireError) -> Bool {
        guard let boolean = value.boolean else { throw error("This is true or false.") }
        return boolean
    }

    package func choice<Choice>(from choices: WireChoices<Choice>) throws(WireError) -> Choice {
        if let text = value.string, let choice = choices.choice(text) { return choice }
        throw error(
            "This is one of " + choices.names.joined(separator: ", ") + ".",
            nearest: value.string.flatMap { choices.nearest(to: $0) })
    }

    /// A list of such words.
    package func choices<Choice>(
        from choices: WireChoices<Choice>, maximumCount: Int
    ) throws(WireError) -> [Choice] {
        guard value.kind == .array else { throw error("This is a list of strings.") }
        var elements = try elements(maximumCount: maximumCount)
        var found: [Choice] = []
        while let element = try elements.next() { found.append(try element.choice(from: choices)) }
        return found
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, from an integer or from RFC 3339 text.
    package func time() throws(WireError) -> Int64 {
        if value.kind == .integer {
            return Int64(try integer(in: Timestamp.minimumMilliseconds...Timestamp.maximumMilliseconds))
        }
        guard let text = value.string, let milliseconds = Timestamp.milliseconds(rfc3339: text) else {
            throw error(
                "A time is RFC 3339 text such as \"2024-05-17T09:30:00Z\" or an integer of milliseconds since 1970, from "
                    + "year 0 to 9999.")
        }
        return milliseconds
    }

    /// The object as if it were a request's `params`: errors name places below that, for whoever knows what it is the `params` of.
    package func parameters() throws(WireError) -> ParameterReader {
        _ = try object()
        return ParameterReader(value, path: FieldPath(base: "params"), skipsUnknown: skipsUnknown)
    }

    package func object() throws(WireError) -> ParameterReader {
        guard value.kind == .object else { throw error("This is an object.") }
        return ParameterReader(value, path: path, skipsUnknown: skipsUnknown)
    }

    package func elements(maximumCount: Int) throws(WireError) -> ElementReader {
        guard value.kind == .array else { throw error("This is a list.") }
        return ElementReader(value, path: path, maximumCount: maximumCount, skipsUnknown: skipsUnknown)
    }

    package func identifiers(maximumCount: Int) throws(WireError) -> [WireString] {
        var elements = try elements(maximumCount: maximumCount)
        var identifiers: [WireString] = []
        while let element = try elements.next() { identifiers.append(try element.identifier()) }
        return identifiers
    }

    /// One name, or a list of names.
    package func names(maximumCount: Int, maximumBytes: Int) throws(WireError) -> [WireString] {
        if isString { return [try name(maximumBytes: maximumBytes)] }
        guard value.kind == .array else { throw error("This is a string or a list of strings.") }
        var elements = try elements(maximumCount: maximumCount)
        var names: [WireString] = []
        while let element = try elements.next() { names.append(try element.name(maximumBytes: maximumBytes)) }
        return names
    }
}
