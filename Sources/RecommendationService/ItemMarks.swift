/// A set of item indexes that is emptied in O(1): an item is in it when its stamp is the current one.
struct ItemMarks {
    private var stamps: [UInt32]
    private var current: UInt32 = 1

    init(itemCount: Int) { stamps = Array(repeating: 0, count: itemCount) }

    mutating func removeAll() {
        if current == .max {
            for index in stamps.indices { stamps[index] = 0 }
            current = 0
        }
        current += 1
    }

    mutating func insert(_ item: Int32) { stamps[Int(item)] = current }

    func contains(_ item: Int32) -> Bool { stamps[Int(item)] == current }

    /// Makes the set hold every item but these. O(catalogue): for the rare list that nothing else completes.
    mutating func keepOut(allBut items: [Int32]) {
        for index in stamps.indices { stamps[index] = current }
        for item in items { stamps[Int(item)] = current - 1 }
    }
}
