/// The best of the items that come along: the highest scores, of equal ones by ascending id. O(log count) an item.
struct BestItems {
    struct Entry {
        let item: Int32
        /// Before the request's boost.
        let plainScore: Float
        let score: Float
    }

    /// A binary heap whose first is the worst.
    private var entries: [Entry] = []
    private let count: Int
    private let least: Float
    private let view: CatalogView

    /// - Parameter least: what scores less is left out.
    init(_ count: Int, least: Float, _ view: CatalogView) {
        self.count = count
        self.least = least
        self.view = view
    }

    var isFull: Bool { entries.count == count }

    /// The best first.
    var sorted: [Entry] { entries.sorted(by: precedes) }

    /// Whether an item with at most that score could be among them; by its id it may not be.
    func canTake(_ score: Float) -> Bool {
        score >= least && (entries.count < count || score >= entries[0].score)
    }

    mutating func insert(_ item: Int32, _ plainScore: Float, factor: Float) {
        let entry = Entry(item: item, plainScore: plainScore, score: plainScore * factor)
        guard canTake(entry.score) else { return }
        if entries.count < count {
            entries.append(entry)
            moveUp(from: entries.count - 1)
        } else if precedes(entry, entries[0]) {
            entries[0] = entry
            moveDown()
        }
    }

    private func precedes(_ entry: Entry, _ other: Entry) -> Bool {
        entry.score > other.score || (entry.score == other.score && view.precedes(entry.item, other.item))
    }

    private mutating func moveUp(from last: Int) {
        var place = last
        while place > 0, precedes(entries[(place - 1) / 2], entries[place]) {
            entries.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func moveDown() {
        var place = 0
        while true {
            var worst = place
            for child in (2 * place + 1)..<(2 * place + 3) where child < entries.count {
                if precedes(entries[worst], entries[child]) { worst = child }
            }
            guard worst != place else { return }
            entries.swapAt(place, worst)
            place = worst
        }
    }
}
