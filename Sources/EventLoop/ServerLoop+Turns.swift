// Who is served next, so that no client starves another.
//
//     poll ──▶ every connection with new bytes: one turn ──▶ one connection of the backlog: one turn ──▶ poll again
//                        │ leaves whole messages behind            ▲ │ still does
//                        └──────────── backlog (first in, first out) ┘
//
// A connection that asks for more than a turn's worth at once (it pipelines) joins the backlog, which is served round robin,
// one turn between two looks at the network. So who sends little waits for one turn of one of them, and for the others who
// send little, however many flood the loop. A turn ends after `turnNanoseconds` or `turnMessages`, and is never less than one
// message. (Two levels of feedback queues: Corbató, Merwin-Daggett, Daley 1962.)

internal import CUV
internal import Telemetry

extension ServerLoop {
    /// Nanoseconds when this turn's bytes were there: read once, when the first of them is.
    var arrivalTime: UInt64 {
        if pollTime == 0 { pollTime = MonotonicClock.nanoseconds() }
        return pollTime
    }

    /// Runs before every wait for the network.
    func turnEnded() {
        flushMarked()
        turn += 1
        pollTime = 0
    }

    /// Without effect while it waits already.
    func addToBacklog(_ connection: Connection) {
        guard !connection.isInBacklog, let idle = unsafe backlogIdle else { return }
        connection.isInBacklog = true
        backlog.append(connection)
        // An active idle handle makes the wait for the network a look.
        unsafe uv_idle_start(idle) { handle in
            if let handle = unsafe handle { unsafe owner(handle.pointee.data, as: ServerLoop.self)?.serveBacklog() }
        }
    }

    fileprivate func serveBacklog() {
        while let connection = backlog.removeFirst() {
            connection.isInBacklog = false
            guard connection.phase != .closed else { continue }
            connection.takeBacklogTurn()
            break
        }
        if backlog.isEmpty, let idle = unsafe backlogIdle { unsafe uv_idle_stop(idle) }
    }

    func makeBacklog() throws(ServerError) {
        let loop = unsafe uvLoop
        unsafe backlogIdle = unsafe try makeHandle(uv_idle_t.self, owner: self, operation: "uv_idle_init") {
            unsafe uv_idle_init(loop, $0)
        }
    }
}

/// Connections in the order in which they came; O(1) on average.
struct ConnectionQueue {
    private var connections: [Connection?] = []
    private var first = 0

    var isEmpty: Bool { first == connections.count }

    mutating func append(_ connection: Connection) { connections.append(connection) }

    mutating func removeFirst() -> Connection? {
        guard !isEmpty else { return nil }
        let connection = connections[first]
        connections[first] = nil
        first += 1
        if isEmpty {
            removeAll()
        } else if first > connections.count / 2 {
            connections.removeFirst(first)
            first = 0
        }
        return connection
    }

    mutating func removeAll() {
        connections.removeAll(keepingCapacity: true)
        first = 0
    }
}
