// One thread, one libuv loop, and everything that belongs to it. Nothing here is locked: other threads reach a loop
// through its `Mailbox` only, and read its counters.

internal import CUV
internal import Synchronization
package import Telemetry

@safe
package final class ServerLoop {
    enum Phase { case running, draining, ending }

    /// Output buffers kept for the next connections that answer, and the largest kept: enough for the connections
    /// that are active in one turn, 4 MiB at most.
    private static let spareBufferLimit = 64
    private static let spareBufferBytes = 64 << 10

    package let index: Int
    package let log: Log
    package internal(set) var context: (any LoopContext)?
    let configuration: TCPServer.Configuration
    let shared: SharedByLoops
    let counters: CounterBlock
    let uvLoop: UnsafeMutablePointer<uv_loop_t>
    let readBuffer: UnsafeMutableRawBufferPointer
    /// What a connection with TLS has received, until it is decrypted.
    let cipherBuffer: UnsafeMutableRawBufferPointer

    var phase = Phase.running
    var connections: [Connection] = []
    /// Closed, but libuv has not called back yet.
    var closingCount = 0
    var forcedCloses = 0
    var flushList: [Connection] = []
    private var spareBuffers: [[UInt8]] = []
    /// Connections with one message, perhaps only a part of it, that wait for their turn.
    var waiting: FairQueue<Connection>
    /// Those that leave messages behind when a turn of theirs ends: all of them together wait as one.
    var pipelining: FairQueue<Connection>
    /// What that one caused.
    var pipeliningDelay: CausedDelay
    /// Nanoseconds of this round, that is since the latest look at the network.
    var servedNanoseconds: UInt64 = 0
    /// Nobody who waits was served in the latest round, so that the network could be looked at.
    var hasLookedFirst = false
    /// What the shared budget was told last.
    var reportedLargest = 0
    var spareDescriptor = SpareDescriptor()
    /// Active while anybody waits.
    var backlogIdle: UnsafeMutablePointer<uv_idle_t>?
    /// Counts the looks at the network; from 1, so that 0 is none.
    var turn: UInt64 = 1
    /// Nanoseconds at the first read of this turn; 0 before it.
    var pollTime: UInt64 = 0

    var listeners: [LoopListener] = []
    var isAcceptPaused = false
    var lastAcceptReport: UInt64?
    var lingeringRejections = 0
    var nextLoop = 0
    var graceTimer: LoopTimer?

    init(index: Int, configuration: TCPServer.Configuration, shared: SharedByLoops, log: Log) {
        self.index = index
        self.configuration = configuration
        self.shared = shared
        self.log = log
        counters = shared.counters[index]
        let now = configuration.clock()
        waiting = FairQueue(at: now)
        pipelining = FairQueue(at: now)
        pipeliningDelay = CausedDelay(nanoseconds: Connection.delayOfNewcomer, at: now)
        unsafe uvLoop = .allocate(capacity: 1)
        unsafe uvLoop.initialize(to: uv_loop_t())
        unsafe readBuffer = .allocate(
            byteCount: configuration.readChunk + Connection.readableSlack, alignment: 64)
        let usesTLS = configuration.listeners.contains { $0.tls != nil }
        unsafe cipherBuffer = .allocate(byteCount: usesTLS ? configuration.readChunk : 0, alignment: 64)
    }

    deinit {
        unsafe readBuffer.deallocate()
        unsafe cipherBuffer.deallocate()
        unsafe uvLoop.deallocate()
    }

    package var poster: LoopPoster { LoopPoster(mailbox: shared.mailboxes[index]) }

    /// Milliseconds of the loop's clock, read once per turn.
    package var now: UInt64 { unsafe uv_now(uvLoop) }

    /// Runs `action` on this loop until the timer is cancelled or the loop ends. On the loop's thread only.
    @discardableResult
    package func every(
        milliseconds: Int, _ action: @escaping () -> Void
    ) throws(ServerError) -> LoopTimer {
        unsafe try LoopTimer(on: uvLoop, milliseconds: UInt64(max(milliseconds, 1)), repeats: true, action: action)
    }

    /// Runs `action` once. On the loop's thread only.
    @discardableResult
    package func after(
        milliseconds: Int, _ action: @escaping () -> Void
    ) throws(ServerError) -> LoopTimer {
        unsafe try LoopTimer(on: uvLoop, milliseconds: UInt64(max(milliseconds, 0)), repeats: false, action: action)
    }

    func count(_ counter: LoopCounter, _ amount: Int = 1) {
        counters.add(amount, at: counter.rawValue)
    }

    // MARK: Output at the end of a turn

    func flushLater(_ connection: Connection) { flushList.append(connection) }

    /// Runs before every wait for the network. A flush may lead to output of other connections, so until none is left.
    func flushMarked() {
        while !flushList.isEmpty {
            var marked: [Connection] = []
            swap(&marked, &flushList)
            for connection in marked {
                connection.isMarkedForFlush = false
                connection.flushAndContinue()
            }
        }
    }

    func takeSpareBuffer() -> [UInt8] { spareBuffers.popLast() ?? [] }

    func returnSpareBuffer(_ buffer: inout [UInt8]) {
        guard buffer.capacity > 0, buffer.capacity <= Self.spareBufferBytes,
            spareBuffers.count < Self.spareBufferLimit
        else { return }
        buffer.removeAll(keepingCapacity: true)
        spareBuffers.append(buffer)
        buffer = []
    }

    // MARK: The table of connections

    func add(_ connection: Connection) {
        connection.tableIndex = connections.count
        connections.append(connection)
    }

    /// O(1): the last connection takes the place.
    func forget(_ connection: Connection) {
        let place = connection.tableIndex
        connections.swapAt(place, connections.count - 1)
        connections[place].tableIndex = place
        connections.removeLast()
        closingCount += 1
    }

    func connectionDidClose(_ connection: Connection) {
        closingCount -= 1
        count(.closed)
        if connection.isAdmitted {
            shared.openConnections.subtract(1, ordering: .relaxed)
        } else {
            lingeringRejections -= 1
        }
        resumeAccepting()
        endIfDrained()
    }

    /// From the end, because a connection that closes is replaced by the last one.
    func forEachConnection(_ body: (Connection) -> Void) {
        var place = connections.count - 1
        while place >= 0 {
            if place < connections.count { body(connections[place]) }
            place -= 1
        }
    }

    func checkTimes() {
        let now = self.now
        forEachConnection { $0.checkTimes(now: now) }
        reportLargest()
        resumeAccepting()
    }

    func doPostedWork() {
        for work in shared.mailboxes[index].takeAll() { work(self) }
    }
}
