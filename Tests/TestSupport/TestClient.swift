#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A blocking TCP client that sends and receives exactly the bytes it is told to: for tests of what is on the wire,
/// good and bad. Every wait has a deadline.
package final class TestClient {
    private let descriptor: Int32
    private var isOpen = true

    /// - Throws: where nobody listens on that port of 127.0.0.1.
    package init(port: UInt16) throws {
        #if canImport(Glibc)
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            descriptor = socket(AF_INET, SOCK_STREAM, 0)
            // What MSG_NOSIGNAL is elsewhere: a closed peer must cost a failed send, not this process.
            var yes: Int32 = 1
            _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
        #endif
        guard descriptor >= 0 else { throw Self.failure("socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe connect(descriptor, $0, size) }
        }
        guard status == 0 else {
            let failure = Self.failure("connect to port \(port)")
            _ = close(descriptor)
            isOpen = false
            throw failure
        }
    }

    /// The other end of a connection, which a `TestListener` accepted.
    init(accepted descriptor: Int32) { self.descriptor = descriptor }

    deinit {
        disconnect()
    }

    package func disconnect() {
        guard isOpen else { return }
        isOpen = false
        _ = close(descriptor)
    }

    /// Leaves without a goodbye: what the other side still has for this one is lost.
    package func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, Int32(SO_LINGER), &linger, socklen_t(MemoryLayout<linger>.size))
        disconnect()
    }

    /// Says that nothing more will be sent; replies can still be read.
    package func finishSending() {
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Sends all of it.
    /// - Throws: where the peer has closed, or takes nothing for that long.
    package func send(_ bytes: [UInt8], timeoutSeconds: Double = 120) throws {
        let deadline = Deadline(timeoutSeconds)
        var offset = 0
        while offset < bytes.count {
            try wait(for: Int16(POLLOUT), before: deadline, "send")
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[offset...])
                #if canImport(Glibc)
                    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
                    return unsafe Glibc.send(descriptor, rest.baseAddress, rest.count, flags)
                #else
                    return unsafe Darwin.send(descriptor, rest.baseAddress, rest.count, MSG_DONTWAIT)
                #endif
            }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { throw Self.failure("send") }
            offset += count
        }
    }

    /// - Throws: where the peer closes before that many bytes came, or the deadline passes.
    package func receive(exactly count: Int, timeoutSeconds: Double = 120) throws -> [UInt8] {
        let deadline = Deadline(timeoutSeconds)
        var received: [UInt8] = []
        while received.count < count {
            let chunk = try receiveSome(atMost: count - received.count, before: deadline)
            guard !chunk.isEmpty else {
                throw TestSupportError("the peer closed after \(received.count) of \(count) bytes")
            }
            received += chunk
        }
        return received
    }

    /// All bytes until the peer closes; a reset counts as a close.
    /// - Throws: where it does not close before the deadline.
    package func receiveUntilClose(timeoutSeconds: Double = 120) throws -> [UInt8] {
        let deadline = Deadline(timeoutSeconds)
        var received: [UInt8] = []
        while true {
            let chunk = try receiveSome(atMost: 65_536, before: deadline)
            if chunk.isEmpty { return received }
            received += chunk
        }
    }

    /// Empty at the end of the stream.
    private func receiveSome(atMost limit: Int, before deadline: Deadline) throws -> [UInt8] {
        while true {
            try wait(for: Int16(POLLIN), before: deadline, "receive")
            var buffer = [UInt8](repeating: 0, count: limit)
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, limit, 0) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == ECONNRESET { return [] }
            guard count >= 0 else { throw Self.failure("receive") }
            buffer.removeLast(limit - count)
            return buffer
        }
    }

    private func wait(for events: Int16, before deadline: Deadline, _ operation: String) throws {
        while true {
            var entry = pollfd(fd: descriptor, events: events, revents: 0)
            let count = unsafe poll(&entry, 1, deadline.millisecondsLeft)
            if count > 0 { return }
            guard count < 0, errno == EINTR else {
                throw TestSupportError("\(operation): nothing happened before the deadline")
            }
        }
    }

    private static func failure(_ operation: String) -> TestSupportError {
        TestSupportError("\(operation): \(unsafe String(cString: strerror(errno)))")
    }

    private struct Deadline {
        private let end: ContinuousClock.Instant

        init(_ seconds: Double) {
            end = ContinuousClock.now + .seconds(seconds)
        }

        var millisecondsLeft: Int32 {
            Int32(max(0, (end - .now) / .milliseconds(1)))
        }
    }
}
