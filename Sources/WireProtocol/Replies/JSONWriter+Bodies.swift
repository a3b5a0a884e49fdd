/// Answers without a frame, such as the body of an HTTP reply. They are written as frames all the same, so that the limits hold;
/// the body is what comes after `FrameDecoder.headerBytes`. A body names no request: it is the answer to the one that it belongs to.
extension JSONWriter {
    /// Begins `{"result":...,"meta":{...}}`: write one value, then `endResult`; `abandonReply` takes it back.
    package mutating func beginResult() {
        beginFrame()
        beginObject()
        key("result")
    }

    /// - Throws: where the body is above the limit of a frame, and taken back.
    package mutating func endResult(meta: ReplyMeta) throws(WireError) {
        if !finishReply(meta) { throw .replyTooLarge }
    }

    /// Begins a body that is one value, then `endValue`; `abandonReply` takes it back.
    package mutating func beginValue() { beginFrame() }

    /// - Throws: where the body is above the limit of a frame, and taken back.
    package mutating func endValue() throws(WireError) {
        if !endFrame() { throw .replyTooLarge }
    }

    /// `{"error":{...}}`.
    package mutating func writeErrorBody(_ error: WireError) {
        beginFrame()
        beginObject()
        finishError(error)
    }
}

extension JSONParser {
    /// Parses the parameters of a request that says elsewhere which method it asks, and lends it to `body`.
    /// - Parameters:
    ///   - document: one JSON object, or nothing, which is an object without members.
    ///   - method: its number.
    ///   - body: is lent their text too, as `parametersText` gives it for a request in a frame.
    package func withParameters(
        in document: RawSpan, method: Int, deadlineMilliseconds: Int?,
        _ body: (_ request: borrowing Request, _ text: WireString) -> Void
    ) throws(WireError) {
        let parameters: JSONValue?
        if document.isEmpty {
            parameters = nil
        } else {
            switch parse(document) {
            case .document(let root): parameters = root
            case .refused(let error), .ruleBroken(let error, _, _): throw error
            }
            guard parameters?.kind == .object else {
                throw WireError(.invalidRequest, "The parameters are one JSON object with named members.")
            }
        }
        let request = Request(
            id: nil, method: method, deadlineMilliseconds: deadlineMilliseconds, traceparent: nil, isJSONRPC: false,
            hasUnknownMembers: false, root: JSONValue.null, parameters: parameters, parametersOrdinal: nil)
        unsafe document.withUnsafeBytes { bytes in
            // White space may stand before an object.
            let start = unsafe bytes.firstIndex(of: UInt8(ascii: "{")) ?? bytes.count
            let text = unsafe bytes.bindMemory(to: UInt8.self).baseAddress.map { unsafe $0 + start }
            body(request, unsafe WireString(start: text, count: bytes.count - start))
        }
    }
}

extension MethodNames {
    /// - Throws: with the nearest name.
    package func number(of name: String) throws(WireError) -> Int {
        var name = name
        let found: Result<Int, WireError> = name.withUTF8 { bytes in
            do throws(WireError) {
                return .success(try number(of: unsafe WireString(start: bytes.baseAddress, count: bytes.count)))
            } catch {
                return .failure(error)
            }
        }
        return try found.get()
    }
}
