import HybridBlending

/// The best `capacity` of the candidates offered to it: a binary heap with the worst one at its root.
/// Better means a higher score, then a smaller item index. O(log capacity) per kept candidate, O(1) per refused one.
struct RankedSelection {
    private(set) var items: [RecommendedItem] = []
    private var capacity = 0

    /// Empties the selection; its memory is kept.
    mutating func reset(capacity: Int) {
        items.removeAll(keepingCapacity: true)
        self.capacity = capacity
    }

    /// The score and index that a candidate must beat, once the selection is full.
    @inline(__always)
    func accepts(score: Float, itemIndex: Int32) -> Bool {
        guard items.count == capacity, let worst = items.first else { return capacity > 0 }
        return score > worst.score || (score == worst.score && itemIndex < worst.itemIndex)
    }

    /// Adds a candidate that `accepts` said yes to.
    mutating func insert(_ item: RecommendedItem) {
        if items.count < capacity {
            items.append(item)
            siftUp(items.count - 1)
        } else {
            items[0] = item
            siftDown(0, count: items.count)
        }
    }

    /// Sorts the selection, best first. Nothing may be inserted afterwards.
    mutating func rank() {
        var end = items.count
        while end > 1 {
            end -= 1
            items.swapAt(0, end)
            siftDown(0, count: end)
        }
    }

    private func isWorse(_ left: Int, _ right: Int) -> Bool {
        let (a, b) = (items[left], items[right])
        return a.score < b.score || (a.score == b.score && a.itemIndex > b.itemIndex)
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard isWorse(child, parent) else { return }
            items.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(_ start: Int, count: Int) {
        var parent = start
        while true {
            var child = 2 * parent + 1
            guard child < count else { return }
            if child + 1 < count && isWorse(child + 1, child) { child += 1 }
            guard isWorse(child, parent) else { return }
            items.swapAt(child, parent)
            parent = child
        }
    }
}
