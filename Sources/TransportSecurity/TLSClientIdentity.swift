internal import COpenSSL

/// Whom a client trusts, and who it is itself: PEM files that OpenSSL reads. From any thread.
// SAFETY: OpenSSL counts the references to what the pointer holds and locks it itself.
@safe
package final class TLSClientIdentity: @unchecked Sendable {
    let context: OpaquePointer

    /// - Parameters:
    ///   - authorities: certificates that the server's must come from; nil for those that the system trusts.
    ///   - certificate: what the client shows where the server asks for one, with its key.
    package init(authorities: String?, certificate: (path: String, key: String)? = nil) throws(TLSError) {
        var failure = [CChar](repeating: 0, count: 512)
        guard
            let made = unsafe ctls_client_context_create(
                authorities, certificate?.path, certificate?.key, &failure, failure.count)
        else {
            let text = String(decoding: failure.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw TLSError(reason: text)
        }
        unsafe context = made
    }

    deinit { unsafe ctls_context_destroy(context) }
}

extension TLSSession {
    /// The client's side. What the handshake sends is there after the first `read`, of no bytes.
    ///
    /// - Parameter name: a host's name or address, which the server's certificate must have.
    package convenience init?(_ identity: TLSClientIdentity, serverName name: String) {
        guard let session = unsafe ctls_client_session_create(identity.context, name) else { return nil }
        unsafe self.init(session, keeping: identity)
    }
}
