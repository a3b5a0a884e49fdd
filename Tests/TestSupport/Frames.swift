/// A payload with its length before it.
package func framed(_ payload: [UInt8]) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: payload.count >> (24 - 8 * $0)) } + payload
}

package func framed(_ payload: String) -> [UInt8] { framed(Array(payload.utf8)) }

/// The payloads of the frames in `bytes`, by a reader that shares nothing with the server's.
package func payloads(_ bytes: [UInt8]) -> [[UInt8]] {
    var rest = bytes[...]
    var payloads: [[UInt8]] = []
    while rest.count >= 4 {
        let count = rest.prefix(4).reduce(0) { $0 << 8 + Int($1) }
        payloads.append(Array(rest.dropFirst(4).prefix(count)))
        rest = rest.dropFirst(4 + count)
    }
    return payloads
}

extension TestClient {
    package func send(frame text: String) throws { try send(framed(text)) }

    /// The JSON of the next frame, as bytes.
    package func receiveFrame(timeoutSeconds: Double = Subprocess.usualTimeoutSeconds) throws -> [UInt8] {
        let header = try receive(exactly: 4, timeoutSeconds: timeoutSeconds)
        let count = header.reduce(0) { $0 << 8 + Int($1) }
        guard count <= 16 << 20 else { throw TestSupportError("a frame of \(count) bytes was announced") }
        return try receive(exactly: count, timeoutSeconds: timeoutSeconds)
    }

    /// Sends a request and reads one frame.
    package func ask(_ text: String) throws -> JSON {
        try send(frame: text)
        return try JSON.parse(try receiveFrame())
    }
}
