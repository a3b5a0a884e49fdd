/// A value of an item's property.
package enum WireValue: Hashable, Sendable {
    case text(String)
    case number(Double)
    case boolean(Bool)
    /// Milliseconds since 1970-01-01T00:00:00Z.
    case time(Int64)
}

/// Results that are made of several answers, or of what an answer comes to.
extension JSONWriter {
    // MARK: Rows of a page

    package mutating func beginRows() {
        beginObject()
        key("rows")
        beginArray()
    }

    /// Then `beginRowResult` and a result, or `errorMember`.
    package mutating func beginRow(_ name: UnsafeBufferPointer<UInt8>) {
        beginObject()
        key("name")
        unsafe string(name)
    }

    package mutating func beginRowResult() { key("result") }

    package mutating func endRow() { endObject() }

    package mutating func endRows() {
        endArray()
        endObject()
    }

    // MARK: Values of a property

    /// Ends with `endRecommendations`.
    package mutating func beginValueShares() {
        beginObject()
        key("segments")
        beginArray()
    }

    package mutating func valueShare(_ value: WireValue, share: Double, itemCount: Int) {
        beginObject()
        key("value")
        switch value {
        case .text(let text): string(text)
        case .number(let number): self.number(number)
        case .boolean(let boolean): self.boolean(boolean)
        case .time(let milliseconds): integer(Int(milliseconds))
        }
        key("share")
        number(share)
        key("itemCount")
        integer(itemCount)
        endObject()
    }

    // MARK: Slow requests

    package mutating func beginSlowLog(thresholdMilliseconds: Double, total: Int) {
        beginObject()
        key("thresholdMs")
        number(thresholdMilliseconds)
        key("total")
        integer(total)
        key("requests")
        beginArray()
    }

    package mutating func slowRequest(
        time: Int64, method: StaticString, milliseconds: Double, queueMilliseconds: Double, requestBytes: Int?,
        client: String?, traceparent: String?
    ) {
        beginObject()
        key("time")
        integer(Int(time))
        key("method")
        string(method)
        key("ms")
        number(milliseconds)
        key("queueMs")
        number(queueMilliseconds)
        if let requestBytes {
            key("requestBytes")
            integer(requestBytes)
        }
        if let client {
            key("client")
            string(client)
        }
        if let traceparent {
            key("traceparent")
            string(traceparent)
        }
        endObject()
    }

    package mutating func endSlowLog() {
        endArray()
        endObject()
    }
}
