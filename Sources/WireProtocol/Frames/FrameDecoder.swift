/// What the bytes received so far amount to.
package enum FrameEvent: Equatable, Sendable {
    case needsMoreBytes
    /// A whole frame: `withPayload` lends it until the next call of `next`.
    case frame
    /// Nothing after this is a frame: answer with the error and `id: null`, then close.
    case refused(WireError)
    /// The peer speaks HTTP: send `FrameDecoder.httpReply`, then close.
    case http
}

/// Cuts received bytes into frames: a 4-byte unsigned big-endian length, then as many bytes.
///
///     | length: UInt32 big-endian | payload: `length` bytes of UTF-8 JSON |
///
/// Memory follows the bytes that arrived, never the length that a peer declared, and is given back when the buffer is empty.
package struct FrameDecoder: ~Copyable {
    /// The largest payload that is accepted now; raised when a connection has authenticated.
    package var maximumPayloadBytes: Int

    private var received: [UInt8] = []
    /// Where the frame that `next` looks at begins.
    private var start = 0
    private var payloadCount: Int?
    private var isFirstFrame = true
    private var isRefused = false

    private static let headerBytes = 4
    /// Room that an idle connection may keep: 10,000 connections then hold 160 MiB at most.
    private static let keptBytes = 16 << 10

    package init(maximumPayloadBytes: Int = ProtocolLimits.frameBytesIn) {
        self.maximumPayloadBytes = maximumPayloadBytes
    }

    /// Bytes that wait: a part of a frame, or frames that nobody asked for.
    package var pendingBytes: Int { received.count - start - (payloadCount.map { $0 + Self.headerBytes } ?? 0) }

    /// Ends the loan of the last frame.
    package mutating func append(_ bytes: RawSpan) {
        guard !isRefused else { return }
        release()
        if start > 0 {
            received.removeSubrange(..<start)
            start = 0
        }
        unsafe bytes.withUnsafeBytes { unsafe received.append(contentsOf: $0) }
    }

    /// Ends the loan of the last frame and looks at the next one. After `refused` or `http` no frame follows.
    package mutating func next() -> FrameEvent {
        guard !isRefused else { return .needsMoreBytes }
        release()
        guard received.count - start >= Self.headerBytes else { return .needsMoreBytes }
        let length = received[start..<start + Self.headerBytes].reduce(0) { $0 << 8 | Int($1) }
        if let event = refusal(length) {
            isRefused = true
            received = []
            start = 0
            return event
        }
        guard received.count - start - Self.headerBytes >= length else { return .needsMoreBytes }
        payloadCount = length
        isFirstFrame = false
        return .frame
    }

    /// Lends the payload of the frame that `next` has announced; does not call `body` where there is none.
    package func withPayload(_ body: (RawSpan) -> Void) {
        guard let payloadCount else { return }
        let first = start + Self.headerBytes
        let payload = unsafe received.span.bytes
        body(payload.extracting(first..<first + payloadCount))
    }

    private mutating func release() {
        guard let count = payloadCount else { return }
        payloadCount = nil
        start += Self.headerBytes + count
        guard start == received.count else { return }
        received.removeAll(keepingCapacity: received.capacity <= Self.keptBytes)
        start = 0
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
