#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An IPv4 or IPv6 address with a port, as numeric text.
package struct SocketAddress: Sendable, Hashable, CustomStringConvertible {
    package let host: String
    package let port: UInt16
    package let isIPv6: Bool

    /// Of a server that listens on no port.
    static let none = SocketAddress(host: "", port: 0, isIPv6: false)

    private init(host: String, port: UInt16, isIPv6: Bool) {
        self.host = host
        self.port = port
        self.isIPv6 = isIPv6
    }

    /// `127.0.0.1:7411` or `[::1]:7411`.
    package var description: String {
        isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Whether only this machine can reach the address.
    package var isLoopback: Bool {
        host.hasPrefix("127.") || host == "::1" || host.hasPrefix("::ffff:127.")
    }

    /// `nil` for an address of another family.
    init?(_ storage: sockaddr_storage) {
        var storage = storage
        // The longest text, INET6_ADDRSTRLEN.
        var text = [CChar](repeating: 0, count: 46)
        switch Int32(storage.ss_family) {
        case AF_INET:
            var address = unsafe withUnsafeBytes(of: &storage) { unsafe $0.loadUnaligned(as: sockaddr_in.self) }
            guard unsafe inet_ntop(AF_INET, &address.sin_addr, &text, socklen_t(text.count)) != nil else { return nil }
            port = UInt16(bigEndian: address.sin_port)
            isIPv6 = false
        case AF_INET6:
            var address = unsafe withUnsafeBytes(of: &storage) { unsafe $0.loadUnaligned(as: sockaddr_in6.self) }
            guard unsafe inet_ntop(AF_INET6, &address.sin6_addr, &text, socklen_t(text.count)) != nil else {
                return nil
            }
            port = UInt16(bigEndian: address.sin6_port)
            isIPv6 = true
        default:
            return nil
        }
        host = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// Where to listen: a name or an address, and a port (0 lets the system choose).
package struct ListenAddress: Sendable, Hashable {
    package var host: String
    package var port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port`; an IPv6 address stands in brackets.
    package init(parsing text: String) throws(ServerError) {
        func refused(_ found: String) -> ServerError {
            .invalidAddress(text, operation: "read the address to listen on", found: found)
        }
        guard let colon = text.lastIndex(of: ":") else { throw refused("no colon") }
        var host = text[..<colon]
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = UInt16(digits)
        else { throw refused("no port from 0 to 65535 after the last colon") }
        if host.hasPrefix("[") && host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw refused("an IPv6 address without brackets")
        }
        guard !host.isEmpty else { throw refused("no host") }
        self.init(host: String(host), port: port)
    }

    /// The first address the system's resolver gives; may wait for the network unless the host is numeric.
    func resolve() throws(ServerError) -> (storage: sockaddr_storage, length: socklen_t) {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_PASSIVE
        #if canImport(Glibc)
            unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            unsafe hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host, String(port), &hints, &list)
        defer { unsafe list.map { unsafe freeaddrinfo($0) } }
        guard status == 0, let first = unsafe list?.pointee, let address = unsafe first.ai_addr else {
            let reason = unsafe gai_strerror(status).map { unsafe String(cString: $0) } ?? "no address"
            throw .invalidAddress("\(host):\(port)", operation: "resolve the host to listen on", found: "\(reason)")
        }
        var storage = sockaddr_storage()
        let length = unsafe min(Int(first.ai_addrlen), MemoryLayout<sockaddr_storage>.size)
        unsafe withUnsafeMutableBytes(of: &storage) { target in
            unsafe target.copyMemory(from: UnsafeRawBufferPointer(start: address, count: length))
        }
        return (storage, socklen_t(length))
    }
}
