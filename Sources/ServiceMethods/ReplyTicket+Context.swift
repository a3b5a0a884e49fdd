import Telemetry
package import WireProtocol

extension ReplyTicket {
    /// - Parameters:
    ///   - indexVersion: that answered, `ServiceContext.indexVersion`.
    ///   - result: writes the value of `result`, on the thread that owns the connection.
    /// - Returns: false where nobody waits any more.
    @discardableResult
    package func answer(
        indexVersion: String?, quality: ReplyQuality = .full, result: @escaping @Sendable (inout JSONWriter) -> Void
    ) -> Bool {
        answer(
            meta: { head in
                let now = MonotonicClock.nanoseconds()
                return ReplyMeta(
                    serverMicroseconds: Int((now - min(head.receivedAt, now)) / 1000),
                    queueMicroseconds: head.queueMicroseconds, indexVersion: indexVersion, quality: quality)
            }, result: result)
    }
}
