import Testing

@testable import EventLoop

@Suite("Addresses, errors and the input buffer")
struct PartsTests {
    @Test("addresses to listen on")
    func parsing() throws {
        #expect(try ListenAddress(parsing: "127.0.0.1:7411") == ListenAddress(host: "127.0.0.1", port: 7411))
        #expect(try ListenAddress(parsing: "[::1]:0") == ListenAddress(host: "::1", port: 0))
        #expect(try ListenAddress(parsing: "shop.example:65535") == ListenAddress(host: "shop.example", port: 65535))
    }

    @Test(
        "what is not an address is refused with what was wrong",
        arguments: [
            ("7411", "no colon"), ("", "no colon"), (":7411", "no host"), ("[]:7411", "no host"),
            ("host:", "no port"), ("host:65536", "no port"), ("host:-1", "no port"), ("host:+1", "no port"),
            ("::1:7411", "without brackets"), ("a:b:c", "no port"),
        ])
    func refusals(text: String, found: String) {
        let error = #expect(throws: ServerError.self) { try ListenAddress(parsing: text) }
        #expect(error?.code == .invalidAddress)
        #expect(error?.found.contains(found) == true)
        #expect(error?.description.contains("127.0.0.1:7411") == true)
    }

    @Test("a host that does not exist and an address of another machine are refused")
    func unusableHosts() {
        let unknown = #expect(throws: ServerError.self) {
            try ListenAddress(host: "256.256.256.256", port: 0).resolve()
        }
        #expect(unknown?.code == .invalidAddress)
        // TEST-NET-1 (RFC 5737) is nobody's.
        let foreign = #expect(throws: ServerError.self) {
            try ListeningSocket.open(at: ListenAddress(host: "192.0.2.1", port: 0), count: 1, backlog: 1)
        }
        #expect(foreign?.operation == "bind" && foreign?.found.hasPrefix("EADDRNOTAVAIL") == true)
    }

    @Test("loopback addresses are known")
    func loopback() throws {
        for (host, expected) in [("127.0.0.1", true), ("127.8.9.1", true), ("::1", true), ("0.0.0.0", false)] {
            let (storage, _) = try ListenAddress(host: host, port: 80).resolve()
            let address = try #require(SocketAddress(storage))
            #expect(address.isLoopback == expected && address.host == host && address.port == 80)
            #expect(address.description == (address.isIPv6 ? "[\(host)]:80" : "\(host):80"))
        }
    }

    @Test("the input buffer gives back what was appended, whatever the pieces")
    func inputBuffer() {
        var buffer = InputBuffer(limit: 50_000)
        var model: [UInt8] = []
        var state: UInt64 = 7
        var next: UInt8 = 0
        for _ in 0..<1000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let size = Int(state >> 33) % 700
            if state >> 63 == 0 && model.count < 40_000 {
                let piece = (0..<size).map { index in next &+ UInt8(truncatingIfNeeded: index) }
                next &+= 13
                model.append(contentsOf: piece)
                unsafe piece.withUnsafeBytes { #expect(unsafe buffer.append($0)) }
            } else {
                let count = min(size, model.count)
                model.removeFirst(count)
                buffer.consume(count)
            }
            #expect(buffer.count == model.count && buffer.isEmpty == model.isEmpty)
            #expect(unsafe buffer.unconsumed.elementsEqual(model))
        }
    }

    @Test("room doubles up to the limit, not beyond")
    func growth() {
        var buffer = InputBuffer(limit: 10_000)
        #expect(unsafe buffer.roomAtEnd(atLeast: 1)?.count == 4096)
        buffer.commit(4096)
        #expect(unsafe buffer.roomAtEnd(atLeast: 1)?.count == 4096)
        buffer.commit(4096)
        #expect(unsafe buffer.roomAtEnd(atLeast: 1)?.count == 10_000 - 8192)
        buffer.commit(1808)
        #expect(unsafe buffer.roomAtEnd(atLeast: 5)?.count == 5)
        buffer.removeAll()
        #expect(unsafe buffer.unconsumed.isEmpty && buffer.isEmpty)
    }

    @Test("without memory the input buffer keeps what it has, and says so")
    func noMemory() {
        var buffer = InputBuffer(limit: 100_000, memory: InputBuffer.Memory(largestByteCount: 9000))
        let piece = [UInt8](repeating: 7, count: 5000)
        unsafe piece.withUnsafeBytes { bytes in
            #expect(unsafe buffer.append(bytes))
            #expect(unsafe !buffer.append(bytes))
            #expect(unsafe buffer.roomAtEnd(atLeast: 20_000) == nil)
        }
        #expect(unsafe buffer.unconsumed.elementsEqual(piece))
    }

    @Test("a mailbox that is full or closed takes nothing")
    func mailbox() {
        let mailbox = Mailbox()
        for _ in 0..<Mailbox.capacity { #expect(mailbox.post { _ in }) }
        #expect(!mailbox.post { _ in })
        #expect(mailbox.takeAll().count == Mailbox.capacity)
        #expect(mailbox.post { _ in })
        #expect(mailbox.close().count == 1)
        #expect(!mailbox.post { _ in })
    }
}
