// A TCP server of several libuv loops, one thread each.
//
//     clients ──> listening socket per loop ──> ServerLoop 0 .. n-1 ──> Connection ──> ConnectionHandler
//     other threads ──> Mailbox of a loop ──> ServerLoop
//
// A connection stays on the loop that accepted it, so a request is read, handled and answered by one thread without a
// lock. Nothing a handler does may wait: its loop's other connections would wait with it.

internal import Synchronization
package import Telemetry

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

package final class TCPServer: Sendable {
    package typealias ContextFactory = @Sendable (ServerLoop) throws(ServerError) -> any LoopContext

    /// Of the first listener, with the real port where 0 was asked for.
    package var boundAddress: SocketAddress { boundAddresses.first ?? .none }
    /// Of each listener that has one.
    package let boundAddresses: [SocketAddress]
    package let configuration: Configuration
    private let log: Log
    private let makeContext: ContextFactory
    private let shared: SharedByLoops
    /// For each listener, its sockets.
    private let listeners: Locked<[[ListeningSocket]]>
    private let hasRun = Atomic<Bool>(false)

    package static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// Binds and listens: clients can connect from here on and are served once `run` is called.
    /// - Parameter makeContext: called once per loop, on the loop's thread, before its first connection.
    package init(
        configuration: Configuration, log: Log, makeContext: @escaping ContextFactory
    ) throws(ServerError) {
        configuration.check()
        self.configuration = configuration
        self.log = log
        self.makeContext = makeContext
        shared = SharedByLoops(loopCount: configuration.loopCount, bufferBudget: configuration.bufferBudget)
        let socketCount = configuration.acceptStrategy == .socketPerLoop ? configuration.loopCount : 1
        var sockets: [[ListeningSocket]] = []
        var addresses: [SocketAddress] = []
        for listener in configuration.listeners {
            switch listener.place {
            case .address(let address):
                let opened = try ListeningSocket.open(
                    at: address, count: socketCount, backlog: configuration.backlog,
                    onlyLoopback: !listener.mayBeRemote)
                sockets.append(opened.sockets)
                addresses.append(opened.bound)
            case .unixSocket(let path):
                let socket = try ListeningSocket.open(path: path, backlog: configuration.backlog)
                // One socket, which every loop that accepts looks at.
                sockets.append(Array(repeating: socket, count: socketCount))
            }
        }
        boundAddresses = addresses
        listeners = Locked(sockets)
    }

    package struct RunSummary: Sendable, Equatable {
        /// Connections that were cut because the grace time was over.
        package var forcedCloses = 0
        /// Loops that libuv could not close because a handle was left: a programming error.
        package var leakedLoops = 0
    }

    /// Serves until `shutdown`; loop 0 runs on the calling thread. Once only. Ignores SIGPIPE from here on.
    /// - Throws: where a loop or its context could not be made; no loop runs any more then.
    package func run() throws(ServerError) -> RunSummary {
        let wasRunning = hasRun.exchange(true, ordering: .relaxed)
        precondition(!wasRunning, "a server runs once")
        signal(SIGPIPE, SIG_IGN)
        let sockets = listeners.withLock { sockets in
            let taken = sockets
            sockets = []
            return taken
        }
        var threads: [LoopThread] = []
        for index in 1..<max(configuration.loopCount, 1) {
            let own = sockets.map { index < $0.count ? $0[index] : nil }
            do {
                threads.append(try LoopThread { self.runLoop(index, own) })
            } catch {
                fail(error)
                break
            }
        }
        runLoop(0, sockets.map(\.first))
        for thread in threads { thread.join() }
        if let failure = shared.firstFailure.withLock({ $0 }) { throw failure }
        return RunSummary(
            forcedCloses: shared.forcedCloses.load(ordering: .relaxed),
            leakedLoops: shared.leakedLoops.load(ordering: .relaxed))
    }

    private func runLoop(_ index: Int, _ sockets: [ListeningSocket?]) {
        let loop = ServerLoop(index: index, configuration: configuration, shared: shared, log: log)
        do {
            try loop.open(sockets: sockets, makeContext: makeContext)
        } catch {
            fail(error)
            return
        }
        loop.run()
        shared.forcedCloses.add(loop.forcedCloses, ordering: .relaxed)
        if !loop.end() { shared.leakedLoops.add(1, ordering: .relaxed) }
    }

    private func fail(_ error: ServerError) {
        shared.firstFailure.withLock { failure in
            if failure == nil { failure = error }
        }
        shutdown(graceMilliseconds: 0)
    }

    /// Stops accepting, tells every handler (`willClose(.shutdown)`), flushes, closes; `run` then returns. From any
    /// thread, before or during `run`; a second call changes nothing.
    /// - Parameter graceMilliseconds: connections that are not flushed by then are cut.
    package func shutdown(graceMilliseconds: Int) {
        for mailbox in shared.mailboxes {
            // A loop that takes no work any more has ended.
            _ = mailbox.post { loop in loop.beginShutdown(graceMilliseconds: graceMilliseconds) }
        }
    }

    /// Runs `work` on a loop's thread. From any thread; keeps the order of one thread's posts.
    /// - Returns: false when the loop has ended or 65,536 posts wait: the work is not done then.
    @discardableResult
    package func post(toLoop index: Int, _ work: @escaping @Sendable (ServerLoop) -> Void) -> Bool {
        shared.mailboxes[index].post(work)
    }

    /// Summed over the loops, in a fixed order. From any thread.
    package var counters: [(name: String, value: Int)] { CounterBlock.sum(shared.counters) }

    package func counter(_ counter: LoopCounter, ofLoop index: Int) -> Int {
        shared.counters[index].value(at: counter.rawValue)
    }

    package func counter(_ counter: LoopCounter) -> Int {
        shared.counters.reduce(0) { $0 + $1.value(at: counter.rawValue) }
    }

    /// What the buffers of all connections hold.
    package var bufferedBytes: Int { shared.buffers.heldBytes }

    package var openConnectionCount: Int { shared.openConnections.load(ordering: .relaxed) }
}
