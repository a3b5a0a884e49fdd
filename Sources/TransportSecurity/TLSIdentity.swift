internal import COpenSSL

/// Who a server is to its clients: PEM files that OpenSSL reads.
package struct TLSFiles: Sendable, Hashable {
    /// The certificate, then those between it and the authority.
    package var certificate: String
    package var key: String
    /// Clients must show a certificate of one of these authorities; nil: nobody asks for one.
    package var clientAuthorities: String?

    package init(certificate: String, key: String, clientAuthorities: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.clientAuthorities = clientAuthorities
    }
}

package struct TLSError: Error, Sendable, Equatable, CustomStringConvertible {
    /// OpenSSL's words.
    package let reason: String

    package var description: String {
        "The files for TLS cannot be used: \(reason). Give PEM files: the certificate with those above it, and its key."
    }
}

/// Certificate and key, read and checked. From any thread; lives as long as one of its sessions.
// SAFETY: OpenSSL counts the references to what the pointer holds and locks it itself.
@safe
package final class TLSIdentity: @unchecked Sendable {
    let context: OpaquePointer

    package init(_ files: TLSFiles) throws(TLSError) {
        var failure = [CChar](repeating: 0, count: 512)
        let made: OpaquePointer?
        if let authorities = files.clientAuthorities {
            unsafe made = ctls_context_create(files.certificate, files.key, authorities, &failure, failure.count)
        } else {
            unsafe made = ctls_context_create(files.certificate, files.key, nil, &failure, failure.count)
        }
        guard let made = unsafe made else {
            let text = String(decoding: failure.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw TLSError(reason: text)
        }
        unsafe context = made
    }

    /// Until the certificate expires; below 0 afterwards.
    package var secondsLeft: Int { Int(unsafe ctls_context_seconds_left(context)) }

    deinit { unsafe ctls_context_destroy(context) }
}
