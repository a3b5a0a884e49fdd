@testable import EventLoop

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A blocking client of the tests. A call that waits longer than `patienceSeconds` throws instead of hanging.
final class TestClient: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let operation: String
        let number: Int32
        var description: String { "\(operation): \(describeErrorNumber(number))" }
    }

    private static let patienceSeconds = 10
    private let descriptor: Int32

    /// - Parameter receiveBuffer: asks for a small window, so that the server notices a reader that stops.
    init(_ server: SocketAddress, receiveBuffer: Int32? = nil) throws {
        #if canImport(Glibc)
            let type = Int32(SOCK_STREAM.rawValue)
        #else
            let type = SOCK_STREAM
        #endif
        descriptor = socket(server.isIPv6 ? AF_INET6 : AF_INET, type, 0)
        guard descriptor >= 0 else { throw Failure(operation: "socket", number: errno) }
        if var size = receiveBuffer {
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var patience = timeval()
        patience.tv_sec = Self.patienceSeconds
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
        var (storage, length) = try ListenAddress(host: server.host, port: server.port).resolve()
        let status = unsafe withUnsafePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe connect(descriptor, $0, length) }
        }
        guard status == 0 else { throw Failure(operation: "connect", number: errno) }
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[sent...])
                return unsafe systemWrite(descriptor, rest)
            }
            guard count > 0 else { throw Failure(operation: "send", number: errno) }
            sent += count
        }
    }

    /// False where the server has closed already.
    func sendsAll(_ bytes: [UInt8]) -> Bool {
        do {
            try send(bytes)
            return true
        } catch {
            return false
        }
    }

    /// Up to `limit` bytes; empty at the end of the connection.
    func receiveSome(_ limit: Int = 65_536) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = unsafe recv(descriptor, &bytes, limit, 0)
        guard count >= 0 else { throw Failure(operation: "receive", number: errno) }
        return Array(bytes[..<count])
    }

    func receive(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let some = try receiveSome(count - bytes.count)
            guard !some.isEmpty else { throw Failure(operation: "receive all", number: EPIPE) }
            bytes.append(contentsOf: some)
        }
        return bytes
    }

    func receiveText(_ count: Int) throws -> String { String(decoding: try receive(count), as: UTF8.self) }

    func receiveToEnd() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let some = try receiveSome()
            if some.isEmpty { return bytes }
            bytes.append(contentsOf: some)
        }
    }

    func receiveTextToEnd() throws -> String { String(decoding: try receiveToEnd(), as: UTF8.self) }

    func endSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    /// Makes the close of the last reference a reset.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
        unsafe send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    #else
        unsafe Darwin.send(descriptor, bytes.baseAddress, bytes.count, 0)
    #endif
}
