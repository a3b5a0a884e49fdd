/// What the bytes that wait at a connection begin with.
package enum FrameEvent: Equatable, Sendable {
    case needsMoreBytes
    /// A whole frame; the next one begins where its payload ends.
    case frame(payload: Range<Int>)
    /// Nothing after this is a frame: answer with the error and `id: null`, then close.
    case refused(WireError)
    /// The peer speaks HTTP: send `FrameDecoder.httpReply`, then close.
    case http
}

/// Finds frames in received bytes: a 4-byte unsigned big-endian length, then as many bytes.
///
///     | length: UInt32 big-endian | payload: `length` bytes of UTF-8 JSON |
///
/// It keeps no bytes: whoever received them keeps what is not consumed, so memory follows the bytes that arrived, never the
/// length that a peer declared.
package struct FrameDecoder: Sendable {
    /// The largest payload that is accepted now; raised when a connection has authenticated.
    package var maximumPayloadBytes: Int
    private var isFirstFrame = true
    private var isRefused = false

    package static let headerBytes = 4

    package init(maximumPayloadBytes: Int = ProtocolLimits.frameBytesIn) {
        self.maximumPayloadBytes = maximumPayloadBytes
    }

    /// Looks at the frame that begins at `offset` of the unconsumed bytes. After `refused` or `http` no frame follows.
    package mutating func next(in bytes: RawSpan, from offset: Int) -> FrameEvent {
        guard !isRefused, bytes.byteCount - offset >= Self.headerBytes else { return .needsMoreBytes }
        let length = Int(
            UInt32(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        if let event = refusal(length) {
            isRefused = true
            return event
        }
        let first = offset + Self.headerBytes
        guard bytes.byteCount - first >= length else { return .needsMoreBytes }
        isFirstFrame = false
        return .frame(payload: first..<first + length)
    }

    private func refusal(_ length: Int) -> FrameEvent? {
        if isFirstFrame, Self.httpMethods.contains(length) { return .http }
        if length == 0 {
            return .refused(
                WireError(
                    .invalidRequest, "A frame of length 0; a frame holds one JSON object.", closesConnection: true))
        }
        if length > maximumPayloadBytes {
            return .refused(
                WireError(
                    .frameTooLarge,
                    "A frame of \(length) bytes is above this connection's limit. A length is 4 bytes, big-endian.",
                    maximum: maximumPayloadBytes))
        }
        return nil
    }

    /// The first four bytes of an HTTP request (RFC 9110 methods, PATCH, and the preface of HTTP/2), read as a length.
    /// All of them are above 1 GiB, so no frame is mistaken for one.
    private static let httpMethods: [Int] = [
        "GET ", "HEAD", "POST", "PUT ", "DELE", "CONN", "OPTI", "TRAC", "PATC", "PRI ",
    ]
    .map { $0.utf8.reduce(0) { $0 << 8 | Int($1) } }

    package static let httpReply: [UInt8] = {
        let text = """
            This port speaks the Foretaste protocol, not HTTP: frames of a 4-byte big-endian length and one UTF-8 JSON object. \
            See Protocol/SPECIFICATION.md, or try: foretaste call ping

            """
        let head = """
            HTTP/1.1 400 Bad Request\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: \(text.utf8.count)\r
            Connection: close\r
            \r

            """
        return Array((head + text).utf8)
    }()
}
