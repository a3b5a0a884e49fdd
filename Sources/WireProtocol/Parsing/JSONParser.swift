import CSimdjson

/// What a document turned out to be.
enum JSONOutcome {
    case document(JSONValue)
    case refused(WireError)
    /// The document was understood but breaks a rule of the protocol: its root can still name the request.
    case ruleBroken(WireError, root: JSONValue, duplicateName: WireString?)
}

/// A reusable parser of one loop: it copies each document and owns what it parsed until the next one.
///
/// Holds about 1 MiB, growing with the largest document so far to 15 bytes for each of its bytes. Not for two threads at once.
// SAFETY: the pointer is this object's alone, from init to deinit.
@safe package final class JSONParser {
    private let parser: OpaquePointer

    /// - Parameter isOfServer: what is parsed is another server's: its answers are as long as they are.
    package init(maximumBytes: Int = ProtocolLimits.frameBytesIn, isOfServer: Bool = false) {
        let limits = csj_limits(
            length: maximumBytes, depth: ProtocolLimits.depth, members: ProtocolLimits.membersPerObject,
            values: isOfServer ? maximumBytes : ProtocolLimits.valuesPerFrame,
            long_numbers: isOfServer ? maximumBytes : ProtocolLimits.longNumbersPerFrame,
            long_number_digits: isOfServer ? maximumBytes : ProtocolLimits.longNumberBytesPerFrame,
            escapes: isOfServer ? maximumBytes : ProtocolLimits.escapesPerFrame)
        guard let parser = unsafe csj_parser_create(limits)
        else { preconditionFailure("no memory for a JSON parser") }
        unsafe self.parser = parser
    }

    deinit { unsafe csj_parser_destroy(parser) }

    func parse(_ document: RawSpan) -> JSONOutcome {
        var root = unsafe csj_value()
        let status = unsafe document.withUnsafeBytes { bytes in
            unsafe csj_parse(parser, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &root)
        }
        return status == .ok ? unsafe .document(JSONValue(root)) : outcome(status, root: unsafe JSONValue(root))
    }

    /// The text of a member's value as it was sent. O(bytes up to its end).
    func sourceOfRootMember(_ ordinal: Int) -> WireString {
        let text = unsafe csj_root_member_source(parser, ordinal)
        return unsafe WireString(start: text.bytes, count: text.length)
    }

    /// The text of a request's `params` as it was sent. O(bytes up to its end).
    package func parametersText(of request: borrowing Request) -> WireString {
        request.parametersOrdinal.map { sourceOfRootMember($0) } ?? .empty
    }

    private func outcome(_ status: csj_status, root: JSONValue) -> JSONOutcome {
        switch status {
        case .duplicate_name:
            let text = unsafe csj_duplicate_name(parser)
            return .ruleBroken(
                WireError(.invalidRequest, "A member name stands twice in one object; send each name once."),
                root: root,
                duplicateName: unsafe WireString(start: text.bytes, count: text.length))
        case .too_many_members:
            let limit = ProtocolLimits.membersPerObject
            return .ruleBroken(
                WireError(.invalidRequest, "An object has more than \(limit) members.", maximum: limit), root: root,
                duplicateName: nil)
        case .too_many_values: return Self.costly("values", ProtocolLimits.valuesPerFrame)
        case .too_many_long_numbers:
            return Self.costly(
                "numbers of more than 19 digits and point together, or \(ProtocolLimits.longNumberBytesPerFrame) bytes of them",
                ProtocolLimits.longNumbersPerFrame)
        case .too_many_escapes: return Self.costly("escapes in strings", ProtocolLimits.escapesPerFrame)
        case .out_of_memory, .internal, .ok:
            return .refused(WireError(.bug, "The server could not parse the request.", closesConnection: true))
        default: return .refused(WireError(.parseError, Self.explanation(of: status)))
        }
    }

    /// Which request it was is not known, as nothing was parsed.
    private static func costly(_ pieces: String, _ limit: Int) -> JSONOutcome {
        .refused(
            WireError(
                .invalidRequest, "The frame holds more than \(limit) \(pieces); send them in several requests.",
                maximum: limit, closesConnection: true))
    }

    private static func explanation(of status: csj_status) -> String {
        switch status {
        case .empty: "The frame holds no JSON; send one JSON object."
        case .too_large: "The document is longer than the limit."
        case .invalid_utf8: "The frame is not valid UTF-8."
        case .too_deep: "Objects and arrays are nested deeper than \(ProtocolLimits.depth)."
        case .invalid_number:
            "A number is not JSON, or lies outside the ranges of a 64-bit integer and a double; send ids as strings."
        case .invalid_string: "A string has a bad escape, a raw control character or half of a surrogate pair."
        default: "The frame is not valid JSON."
        }
    }
}
