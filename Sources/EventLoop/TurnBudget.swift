/// What one connection may use of its loop before others have their turn: a number of messages and a time, whichever ends
/// first. At least one message is always handled.
struct TurnBudget {
    private let messages: Int
    private let nanoseconds: UInt64
    private var messagesLeft = 0
    private var endsAt: UInt64 = 0
    private var handledUntil: UInt64 = 0
    private(set) var startedAt: UInt64 = 0
    private(set) var isOver = true
    /// What the dearest of the latest messages took; each cheaper one after it takes an eighth off, so that one request of 80 ms
    /// is forgotten after 33 of a few microseconds.
    private(set) var dearestNanoseconds: UInt64 = 0

    init(messages: Int, nanoseconds: Int) {
        self.messages = messages
        self.nanoseconds = UInt64(nanoseconds)
    }

    /// What was used since the handler was called.
    var usedNanoseconds: UInt64 { handledUntil - startedAt }

    mutating func renew(at now: UInt64) {
        messagesLeft = messages
        endsAt = now + nanoseconds
        isOver = false
        resume(at: now)
    }

    /// The handler is called again within the same turn.
    mutating func resume(at now: UInt64) {
        startedAt = now
        handledUntil = now
    }

    mutating func didHandleMessage(at now: UInt64) {
        dearestNanoseconds = max(now - min(handledUntil, now), dearestNanoseconds - dearestNanoseconds / 8)
        handledUntil = max(now, handledUntil)
        messagesLeft -= 1
        if messagesLeft <= 0 || now >= endsAt { isOver = true }
    }
}
