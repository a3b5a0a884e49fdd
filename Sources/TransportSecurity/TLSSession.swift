internal import COpenSSL

/// One side of a TLS connection, without a socket: encrypted bytes go in, plain ones come out, and back. One thread's.
@safe
package final class TLSSession {
    package enum Outcome: Equatable {
        /// So many bytes of plain text; perhaps there are more.
        case text(Int)
        case needsMore
        /// The other side sends nothing more.
        case ended
        /// What `takeOutput` gives is to be sent still.
        case failed(String)
    }

    private let session: OpaquePointer
    /// Of two threads none has it: it keeps what the session refers to.
    private let identity: AnyObject

    /// The server's side. Nil when memory is short.
    package convenience init?(_ identity: TLSIdentity) {
        guard let session = unsafe ctls_session_create(identity.context) else { return nil }
        unsafe self.init(session, keeping: identity)
    }

    /// Takes the session over.
    init(_ session: OpaquePointer, keeping identity: AnyObject) {
        unsafe self.session = session
        self.identity = identity
    }

    deinit { unsafe ctls_session_destroy(session) }

    package var isEstablished: Bool { unsafe ctls_is_established(session) }

    /// - Parameters:
    ///   - bytes: from the other side; those that were used are taken away.
    ///   - room: for plain text.
    package func read(
        _ bytes: inout UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
    ) -> Outcome {
        var used = 0
        var written = 0
        let status = unsafe ctls_read(
            session, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count, &used,
            room.baseAddress?.assumingMemoryBound(to: UInt8.self), room.count, &written)
        unsafe bytes = UnsafeRawBufferPointer(rebasing: bytes[used...])
        switch status {
        case .text: return .text(written)
        case .needs_more: return .needsMore
        case .ended: return .ended
        case .failed:
            return .failed(unsafe ctls_failure(session).map { unsafe String(cString: $0) } ?? "")
        }
    }

    /// Encrypts all of `text`, for `takeOutput`. False where the session is not established, or has failed.
    package func write(_ text: UnsafeRawBufferPointer) -> Bool {
        unsafe ctls_write(session, text.baseAddress?.assumingMemoryBound(to: UInt8.self), text.count)
    }

    /// Tells the other side that nothing more comes, by `takeOutput`.
    package func end() { unsafe ctls_end(session) }

    package var hasOutput: Bool {
        var count = 0
        _ = unsafe ctls_output(session, &count)
        return count > 0
    }

    /// Moves what is to be sent behind `output`.
    package func takeOutput(appendingTo output: inout [UInt8]) {
        var count = 0
        let bytes = unsafe ctls_output(session, &count)
        unsafe output.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
        unsafe ctls_clear_output(session)
    }
}
