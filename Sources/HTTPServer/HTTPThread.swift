// One thread, one daemon of libmicrohttpd without threads of its own, and everything that belongs to it. Nothing is locked.
//
//     headers ──▶ refusal? ──▶ body, in pieces ──▶ answer ──▶ the client takes it ──▶ completed
//        │ 60 s   (may wait)      60 s           (may wait)          60 s
//     (a client that is slower than that is cut, however little it sends at a time; who waits is suspended and holds up nobody)

internal import CMicroHTTPD
internal import EventLoop
internal import Synchronization
internal import Telemetry

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@safe
final class HTTPThread {
    let configuration: HTTPConfiguration
    let shared: HTTPShared
    let application: any HTTPApplication
    /// Nil before `init` is over. Its callbacks have this object as it is: `run`'s caller holds it until the daemon is gone.
    var daemon: OpaquePointer?
    let alarm: ThreadAlarm
    var connections: [HTTPConnection] = []
    /// Exchanges that wait, and a few that have just ended.
    var waiting: [HTTPExchange] = []
    var now: UInt64
    var lastCheck: UInt64 = 0

    /// On the thread that will run it.
    /// - Parameter listener: stays the caller's.
    init(
        _ configuration: HTTPConfiguration, _ shared: HTTPShared, listener: ListeningSocket,
        application: any HTTPApplication
    ) throws(ServerError) {
        self.configuration = configuration
        self.shared = shared
        self.application = application
        alarm = try ThreadAlarm()
        now = Self.milliseconds()
        // The daemon closes the one it is given.
        let descriptor = dup(listener.descriptor)
        guard descriptor >= 0 else { throw .systemCall("dup", number: errno, subject: "a listening socket") }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        let started = unsafe cmhd_start(
            descriptor, UInt32(connectionLimit), configuration.headerBytes,
            UInt32((max(configuration.headTimeout, configuration.bodyTimeout) + 999) / 1000),
            Self.callbacks(Unmanaged.passUnretained(self).toOpaque()))
        guard let started = unsafe started else {
            close(descriptor)
            throw .systemCall("MHD_start_daemon", number: EINVAL, subject: "an HTTP listener")
        }
        unsafe daemon = started
    }

    static func milliseconds() -> UInt64 { MonotonicClock.nanoseconds() / 1_000_000 }

    var connectionLimit: Int { max(configuration.connections / configuration.threadCount, 1) }

    // MARK: Life

    /// Until a stop; then no longer than its grace time.
    func run() {
        while shared.stopBy.load(ordering: .acquiring) == 0 { turn() }
        let listener = unsafe MHD_quiesce_daemon(daemon)
        if listener >= 0 { close(listener) }
        while connections.contains(where: { $0.phase != .head }),
            Self.milliseconds() < shared.stopBy.load(ordering: .acquiring)
        {
            turn()
        }
        // The library ends the process where it is stopped with suspended connections.
        for exchange in waiting { exchange.waker.end() }
        waiting = []
        // Cuts what is left, by way of the callbacks.
        unsafe MHD_stop_daemon(daemon)
        unsafe daemon = nil
    }

    // MARK: What the library calls

    private static func callbacks(_ owner: UnsafeMutableRawPointer) -> cmhd_callbacks {
        unsafe cmhd_callbacks(
            access: { owner, connection, url, method, _, upload, size, exchange in
                guard let thread = unsafe HTTPThread.of(owner), let connection = unsafe connection,
                    let url = unsafe url, let method = unsafe method, let size = unsafe size,
                    let exchange = unsafe exchange
                else { return .NO }
                let request = unsafe HTTPRequest(connection, url: url, method: method)
                let pieces = unsafe UnsafeRawBufferPointer(start: upload, count: size.pointee)
                unsafe size.pointee = 0
                return unsafe thread.received(request, connection, pieces, &exchange.pointee) ? .YES : .NO
            },
            connection: { owner, connection, context, code in
                guard let thread = unsafe HTTPThread.of(owner), let connection = unsafe connection,
                    let context = unsafe context
                else { return }
                if code == .CONNECTION_NOTIFY_STARTED {
                    unsafe context.pointee = thread.opened(connection)
                } else if let closed = unsafe context.pointee {
                    unsafe thread.closed(Unmanaged<HTTPConnection>.fromOpaque(closed).takeRetainedValue())
                    unsafe context.pointee = nil
                }
            },
            completed: { owner, connection, exchange, _ in
                if let pointer = unsafe exchange?.pointee {
                    let ended = unsafe Unmanaged<HTTPExchange>.fromOpaque(pointer).takeRetainedValue()
                    ended.waker.end()
                    ended.waitsUntil = nil
                    unsafe exchange?.pointee = nil
                }
                guard let thread = unsafe HTTPThread.of(owner), let connection = unsafe connection else { return }
                unsafe thread.connection(connection)?.enter(.head, now: thread.now)
            },
            owner: owner)
    }

    private static func of(_ owner: UnsafeMutableRawPointer?) -> HTTPThread? {
        guard let owner = unsafe owner else { return nil }
        return unsafe Unmanaged<HTTPThread>.fromOpaque(owner).takeUnretainedValue()
    }

    private func connection(_ connection: OpaquePointer) -> HTTPConnection? {
        guard let context = unsafe cmhd_context(connection) else { return nil }
        return unsafe Unmanaged<HTTPConnection>.fromOpaque(context).takeUnretainedValue()
    }

    private func opened(_ raw: OpaquePointer) -> UnsafeMutableRawPointer {
        let connection = HTTPConnection(descriptor: unsafe cmhd_descriptor(raw), now: now)
        connection.place = connections.count
        connections.append(connection)
        shared.connections.add(1, ordering: .relaxed)
        return unsafe Unmanaged.passRetained(connection).toOpaque()
    }

    /// O(1): the last connection takes the place.
    private func closed(_ connection: HTTPConnection) {
        connections.swapAt(connection.place, connections.count - 1)
        connections[connection.place].place = connection.place
        connections.removeLast()
        shared.connections.subtract(1, ordering: .relaxed)
    }

    /// - Returns: false to cut the connection.
    private func received(
        _ request: borrowing HTTPRequest, _ connection: OpaquePointer, _ piece: UnsafeRawBufferPointer,
        _ context: inout UnsafeMutableRawPointer?
    ) -> Bool {
        guard let known = unsafe context else {
            let waker = HTTPWaker()
            let exchange = HTTPExchange(application.makeAnswer(waker), waker, shared.buffers)
            unsafe context = Unmanaged.passRetained(exchange).toOpaque()
            return unsafe headersAreThere(exchange.answering.begin(request), request, connection, exchange)
        }
        let exchange = unsafe Unmanaged<HTTPExchange>.fromOpaque(known).takeUnretainedValue()
        switch exchange.phase {
        case .head:
            return unsafe headersAreThere(exchange.answering.resume(request), request, connection, exchange)
        case .body:
            guard unsafe piece.isEmpty else { return unsafe exchange.append(piece) }
            return unsafe bodyIsThere(request, connection, exchange)
        case .answer:
            return unsafe take(exchange.answering.resume(request), exchange, connection)
        }
    }

    private func headersAreThere(
        _ step: HTTPStep, _ request: borrowing HTTPRequest, _ connection: OpaquePointer, _ exchange: HTTPExchange
    ) -> Bool {
        switch step {
        case .wait(let until): return unsafe suspend(until, exchange, connection)
        case .reply(let refused): exchange.refused = refused
        case .readBody(let limit): exchange.bodyLimit = min(limit, configuration.bodyBytes)
        }
        exchange.waitsUntil = nil
        exchange.phase = .body
        unsafe self.connection(connection)?.enter(.body, now: now)
        let length = request.declaredLength
        if !exchange.isRefused {
            if request.method == .post, length == nil, !request.isChunked {
                exchange.refusal = .lengthRequired
            } else if let length, length > UInt64(exchange.bodyLimit) {
                exchange.refusal = .bodyTooLarge(limit: exchange.bodyLimit)
            }
        }
        // What is refused before its body ends the connection; a short body is read, and the connection goes on.
        let hasLongBody =
            request.isChunked || (length ?? 0) > UInt64(HTTPExchange.discardBytes) || request.header("Expect") != nil
        guard exchange.isRefused, hasLongBody else { return true }
        return unsafe bodyIsThere(request, connection, exchange)
    }

    private func bodyIsThere(
        _ request: borrowing HTTPRequest, _ connection: OpaquePointer, _ exchange: HTTPExchange
    ) -> Bool {
        exchange.phase = .answer
        if let refused = exchange.refused { return unsafe send(refused, for: exchange, connection) }
        if let refusal = exchange.refusal {
            return unsafe send(exchange.answering.reply(to: refusal, request), for: exchange, connection)
        }
        let step = exchange.answering.answer(
            request, body: exchange.takeBody(), receivedAt: MonotonicClock.nanoseconds())
        return unsafe take(step, exchange, connection)
    }

    private func take(_ step: HTTPStep, _ exchange: HTTPExchange, _ connection: OpaquePointer) -> Bool {
        switch step {
        case .reply(let reply): return unsafe send(reply, for: exchange, connection)
        case .wait(let until): return unsafe suspend(until, exchange, connection)
        case .readBody: preconditionFailure("the body has been read")
        }
    }

    private func suspend(_ until: UInt64, _ exchange: HTTPExchange, _ connection: OpaquePointer) -> Bool {
        if exchange.waitsUntil == nil, !waiting.contains(where: { $0 === exchange }) { waiting.append(exchange) }
        exchange.waitsUntil = until
        unsafe self.connection(connection)?.enter(.waiting, now: now)
        exchange.waker.suspend(unsafe HTTPSuspension(connection, alarm))
        return true
    }

    private func send(_ reply: HTTPReply, for exchange: HTTPExchange, _ connection: OpaquePointer) -> Bool {
        unsafe self.connection(connection)?.enter(.reply, now: now)
        exchange.waitsUntil = nil
        let count = reply.body.count - reply.bodyStart
        exchange.holdReply(count)
        let response = unsafe reply.body.withUnsafeBytes { bytes in
            // The library copies what it is given here, whatever the type says.
            let start = unsafe bytes.baseAddress.map { unsafe UnsafeMutableRawPointer(mutating: $0 + reply.bodyStart) }
            return unsafe MHD_create_response_from_buffer(count, start, .RESPMEM_MUST_COPY)
        }
        guard let response = unsafe response else { return false }
        defer { unsafe MHD_destroy_response(response) }
        if let content = reply.content { unsafe Self.add("Content-Type", content.rawValue, to: response) }
        for header in reply.headers { unsafe Self.add(header.name, header.value, to: response) }
        return unsafe MHD_queue_response(connection, UInt32(reply.status), response) == .YES
    }

    private static func add(_ name: String, _ value: String, to response: OpaquePointer) {
        let added = unsafe MHD_add_response_header(response, name, value)
        // Refused only for line breaks and empty values, which no caller has.
        assert(added == .YES)
    }
}
