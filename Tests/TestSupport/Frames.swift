@_exported import ProtocolVectors

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
