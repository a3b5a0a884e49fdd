import LinearAlgebra

// The most recent sessions that have an item of the query, with their similarities: a table of open slots that grows to
// what queries need and is emptied in constant time, so that its memory follows the query and not the number of
// sessions.
//
// Sessions are numbered most recent first, and an item's sessions ascend. Once `limit` sessions are there, one that is older than
// the oldest of them ends an item's list (the early stopping of VMIS-kNN), and one that is more recent pushes the oldest
// out. What was pushed out never returns, as only more recent ones are taken from then on.

struct SessionCandidates {
    struct Candidate {
        var session: Int32
        var similarity: Float
        /// Of the most recent item of the query that the session has.
        var queryPosition: Int32
    }

    private let limit: Int
    /// Those met so far, dropped ones among them with a similarity of 0.
    private var met: [Candidate] = []
    /// A heap, the oldest session (the greatest number) first, of those that are not dropped.
    private var oldestFirst: [Int32] = []
    /// `generation << 32 | position in met`; a slot of another generation is free.
    private var slots: [UInt64]
    private var generation: UInt64 = 1

    /// Room for the first few lists; the table doubles as it fills.
    private static let initialSlotCount = 1024

    init(limit: Int) {
        self.limit = limit
        slots = Array(repeating: 0, count: Self.initialSlotCount)
    }

    /// Dropped ones included.
    var count: Int { met.count }

    func candidate(at position: Int) -> Candidate { met[position] }

    /// Of a session that is a candidate.
    func queryPosition(of session: Int32) -> Int32 {
        let slot = slots[slot(of: session)]
        precondition(slot >> 32 == generation)
        return met[Int(UInt32(truncatingIfNeeded: slot))].queryPosition
    }

    mutating func removeAll() {
        met.removeAll(keepingCapacity: true)
        oldestFirst.removeAll(keepingCapacity: true)
        generation += 1
        guard generation > UInt64(UInt32.max) else { return }
        for slot in slots.indices { slots[slot] = 0 }
        generation = 1
    }

    /// Adds `weight` to the similarity of the sessions of one item of the query; items come most recent first.
    mutating func add(_ sessions: UnsafeBufferPointer<Int32>, weight: Float, queryPosition: Int32) {
        guard weight > 0 else { return }
        for position in sessions.indices {
            let session = unsafe sessions[position]
            let slot = slot(of: session)
            if slots[slot] >> 32 == generation {
                let known = Int(UInt32(truncatingIfNeeded: slots[slot]))
                // One that was dropped stays dropped, and all that follow are older still.
                if met[known].similarity == 0 { return }
                met[known].similarity += weight
                continue
            }
            if oldestFirst.count == limit {
                guard session < oldestFirst[0] else { return }
                drop(oldestFirst[0])
                replaceOldest(by: session)
            } else {
                push(session)
            }
            slots[slot] = generation << 32 | UInt64(met.count)
            met.append(Candidate(session: session, similarity: weight, queryPosition: queryPosition))
            if met.count * 2 > slots.count { grow() }
        }
    }

    private mutating func drop(_ session: Int32) {
        met[Int(UInt32(truncatingIfNeeded: slots[slot(of: session)]))].similarity = 0
    }

    private func slot(of session: Int32) -> Int {
        let mask = slots.count - 1
        // The multiplier is 2^32 divided by the golden ratio (Knuth, TAOCP 3, 6.4).
        var slot = Int((UInt32(bitPattern: session) &* 0x9e37_79b9) >> 8) & mask
        while slots[slot] >> 32 == generation,
            met[Int(UInt32(truncatingIfNeeded: slots[slot]))].session != session
        {
            slot = (slot + 1) & mask
        }
        return slot
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        for (position, candidate) in met.enumerated() {
            slots[slot(of: candidate.session)] = generation << 32 | UInt64(position)
        }
    }

    // MARK: The heap

    private mutating func push(_ session: Int32) {
        var child = oldestFirst.count
        oldestFirst.append(session)
        while child > 0 {
            let parent = (child - 1) / 2
            guard oldestFirst[parent] < session else { break }
            oldestFirst[child] = oldestFirst[parent]
            child = parent
        }
        oldestFirst[child] = session
    }

    private mutating func replaceOldest(by session: Int32) {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < oldestFirst.count else { break }
            if child + 1 < oldestFirst.count, oldestFirst[child + 1] > oldestFirst[child] { child += 1 }
            guard oldestFirst[child] > session else { break }
            oldestFirst[parent] = oldestFirst[child]
            parent = child
        }
        oldestFirst[parent] = session
    }
}
