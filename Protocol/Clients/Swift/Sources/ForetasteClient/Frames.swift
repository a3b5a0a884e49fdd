// Requests to bytes, bytes to replies. No sockets.
//
//     +--------------------------+------------------------+
//     | N: 32 bits, big-endian   | N bytes: a JSON object |
//     +--------------------------+------------------------+

/// Requests as bytes.
enum RequestFrame {
    private static let limit = 4 << 20
    /// An id's digits, added in front of a body that is made before the connection is known.
    private static let idRoom = 32

    /// The members of a request without its id and its braces.
    static func body(
        _ method: String, _ params: JSONValue, deadlineMs: Int?, traceparent: String?
    ) throws(InvalidRequest) -> [UInt8] {
        guard (1...64).contains(method.utf8.count) else {
            throw InvalidRequest("a method is a string of 1 to 64 bytes, not \"\(method)\"")
        }
        if let deadlineMs, !(1...600_000).contains(deadlineMs) {
            throw InvalidRequest("a deadline is 1 to 600000 ms, not \(deadlineMs)")
        }
        guard let members = params.object else { throw InvalidRequest("\(method): params is an object, not \(params)") }
        for path in MethodTraits.table[method]?.idPaths ?? [] { try checkIds(params, path[...], "params") }
        var request: [String: JSONValue] = ["method": .string(method)]
        if !members.isEmpty { request["params"] = params }
        if let deadlineMs { request["deadlineMs"] = .integer(deadlineMs) }
        if let traceparent { request["traceparent"] = .string(traceparent) }
        do {
            let text = try JSONWriter.write(.object(request))
            guard text.count <= limit - idRoom else {
                throw InvalidRequest("\(method): the request has \(text.count) bytes; a frame has at most \(limit)")
            }
            return Array(text[1..<(text.count - 1)])
        } catch let unwritable as JSONWriter.Unwritable {
            throw InvalidRequest("\(method): \(unwritable.message)")
        } catch let invalid as InvalidRequest {
            throw invalid
        } catch {
            throw InvalidRequest("\(method): \(error)")
        }
    }

    static func frame(id: Int, body: [UInt8]) -> [UInt8] {
        framed(Array("{\"id\":\(id),".utf8) + body + [UInt8(ascii: "}")])
    }

    /// A notification: it has no id of its own, and no reply.
    static func cancellation(of id: Int) -> [UInt8] {
        framed(Array("{\"method\":\"cancel\",\"params\":{\"id\":\(id)}}".utf8))
    }

    private static func framed(_ payload: [UInt8]) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: payload.count >> $0) } + payload
    }

    /// Ids are strings: a library that reads numbers as doubles makes one of two ids above 2^53.
    private static func checkIds(_ value: JSONValue, _ path: ArraySlice<String>, _ place: String) throws(InvalidRequest)
    {
        guard let part = path.first else { return }
        let isList = part.hasSuffix("[]")
        let name = isList ? String(part.dropLast(2)) : part
        guard let found = value[name] else { return }
        let elements = isList ? found.array ?? [] : [found]
        for (index, element) in elements.enumerated() {
            let here = isList ? "\(place).\(name)[\(index)]" : "\(place).\(name)"
            if path.count > 1 {
                try checkIds(element, path.dropFirst(), here)
                continue
            }
            switch element {
            case .integer, .number, .bool: throw InvalidRequest("\(here) is an id, which is a string, not \(element)")
            default: continue
            }
        }
    }
}

/// Collects bytes as they come; gives whole replies.
struct ReplyDecoder {
    private static let limit: UInt32 = 16 << 20

    private var bytes: [UInt8] = []
    private var position = 0

    var isWithinFrame: Bool { position < bytes.count }

    mutating func append(_ received: some Collection<UInt8>) {
        // What was read is dropped when it is most of the buffer, so that each byte moves a bounded number of times.
        if position > 0, position * 2 >= bytes.count {
            bytes.removeFirst(position)
            position = 0
        }
        bytes += received
    }

    /// The next reply, or nil where its bytes are not all there.
    mutating func next() throws(ConnectionFailed) -> JSONValue? {
        guard bytes.count - position >= 4 else { return nil }
        let length = bytes[position..<(position + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard length > 0, length <= Self.limit else {
            throw ConnectionFailed(.protocol, "not a Foretaste server: it announces a frame of \(length) bytes")
        }
        let end = position + 4 + Int(length)
        guard bytes.count >= end else { return nil }
        let reply: JSONValue
        do throws(JSONParser.SyntaxError) {
            reply = try JSONParser.parse(bytes[(position + 4)..<end])
        } catch {
            throw ConnectionFailed(
                .protocol, "the server's frame is no JSON: \(error.message) at byte \(error.position)")
        }
        position = end
        guard reply.object != nil else { throw ConnectionFailed(.protocol, "the server's frame is no JSON object") }
        return reply
    }
}
