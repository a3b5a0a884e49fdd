#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where the server listens.
struct ServerAddress {
    let host: String
    let port: UInt16

    /// A connected, blocking socket that sends at once.
    func connect() throws -> Int32 {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Self.streamSocket
        var found: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, String(port), &hints, &found) == 0, let address = unsafe found else {
            throw LoadFailure(description: "cannot resolve \(host)")
        }
        defer { unsafe freeaddrinfo(address) }
        let descriptor = unsafe socket(address.pointee.ai_family, address.pointee.ai_socktype, 0)
        guard descriptor >= 0 else { throw LoadFailure(description: "no socket: \(Self.errorText)") }
        guard unsafe Self.connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else {
            let reason = Self.errorText
            close(descriptor)
            throw LoadFailure(description: "cannot connect to \(host):\(port): \(reason)")
        }
        var noDelay: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &noDelay, size) == 0 else {
            let reason = Self.errorText
            close(descriptor)
            throw LoadFailure(description: "TCP_NODELAY was refused: \(reason)")
        }
        return descriptor
    }

    static var errorText: String { unsafe String(cString: strerror(errno)) }

    #if canImport(Glibc)
        private static let streamSocket = Int32(SOCK_STREAM.rawValue)
        private static let connect = unsafe Glibc.connect
    #else
        private static let streamSocket = SOCK_STREAM
        private static let connect = unsafe Darwin.connect
    #endif
}
