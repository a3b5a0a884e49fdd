// The replies that one connection owes. Empty as long as every request is answered at once, and then it costs nothing.
//
//     ordered     1 waiting   2 ready (bytes)   3 waiting      what is ready leaves when all before it have
//     unordered   1 waiting                     3 waiting      what is ready leaves at once
//
// A state machine without a socket or a clock: events go in, frames that may leave come out. One thread's.

package struct ReplyQueue {
    private struct Slot {
        let number: ReplyNumber
        /// Nil for a reply that was there at once.
        let ticket: ReplyTicket?
        /// Known once the handler has returned.
        var head: ReplyHead?
        /// A whole frame, held back for those before it; nil while it is waited for.
        var frame: [UInt8]?
        /// Bytes of the request that are kept until it is answered.
        var keptBytes = 0
    }

    /// Replies leave in the order of their requests, from the next one on.
    package var isOrdered = false
    private var slots: [Slot] = []
    private var lastNumber: UInt64 = 0
    package private(set) var waitingCount = 0
    /// Bytes of frames that are held back, and of requests that are kept.
    package private(set) var heldBytes = 0

    package init() {}

    package var isEmpty: Bool { slots.isEmpty }

    /// The server works on so many requests of a connection at a time, and holds so many bytes back for it.
    package var isFull: Bool {
        waitingCount >= ProtocolLimits.requestsInFlight || heldBytes > ProtocolLimits.outputPauseBytes
    }

    // MARK: What becomes of a request

    /// It is answered later. `setHead` follows before anything else.
    package mutating func putOff(deadline: UInt64?, transport: any ReplyTransport) -> ReplyTicket {
        let ticket = ReplyTicket(
            number: nextNumber(), isOrdered: isOrdered, deadline: deadline, transport: transport)
        slots.append(Slot(number: ticket.number, ticket: ticket))
        waitingCount += 1
        return ticket
    }

    package mutating func setHead(_ head: ReplyHead, of number: ReplyNumber) {
        if let place = place(of: number) { slots[place].head = head }
    }

    /// What is kept of the request that the reply is for.
    package mutating func keep(_ byteCount: Int, for number: ReplyNumber) {
        guard let place = place(of: number), slots[place].frame == nil else { return }
        slots[place].keptBytes += byteCount
        heldBytes += byteCount
    }

    /// It is answered at once after all.
    mutating func drop(_ number: ReplyNumber) {
        guard let place = place(of: number), slots[place].frame == nil else { return }
        slots[place].ticket?.flag.end = .cancelled
        heldBytes -= slots[place].keptBytes
        slots.remove(at: place)
        waitingCount -= 1
    }

    /// Whether a reply that is there at once must wait for others: it is to be given to `hold`.
    package var mustHold: Bool { isOrdered && !slots.isEmpty }

    package mutating func hold(_ frame: [UInt8]) {
        slots.append(Slot(number: nextNumber(), ticket: nil, frame: frame))
        heldBytes += frame.count
    }

    private mutating func nextNumber() -> ReplyNumber {
        lastNumber += 1
        return ReplyNumber(value: lastNumber)
    }

    // MARK: What becomes of a ticket

    /// Who waits for it; nil where it has ended, or was answered before.
    package func head(of number: ReplyNumber) -> ReplyHead? {
        place(of: number).flatMap { slots[$0].frame == nil ? slots[$0].head : nil }
    }

    /// Its frame is there: gives what may leave now to `send`, in order. Without effect where nobody waits for it.
    package mutating func close(_ number: ReplyNumber, _ frame: [UInt8], _ send: ([UInt8]) -> Void) {
        guard let place = place(of: number), slots[place].frame == nil else { return }
        waitingCount -= 1
        heldBytes -= slots[place].keptBytes
        // A request that was sent before the client asked for order is not held to it.
        if slots[place].ticket?.isOrdered == true {
            slots[place].frame = frame
            heldBytes += frame.count
        } else {
            slots.remove(at: place)
            send(frame)
        }
        release(send)
    }

    /// As `close`, where the frame is an error in place of what the ticket would bring.
    package mutating func end(_ ticket: ReplyTicket, _ end: ReplyEnd, _ frame: [UInt8], _ send: ([UInt8]) -> Void) {
        ticket.flag.end = end
        close(ticket.number, frame, send)
    }

    /// The connection is gone: whoever works on an answer hears of it.
    package mutating func endAll() {
        for slot in slots where slot.frame == nil { slot.ticket?.flag.end = .disconnected }
        slots = []
        waitingCount = 0
        heldBytes = 0
    }

    private mutating func release(_ send: ([UInt8]) -> Void) {
        var done = 0
        while done < slots.count, let frame = slots[done].frame {
            heldBytes -= frame.count
            send(frame)
            done += 1
        }
        slots.removeFirst(done)
    }

    // MARK: Looking for tickets

    /// The oldest request with that id that still waits.
    /// - Parameter id: as `ReplyHead.canonicalId`.
    package func waiting(id: [UInt8]) -> ReplyTicket? {
        slots.first { $0.frame == nil && $0.head?.canonicalId == id }?.ticket
    }

    /// Of the request that was put off last.
    package var newestDeadline: UInt64? { slots.last?.ticket?.deadline }

    /// Of those that wait.
    package var earliestDeadline: UInt64? {
        slots.lazy.compactMap { $0.frame == nil ? $0.ticket?.deadline : nil }.min()
    }

    /// Those whose deadline has come, oldest first.
    package func overdue(at now: UInt64) -> [ReplyTicket] {
        slots.compactMap { slot in
            guard slot.frame == nil, let deadline = slot.ticket?.deadline, now >= deadline else { return nil }
            return slot.ticket
        }
    }

    /// The numbers ascend.
    private func place(of number: ReplyNumber) -> Int? {
        var low = 0
        var high = slots.count
        while low < high {
            let middle = (low + high) / 2
            if slots[middle].number.value < number.value { low = middle + 1 } else { high = middle }
        }
        return low < slots.count && slots[low].number == number ? low : nil
    }
}
