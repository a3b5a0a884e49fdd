// HTTP/1.1 beside the protocol's own transport: for probes, metrics, browsers' tools and clients without a library of their own.
//
//     clients ──▶ listening socket per thread ──▶ HTTPThread 0 .. n-1 ──▶ HTTPApplication (one a thread)
//
// A request is read, answered and sent by one thread, which owns all that it needs.

package import EventLoop
internal import Synchronization
package import Telemetry

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the threads of a listener share.
final class HTTPShared: Sendable {
    let buffers: HTTPBuffers
    let connections = Atomic<Int>(0)
    /// Connections that were cut because they took too long.
    let slow = Atomic<Int>(0)
    /// Milliseconds of the monotonic clock when a stop must be over; 0: none has begun.
    let stopBy = Atomic<UInt64>(0)

    init(bufferBytes: Int) { buffers = HTTPBuffers(limitBytes: bufferBytes) }
}

package final class HTTPListener: Sendable {
    package typealias MakeApplication = @Sendable (_ thread: Int) -> any HTTPApplication

    /// With the real port where 0 was asked for.
    package let boundAddress: SocketAddress
    private let configuration: HTTPConfiguration
    private let shared: HTTPShared
    /// None once a stop has begun.
    private let sockets: Mutex<[ListeningSocket]>
    private let log: Log
    private let makeApplication: MakeApplication
    private let threads = Mutex<[LoopThread]>([])

    /// Binds and listens: clients can connect from here on and are answered once `start` is called.
    /// - Parameter makeApplication: called once a thread, on it.
    package init(
        _ configuration: HTTPConfiguration, log: Log, makeApplication: @escaping MakeApplication
    ) throws(ServerError) {
        self.log = log
        configuration.check()
        self.configuration = configuration
        self.makeApplication = makeApplication
        shared = HTTPShared(bufferBytes: configuration.bufferBytes)
        #if os(Linux)
            let socketCount = configuration.threadCount
        #else
            let socketCount = 1
        #endif
        let opened = try ListeningSocket.open(
            at: configuration.listenAddress, count: socketCount, backlog: 1024,
            onlyLoopback: configuration.onlyLoopback)
        sockets = Mutex(opened.sockets)
        boundAddress = opened.bound
    }

    /// Starts the threads. Once only; `stop` follows. Ignores SIGPIPE from here on.
    package func start() throws(ServerError) {
        signal(SIGPIPE, SIG_IGN)
        for thread in 0..<configuration.threadCount {
            let started = try LoopThread { [self] in run(thread) }
            threads.withLock { $0.append(started) }
        }
    }

    private func run(_ index: Int) {
        guard let socket = sockets.withLock({ $0.isEmpty ? nil : $0[index % $0.count] }) else { return }
        do {
            try HTTPThread(configuration, shared, listener: socket, application: makeApplication(index)).run()
        } catch {
            log.error("a thread for HTTP could not begin", ["error": .text("\(error)")])
        }
    }

    /// Takes no more connections, answers what has been asked, within the grace time, and returns when every thread has ended.
    package func stop(graceMilliseconds: Int) {
        shared.stopBy.store(HTTPThread.milliseconds() + UInt64(max(graceMilliseconds, 0)), ordering: .releasing)
        sockets.withLock { $0 = [] }
        let running = threads.withLock { threads in
            let taken = threads
            threads = []
            return taken
        }
        for thread in running { thread.join() }
    }

    package var connectionCount: Int { shared.connections.load(ordering: .relaxed) }
    package var bufferedBytes: Int { shared.buffers.heldBytes }
    package var slowCloses: Int { shared.slow.load(ordering: .relaxed) }
}
