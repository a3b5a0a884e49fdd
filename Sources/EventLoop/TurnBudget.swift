/// What one connection may use of its loop before others have their turn: a number of messages and a time, whichever ends
/// first. At least one message is always handled.
struct TurnBudget {
    private let messages: Int
    private let nanoseconds: UInt64
    private var messagesLeft = 0
    private var endsAt: UInt64 = 0
    private(set) var startedAt: UInt64 = 0
    private(set) var isOver = true

    init(messages: Int, nanoseconds: Int) {
        self.messages = messages
        self.nanoseconds = UInt64(nanoseconds)
    }

    mutating func renew(at now: UInt64) {
        messagesLeft = messages
        endsAt = now + nanoseconds
        startedAt = now
        isOver = false
    }

    /// The handler is called again within the same turn.
    mutating func resume(at now: UInt64) { startedAt = now }

    mutating func didHandleMessage(at now: UInt64) {
        messagesLeft -= 1
        if messagesLeft <= 0 || now >= endsAt { isOver = true }
    }
}
