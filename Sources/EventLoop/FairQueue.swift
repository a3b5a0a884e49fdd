/// What waits for its turn: the least rank first, and now and then what waits longest, so that nothing waits for ever.
///
/// Turns of those that wait longest cause delay as everybody's do, and are given as if they were one more that waits: many where
/// turns are short, few where they are long.
///
///     heap by rank      (rank, ticket, element) ...     whichever of the two an element leaves by, its ticket
///     line by arrival   (ticket, element) ...           is not in `tickets` any more, and the other entry is void
struct FairQueue<Element> {
    private var byRank = RankedHeap<Element>()
    private var byArrival = Line<(ticket: UInt64, element: Element)>()
    private var tickets: Set<UInt64> = []
    private var nextTicket: UInt64 = 0
    /// Of turns given by age.
    private var delayByAge: CausedDelay
    private var wasByAge = false

    /// At first the turns of age come behind those of newcomers.
    private static var firstDelayByAge: UInt64 { 30_000_000 }

    /// - Parameter now: nanoseconds of the monotonic clock.
    init(at now: UInt64) { delayByAge = CausedDelay(nanoseconds: Self.firstDelayByAge, at: now) }

    var isEmpty: Bool { tickets.isEmpty }

    /// Where the next turn stands among others who wait; nil where nobody waits.
    var rank: Double? {
        mutating get { leastRank.map { min($0, delayByAge.rank) } }
    }

    /// Of all that wait.
    var leastRank: Double? {
        mutating get {
            while let first = byRank.first, !tickets.contains(first.ticket) { byRank.removeFirst() }
            return byRank.first?.rank
        }
    }

    /// O(log n) on average, as everything here.
    mutating func append(_ element: Element, rank: Double) {
        byRank.append(RankedHeap.Entry(rank: rank, ticket: nextTicket, element: element))
        byArrival.append((nextTicket, element))
        tickets.insert(nextTicket)
        nextTicket += 1
    }

    mutating func removeNext() -> Element? {
        guard let rank, let least = byRank.first else { return nil }
        wasByAge = rank < least.rank
        if wasByAge {
            while let oldest = byArrival.removeFirst() {
                if tickets.remove(oldest.ticket) != nil { return oldest.element }
            }
        }
        tickets.remove(least.ticket)
        byRank.removeFirst()
        // What left by rank is void in the line; its front is kept true, so that it does not grow.
        while let oldest = byArrival.first, !tickets.contains(oldest.ticket) { _ = byArrival.removeFirst() }
        return least.element
    }

    /// What was removed last has had its turn.
    mutating func didServe(nanoseconds: UInt64, until now: UInt64) {
        if wasByAge { delayByAge.add(nanoseconds, at: now) }
        wasByAge = false
    }

    mutating func removeAll() {
        byRank = RankedHeap()
        byArrival = Line()
        tickets = []
    }
}

/// A binary heap, the least rank first, of equals the one that came first.
private struct RankedHeap<Element> {
    struct Entry {
        let rank: Double
        let ticket: UInt64
        let element: Element

        func precedes(_ other: Entry) -> Bool {
            rank < other.rank || (rank == other.rank && ticket < other.ticket)
        }
    }

    private var entries: [Entry] = []

    var first: Entry? { entries.first }

    mutating func append(_ entry: Entry) {
        entries.append(entry)
        var place = entries.count - 1
        while place > 0, entries[place].precedes(entries[(place - 1) / 2]) {
            entries.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func removeFirst() {
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var place = 0
        while true {
            var least = place
            for child in (2 * place + 1)..<(2 * place + 3) where child < entries.count {
                if entries[child].precedes(entries[least]) { least = child }
            }
            guard least != place else { return }
            entries.swapAt(place, least)
            place = least
        }
    }
}

/// First in, first out; O(1) on average.
private struct Line<Element> {
    private var elements: [Element?] = []
    private var start = 0

    var first: Element? { start < elements.count ? elements[start] : nil }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func removeFirst() -> Element? {
        guard start < elements.count else { return nil }
        let element = elements[start]
        elements[start] = nil
        start += 1
        if start > elements.count / 2 {
            elements.removeFirst(start)
            start = 0
        }
        return element
    }
}
