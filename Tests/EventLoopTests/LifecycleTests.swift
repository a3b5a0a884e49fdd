import Telemetry
import Testing

@testable import EventLoop

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("Loops: start, stop, posts, timers, signals", .serialized)
struct LifecycleTests {
    @Test("shutdown flushes what was answered")
    func flushOnShutdown() throws {
        let answered = Events<Void>()
        let size = 6 << 20
        let server = try TestServer { _ in
            let handler = ScriptedHandler.lines { _, connection in
                connection.send { $0.append(contentsOf: [UInt8](repeating: 7, count: size)) }
                answered.post(())
            }
            handler.onWillClose = { connection, cause in if cause == .shutdown { connection.send("end") } }
            return handler
        }
        let client = try TestClient(server.address, receiveBuffer: 65_536)
        try client.send("go\n")
        try answered.next()
        server.server.shutdown(graceMilliseconds: 10_000)
        let bytes = try client.receiveToEnd()
        #expect(bytes.count == size + 3)
        #expect(bytes.suffix(3) == Array("end".utf8)[...])
        client.endSending()
        #expect(try server.join() == TCPServer.RunSummary())
    }

    @Test("requests that waited for a slow client are answered before a shutdown")
    func shutdownAnswersWaitingRequests() throws {
        let paused = Events<Void>()
        let answer = String(repeating: "x", count: 1 << 20)
        let server = try TestServer { _ in
            .lines { line, connection in
                connection.send("\(line)\(answer)\n")
                if connection.isOutputPaused { paused.post(()) }
            }
        }
        let client = try TestClient(server.address, receiveBuffer: 65_536)
        try client.send((0..<12).map { "\($0)\n" }.joined())
        try paused.next()
        server.server.shutdown(graceMilliseconds: 10_000)
        let lines = try client.receiveTextToEnd().split(separator: "\n")
        #expect(lines.count == 12)
        #expect(lines.enumerated().allSatisfy { $1 == "\($0)\(answer)" })
        client.endSending()
        #expect(try server.join().forcedCloses == 0)
    }

    @Test("a client that does not take its answer is cut when the grace time is over")
    func graceLimit() throws {
        let answered = Events<Void>()
        let reasons = Events<CloseReason>()
        let server = try TestServer { _ in
            let handler = ScriptedHandler.lines { _, connection in
                connection.send { $0.append(contentsOf: [UInt8](repeating: 7, count: 16 << 20)) }
                answered.post(())
            }
            handler.onClosed = { _, reason in reasons.post(reason) }
            return handler
        }
        let client = try TestClient(server.address, receiveBuffer: 65_536)
        try client.send("go\n")
        try answered.next()
        #expect(try server.stop(graceMilliseconds: 10).forcedCloses == 1)
        #expect(try reasons.next() == .graceOver)
        client.endSending()
    }

    @Test("shutdown before the run, and twice, ends the run")
    func earlyShutdown() throws {
        let server = try TCPServer(
            configuration: TCPServer.Configuration(loopCount: 2, limits: .ofTests), log: Log(level: .off),
            makeContext: { _ in ScriptedContext { _ in ScriptedHandler() } })
        server.shutdown(graceMilliseconds: 1000)
        server.shutdown(graceMilliseconds: 0)
        #expect(try server.run() == TCPServer.RunSummary())
        #expect(!server.post(toLoop: 0) { _ in Issue.record("the loop has ended") })
        server.shutdown(graceMilliseconds: 0)
        #expect(throws: TestClient.Failure.self) { try TestClient(server.boundAddress) }
    }

    @Test("a context that cannot be made ends all loops and is reported")
    func contextFailure() throws {
        let server = try TCPServer(
            configuration: TCPServer.Configuration(loopCount: 2, limits: .ofTests), log: Log(level: .off),
            makeContext: { loop throws(ServerError) in
                if loop.index == 1 { throw .systemCall("workspace", number: ENOMEM, subject: "a test") }
                return ScriptedContext { _ in ScriptedHandler() }
            })
        let error = #expect(throws: ServerError.self) { try server.run() }
        #expect(error?.operation == "workspace")
    }

    @Test(
        "a second server on the same port is refused, whatever both share",
        arguments: [AcceptStrategy.socketPerLoop, .oneAcceptor], [1, 3])
    func portInUse(strategy: AcceptStrategy, loops: Int) throws {
        let first = try TestServer(loops: loops, configure: { $0.acceptStrategy = strategy }) { _ in .echo() }
        for otherStrategy in [AcceptStrategy.socketPerLoop, .oneAcceptor] {
            var configuration = TCPServer.Configuration(
                listenAddress: ListenAddress(host: "127.0.0.1", port: first.address.port), loopCount: 2,
                limits: .ofTests)
            configuration.acceptStrategy = otherStrategy
            let error = #expect(throws: ServerError.self) {
                _ = try TCPServer(
                    configuration: configuration, log: Log(level: .off),
                    makeContext: { _ in ScriptedContext { _ in ScriptedHandler() } })
            }
            #expect(error?.code == .addressInUse)
            #expect(error?.description.contains("port \(first.address.port), found EADDRINUSE") == true)
        }
        try first.stop()
        // The port is free again at once.
        let second = try TestServer(
            loops: loops,
            configure: {
                $0.listenAddress.port = first.address.port
                $0.acceptStrategy = strategy
            }, handler: { _ in .echo() })
        #expect(second.address == first.address)
        try second.stop()
    }

    @Test("posts run on their loop, in order, and reach its context")
    func posts() throws {
        let seen = Events<String>()
        let server = try TestServer(
            loops: 2,
            context: { loop in
                let context = ScriptedContext { _ in ScriptedHandler() }
                context.note = "loop \(loop.index)"
                return context
            })
        for index in 0..<2 {
            for number in 0..<100 {
                server.server.post(toLoop: index) { loop in
                    let note = (loop.context as? ScriptedContext)?.note ?? "none"
                    seen.post("\(note) #\(number)")
                }
            }
            for number in 0..<100 { #expect(try seen.next() == "loop \(index) #\(number)") }
        }
        try server.stop()
    }

    @Test("a repeated timer runs until it is cancelled, a single one once")
    func timers() throws {
        let ticks = Events<Int>()
        let single = Events<Void>()
        let server = try TestServer(context: { loop throws(ServerError) in
            var count = 0
            var timer: LoopTimer?
            timer = try loop.every(milliseconds: 1) {
                count += 1
                ticks.post(count)
                if count == 3 {
                    timer?.cancel()
                    timer?.cancel()
                    timer = nil
                    do { try loop.after(milliseconds: 5) { single.post(()) } } catch { Issue.record(error) }
                }
            }
            // Still pending when the loop ends.
            try loop.after(milliseconds: 3_600_000) { Issue.record("an hour has not passed") }
            return ScriptedContext { _ in ScriptedHandler() }
        })
        for expected in 1...3 { #expect(try ticks.next() == expected) }
        try single.next()
        try server.stop()
        #expect(ticks.tryNext() == nil, "no fourth tick")
    }

    @Test("a signal reaches loop 0")
    func signals() throws {
        let seen = Events<ServerSignal>()
        let ready = Events<Void>()
        let server = try TestServer(loops: 2, configure: { $0.onSignal = { seen.post($0) } }) { _ in .echo() }
        server.server.post(toLoop: 0) { _ in ready.post(()) }
        try ready.next()
        for signal in ServerSignal.allCases {
            kill(getpid(), signal.number)
            #expect(try seen.next() == signal)
        }
        try server.stop()
    }

    @Test("a signal that comes while the last loops drain takes nothing from their clients")
    func secondSignal() async {
        await #expect(processExitsWith: .success) {
            let answered = Events<Void>()
            let size = 6 << 20
            let server = try TestServer(
                loops: 2,
                configure: {
                    $0.acceptStrategy = .oneAcceptor
                    $0.onSignal = { _ in }
                },
                handler: { _ in
                    .lines { _, connection in
                        connection.send { $0.append(contentsOf: [UInt8](repeating: 7, count: size)) }
                        answered.post(())
                    }
                })
            // The first connection is loop 0's, which watches the signals; the second one's answer waits.
            let first = try TestClient(server.address)
            try first.send("a\n")
            try answered.next()
            let second = try TestClient(server.address, receiveBuffer: 65_536)
            try second.send("a\n")
            try answered.next()
            server.server.shutdown(graceMilliseconds: 60_000)
            #expect(try first.receiveToEnd().count == size)
            first.endSending()
            // Loop 0 has ended when it takes no posts any more.
            while server.server.post(toLoop: 0, { _ in }) {}
            for signal in ServerSignal.allCases { kill(getpid(), signal.number) }
            #expect(try second.receiveToEnd().count == size)
            second.endSending()
            #expect(try server.join() == TCPServer.RunSummary())
            for signal in ServerSignal.allCases { kill(getpid(), signal.number) }
        }
    }

    @Test("the grace time ends a flood that does not")
    func graceDuringFlood() throws {
        let server = try TestServer(configure: { $0.turnMessages = 1 }) { _ in
            .lines { line, connection in connection.send("\(line)\n") }
        }
        let flooder = try TestClient(server.address, receiveBuffer: 65_536)
        let lines = Array(String(repeating: String(repeating: "a", count: 9_999) + "\n", count: 7).utf8)
        let isSending = Events<Void>()
        let sender = try LoopThread {
            // Until the server has cut it: it sends without end and reads nothing.
            while flooder.sendsAll(lines) { isSending.post(()) }
        }
        try isSending.next()
        // Until it owes answers that nobody takes: before, a stop may find that there is nothing to wait for.
        while server.server.counter(.outputPauses) == 0 {}
        #expect(try server.stop(graceMilliseconds: 50).forcedCloses == 1)
        sender.join()
    }

    @Test("an address that other machines reach is refused before it is bound")
    func onlyLoopback() {
        for host in ["0.0.0.0", "::"] {
            var configuration = TCPServer.Configuration(
                listenAddress: ListenAddress(host: host, port: 0), loopCount: 2, limits: .ofTests)
            configuration.onlyLoopback = true
            let error = #expect(throws: ServerError.self) {
                _ = try TCPServer(
                    configuration: configuration, log: Log(level: .off),
                    makeContext: { _ in ScriptedContext { _ in ScriptedHandler() } })
            }
            #expect(error?.code == .notLoopback)
        }
    }

    @Test("without descriptors a client is told and closed where there is something to tell; the others are served")
    func toldWithoutDescriptors() async {
        await #expect(processExitsWith: .success) {
            let log = try LogPipe()
            let server = try TestServer(
                log: log.log, configure: { $0.overLimitMessage = { Array("full".utf8) } },
                context: { _ in ScriptedContext { _ in ScriptedHandler.echo() } })
            let client = try TestClient(server.address)
            try client.send("a")
            #expect(try client.receiveText(1) == "a")
            // Room for the client's own descriptor, and none for the server's.
            let unused = try firstUnusedDescriptor()
            try limitDescriptors(to: unused + 1)
            for _ in 0..<5 {
                #expect(try TestClient(server.address).receiveTextToEnd() == "full")
                // Until the server has its spare one again: the client sees the end a moment before.
                while (0..<unused).contains(where: { fcntl($0, F_GETFD) < 0 }) {}
            }
            #expect(try log.nextLine().contains("\"cannot accept connections\" loop=0 error=\"EMFILE"))
            #expect(server.server.counter(.rejected) == 5)
            try client.send("b")
            #expect(try client.receiveText(1) == "b")
            try limitDescriptors(to: unused + 10)
            let next = try TestClient(server.address)
            try next.send("c")
            #expect(try next.receiveText(1) == "c")
            try server.stop()
        }
    }

    @Test("connections get what is left of the descriptors, whatever the limit")
    func descriptorShares() {
        #expect(DescriptorLimit(limit: 1_048_576, inUse: 4).connections(loopCount: 2) > 100_000)
        let few = DescriptorLimit(limit: 1024, inUse: 4).connections(loopCount: 2)
        #expect((500..<1000).contains(few))
        #expect(DescriptorLimit(limit: 64, inUse: 4).connections(loopCount: 2) >= 1)
        #expect(DescriptorLimit(limit: 32, inUse: 4).connections(loopCount: 2) < 1)
        // Those that are being told that there are too many take nothing from what else needs descriptors.
        for limit in 60...2000 {
            for loops in 1...4 {
                let share = DescriptorLimit(limit: limit, inUse: 9)
                let clients = share.connections(loopCount: loops) + loops * share.rejections(loopCount: loops)
                #expect(9 + clients + DescriptorLimit.reserved + loops * DescriptorLimit.perLoop <= limit)
            }
        }
    }

    @Test("without descriptors the loop waits, says so once a second, and accepts when there are some again")
    func outOfDescriptors() async {
        await #expect(processExitsWith: .success) {
            let log = try LogPipe()
            let closed = Events<Void>()
            let server = try TestServer(
                log: log.log,
                // Accepting is tried again at every check of the times: once a second with this.
                configure: { $0.lingerTimeout = 2000 },
                context: { _ in
                    ScriptedContext { _ in
                        let handler = ScriptedHandler.echo()
                        handler.onClosed = { _, _ in closed.post(()) }
                        return handler
                    }
                })
            var client: TestClient? = try TestClient(server.address)
            try client?.send("a")
            #expect(try client?.receiveText(1) == "a")
            // The next descriptor is the client's own; the server's side finds none.
            try limitDescriptors(to: firstUnusedDescriptor() + 1)
            let waiting = try TestClient(server.address)
            #expect(try log.nextLine().contains("\"cannot accept connections\" loop=0 error=\"EMFILE"))
            let failures = server.server.counter(.acceptFailures)
            try client?.send("b")
            #expect(try client?.receiveText(1) == "b")
            // Not spinning: a loop that did would have failed thousands of times during the exchange.
            #expect(server.server.counter(.acceptFailures) <= failures + 2)
            client = nil
            try closed.next()
            try waiting.send("c")
            #expect(try waiting.receiveText(1) == "c")
            waiting.endSending()
            #expect(try waiting.receiveToEnd().isEmpty)
            try server.stop()
        }
    }
}

/// The descriptor after the highest in use, with every free one below it taken. What a process inherits or closes leaves holes, and a
/// limit counts from zero: with a hole below it, a server whose spare descriptor lies above the limit has none to give up.
private func firstUnusedDescriptor() throws -> Int32 {
    var limits = rlimit()
    _ = unsafe getrlimit(descriptorResource, &limits)
    try limitDescriptors(to: Int32(clamping: min(limits.rlim_max, 4096)))
    let highest = try #require((0..<Int32(4096)).last { fcntl($0, F_GETFD) >= 0 })
    var next = dup(0)
    while next >= 0, next < highest { next = dup(0) }
    try #require(next > highest)
    close(next)
    return next
}

#if canImport(Glibc)
    private var descriptorResource: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_NOFILE.rawValue) }
#else
    private var descriptorResource: Int32 { RLIMIT_NOFILE }
#endif

private func limitDescriptors(to count: Int32) throws {
    var limits = rlimit()
    _ = unsafe getrlimit(descriptorResource, &limits)
    limits.rlim_cur = rlim_t(count)
    try #require(unsafe setrlimit(descriptorResource, &limits) == 0)
}

/// A log whose lines the test reads.
private final class LogPipe: Sendable {
    let log: Log
    private let readEnd: Int32
    private let writeEnd: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        readEnd = ends[0]
        writeEnd = ends[1]
        log = Log(level: .info, fileDescriptor: ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func nextLine() throws -> String {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while true {
            var watched = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
            try #require(unsafe poll(&watched, 1, 10_000) == 1, "no line within 10 s")
            try #require(unsafe read(readEnd, &byte, 1) == 1)
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
    }
}
