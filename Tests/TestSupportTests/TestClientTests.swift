import Foundation
import TestSupport
import Testing

@Suite struct TestClientTests {
    /// A listener in this process that accepts nobody: the system completes the connection all the same.
    private final class Listener {
        let port: UInt16
        private let descriptor: Int32

        init() throws {
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
            let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe bind(descriptor, $0, size) == 0 && listen(descriptor, 4) == 0
                        && getsockname(descriptor, $0, &size) == 0
                }
            }
            guard isBound else { throw TestSupportError("no listener: errno \(errno)") }
            port = UInt16(bigEndian: address.sin_port)
        }

        /// Accepts one connection, sends the bytes and closes it.
        func answer(_ bytes: [UInt8]) {
            let connection = accept(descriptor, nil, nil)
            _ = unsafe bytes.withUnsafeBytes { unsafe write(connection, $0.baseAddress, $0.count) }
            _ = shutdown(connection, Int32(SHUT_WR))
            _ = close(connection)
        }

        deinit {
            _ = close(descriptor)
        }
    }

    @Test func receivesExactlyAndUntilTheEnd() throws {
        let listener = try Listener()
        let client = try TestClient(port: listener.port)
        listener.answer(Array("0123456789".utf8))
        #expect(try client.receive(exactly: 4) == Array("0123".utf8))
        #expect(try client.receiveUntilClose() == Array("456789".utf8))
        let error = #expect(throws: TestSupportError.self) { try client.receive(exactly: 1) }
        #expect(error?.description == "the peer closed after 0 of 1 bytes")
    }

    @Test func aSilentPeerMeetsTheDeadline() throws {
        let listener = try Listener()
        let client = try TestClient(port: listener.port)
        try client.send([1, 2, 3])
        let error = #expect(throws: TestSupportError.self) { try client.receive(exactly: 1, timeoutSeconds: 0.05) }
        #expect(error?.description == "receive: nothing happened before the deadline")
    }

    @Test func aClosedPortIsRefused() throws {
        let port = try Listener().port
        #expect(throws: TestSupportError.self) { try TestClient(port: port) }
    }

    @Test(arguments: [
        ("listening on 127.0.0.1:7411\n", UInt16(7411)),
        (#"{"level":"info","event":"listening","address":"127.0.0.1:40123","threads":2}"# + "\n", 40123),
        ("index opened\nlistening on 127.0.0.1:1\nmore", 1), ("listening on 127.0.0.1:74", nil), ("", nil),
        ("connected to 127.0.0.1:80\n", nil),
    ])
    func portsAreReadFromTheListeningLine(text: String, port: UInt16?) {
        #expect(RunningServer.port(announcedIn: text) == port)
    }
}
