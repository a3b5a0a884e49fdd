// Who is served next, so that no client starves another.
//
//                    ┌─ cheap lately, nobody waits ──▶ served at once, 1 ms of a round at most
//     poll ──▶ read ─┤
//                    └─ else ──▶ waits; who made others wait least goes first ──▶ turns, 1 ms ──▶ poll again
//
// A connection with one request on its way waits by itself. Those that leave whole messages behind when their turn ends (they
// pipeline) are one group: together they have the place of one connection, and among themselves the same order. So who asks
// for little waits for the one turn that is being served when its request arrives, however many others ask for much, one request
// after the other or many at once. A turn ends after `turnNanoseconds` or `turnMessages`, and is never less than one message.
// (Decision 0033; usage that decays as a measure of fairness: Kay, Lauder 1988.)

internal import CUV

extension ServerLoop {
    /// Nanoseconds when this turn's bytes were there: read once, when the first of them is.
    var arrivalTime: UInt64 {
        if pollTime == 0 { pollTime = configuration.clock() }
        return pollTime
    }

    /// Runs before every wait for the network.
    func turnEnded() {
        flushMarked()
        turn += 1
        pollTime = 0
        servedNanoseconds = 0
    }

    private var isRoundOver: Bool { servedNanoseconds >= UInt64(configuration.roundNanoseconds) }

    /// Whether bytes that were just read may be handled before the network is looked at again. What may cost much waits: a
    /// client that used less may be about to come.
    func servesAtOnce(_ connection: Connection) -> Bool {
        waiting.isEmpty && !isRoundOver
            && connection.turnBudget.dearestNanoseconds <= UInt64(configuration.roundNanoseconds)
            && connection.causedDelay.rank <= pipeliningRank
    }

    /// Where those that pipeline stand as one: no better than the best of them, and no better than what all of them caused.
    private var pipeliningRank: Double {
        pipelining.leastRank.map { max($0, pipeliningDelay.rank) } ?? .infinity
    }

    /// A connection has had a turn.
    func didServe(_ connection: Connection, nanoseconds: UInt64, until now: UInt64) {
        servedNanoseconds += nanoseconds
        connection.causedDelay.add(nanoseconds, at: now)
        if connection.isHeavy {
            pipeliningDelay.add(nanoseconds, at: now)
            pipelining.didServe(nanoseconds: nanoseconds, until: now)
        } else {
            waiting.didServe(nanoseconds: nanoseconds, until: now)
        }
    }

    /// Without effect while it waits already.
    func addToBacklog(_ connection: Connection) {
        guard !connection.isInBacklog, let idle = unsafe backlogIdle else { return }
        connection.isInBacklog = true
        if connection.isHeavy {
            pipelining.append(connection, rank: connection.causedDelay.rank)
        } else {
            waiting.append(connection, rank: connection.causedDelay.rank)
        }
        // An active idle handle makes the wait for the network a look.
        unsafe uv_idle_start(idle) { handle in
            if let handle = unsafe handle { unsafe owner(handle.pointee.data, as: ServerLoop.self)?.serveBacklog() }
        }
    }

    /// A handler tells this where it has worked for something that was put off, such as a part of a batch.
    package func didWork(nanoseconds: UInt64) { servedNanoseconds += nanoseconds }

    /// Where what was served at once has used this round up, those who came meanwhile are looked for first; once.
    fileprivate func serveBacklog() {
        hasLookedFirst = isRoundOver && !hasLookedFirst
        guard !hasLookedFirst else { return }
        servedNanoseconds = 0
        while !isRoundOver, let connection = nextOfBacklog() {
            connection.isInBacklog = false
            guard connection.phase != .closed else { continue }
            let isPipelining = connection.isHeavy
            connection.takeBacklogTurn()
            if isPipelining { break }
        }
        if waiting.isEmpty, pipelining.isEmpty, let idle = unsafe backlogIdle { unsafe uv_idle_stop(idle) }
    }

    private func nextOfBacklog() -> Connection? {
        guard let rank = waiting.rank, rank <= pipeliningRank else {
            return pipelining.removeNext()
        }
        return waiting.removeNext()
    }

    func makeBacklog() throws(ServerError) {
        let loop = unsafe uvLoop
        unsafe backlogIdle = unsafe try makeHandle(uv_idle_t.self, owner: self, operation: "uv_idle_init") {
            unsafe uv_idle_init(loop, $0)
        }
    }
}
