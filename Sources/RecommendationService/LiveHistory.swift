import Interactions

/// One item of a person's history: what all interactions with it come to.
struct HistoryEntry {
    var item: Int32
    /// Before it is damped.
    var sum: Double
    /// Of the last one, milliseconds since 1970.
    var time: Int64
}

/// What a person did since the index was built, item by item. One thread's; its memory is used again.
///
///     events, most recent first ─▶ by item, added up ─▶ what the index keeps of these items joins in ─▶ most recent first
struct LiveHistory {
    /// By ascending item until `order`, then most recent first.
    private(set) var entries: [HistoryEntry] = []
    /// Ascending, each once.
    private var items: [Int32] = []
    private var events: [(item: Int32, order: Int, weight: Double, time: Int64)] = []

    var isEmpty: Bool { entries.isEmpty }

    mutating func begin() {
        entries.removeAll(keepingCapacity: true)
        items.removeAll(keepingCapacity: true)
        events.removeAll(keepingCapacity: true)
    }

    /// - Parameter weight: faded, as a build would have it.
    /// - Returns: Whether another one counts.
    mutating func add(_ item: ItemNumber, weight: Double, time: Int64) -> Bool {
        events.append((item.rawValue, events.count, weight, time))
        return events.count < LiveEvent.countPerUser
    }

    /// Adds up what was added of each item.
    mutating func finish() {
        events.sort { ($0.item, $0.order) < ($1.item, $1.order) }
        for event in events {
            if items.last == event.item {
                entries[entries.count - 1].sum += event.weight
                entries[entries.count - 1].time = max(entries[entries.count - 1].time, event.time)
            } else {
                items.append(event.item)
                entries.append(HistoryEntry(item: event.item, sum: event.weight, time: event.time))
            }
        }
    }

    /// Whether anything was done with an item. O(log items).
    func contains(_ item: Int32) -> Bool { place(of: item) != nil }

    private func place(of item: Int32) -> Int? {
        var low = 0
        var high = items.count
        while low < high {
            let middle = (low + high) / 2
            if items[middle] < item { low = middle + 1 } else { high = middle }
        }
        return low < items.count && items[low] == item ? low : nil
    }

    /// Adds what the index keeps of an item, where anything was done with it; before `order`.
    mutating func join(_ stored: HistoryEntry) {
        guard let place = place(of: stored.item) else { return }
        entries[place].sum += stored.sum
        entries[place].time = max(entries[place].time, stored.time)
    }

    /// Most recent first, as a build orders histories: of equal times by ascending id.
    mutating func order(precedes: (Int32, Int32) -> Bool) {
        entries.sort { $0.time == $1.time ? precedes($0.item, $1.item) : $0.time > $1.time }
    }

    /// In the order of each item's last event: where the index has no times to compare with.
    mutating func orderByEvents() {
        var last: [Int32: Int] = [:]
        for event in events { last[event.item] = min(last[event.item] ?? .max, event.order) }
        entries.sort { (last[$0.item] ?? 0) < (last[$1.item] ?? 0) }
    }
}
