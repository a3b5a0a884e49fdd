package import WireProtocol

extension ServerConnection {
    /// The first frame that answers something: a server may send notices at any time.
    package func receiveReply() throws(ServerConnectionError) -> (text: [UInt8], outcome: ReplyOutcome) {
        let parser = JSONParser(maximumBytes: ProtocolLimits.frameBytesOut, isOfServer: true)
        while true {
            let text = try receiveFrame()
            let outcome = unsafe parser.replyOutcome(in: text.span.bytes)
            if outcome != .notice { return (text, outcome) }
        }
    }

    /// Asks, and takes what is answered.
    ///
    /// - Parameter parameters: the text of an object; the server says what is wrong with it.
    package func ask(
        _ method: String, _ parameters: String?
    ) throws(ServerConnectionError) -> (text: [UInt8], outcome: ReplyOutcome) {
        var frame: [UInt8] = []
        var writer = JSONWriter(appendingTo: &frame, maximumPayloadBytes: ProtocolLimits.frameBytesIn)
        let fits = writer.writeRequest(id: 1, method: method, parameters: parameters)
        writer.finish(into: &frame)
        guard fits else {
            throw ServerConnectionError(description: "the parameters are larger than a request may be (4 MiB)")
        }
        try send(frame)
        return try receiveReply()
    }
}
