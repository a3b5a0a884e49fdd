#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A listening socket on a free port of this machine: for tests of clients.
package final class TestListener {
    package let port: UInt16
    private let descriptor: Int32

    package init() throws {
        #if canImport(Glibc)
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isListening = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, size) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        guard isListening else { throw TestSupportError("cannot listen: \(unsafe String(cString: strerror(errno)))") }
    }

    deinit { _ = close(descriptor) }

    /// Waits for a client.
    package func accept(timeoutSeconds: Double = Subprocess.usualTimeoutSeconds) throws -> TestClient {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&entry, 1, Int32(timeoutSeconds * 1000)) == 1 else {
            throw TestSupportError("no client came before the deadline")
        }
        #if canImport(Glibc)
            return TestClient(accepted: Glibc.accept(descriptor, nil, nil))
        #else
            return TestClient(accepted: Darwin.accept(descriptor, nil, nil))
        #endif
    }
}
