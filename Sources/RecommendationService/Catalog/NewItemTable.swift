import RecommendationIndex
import ScoringKernels

/// The new items of an overlay in the order in which they came, found by number and by id.
struct NewItemTable: Sendable {
    /// Number of the first.
    let firstNumber: Int
    private var entries: [Entry] = []
    /// Places in `entries`, by ascending id.
    private var byId: [Int32] = []
    /// Per item, what every request knows of it, `ItemFlags.hidden` among it.
    private(set) var flags: [ItemFlags] = []
    /// Per item, its factors as an index would keep them, where there are any.
    private(set) var factors: [Int32: QuantizedRow] = [:]
    /// Per item, where its id stands; see `Ranks`.
    private(set) var ranks: [UInt64] = []

    private struct Entry {
        let id: StoredId
        /// How many of the index's ids come before it.
        let precedingCount: Int
    }

    init(firstNumber: Int) { self.firstNumber = firstNumber }

    var count: Int { entries.count }

    /// The bytes are the item's and live as long as any overlay that has it.
    func id(ofItem item: ItemNumber) -> UnsafeBufferPointer<UInt8> { unsafe entries[item.index - firstNumber].id.bytes }

    /// O(log count) comparisons, and no memory.
    func item(_ id: UnsafeBufferPointer<UInt8>) -> ItemNumber? {
        let place = unsafe firstPlace(notBefore: id)
        guard place < byId.count else { return nil }
        let entry = Int(byId[place])
        guard unsafe StringTable.compare(entries[entry].id.bytes, id) == 0 else { return nil }
        return ItemNumber(firstNumber + entry)
    }

    private func firstPlace(notBefore id: UnsafeBufferPointer<UInt8>) -> Int {
        var low = 0
        var high = byId.count
        while low < high {
            let middle = (low + high) / 2
            let order = unsafe StringTable.compare(entries[Int(byId[middle])].id.bytes, id)
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// - Parameter precedingCount: how many of the index's ids come before it.
    mutating func append(_ item: NewItem, precedingCount: Int) -> ItemNumber {
        let id = StoredId(item.id)
        let place = unsafe firstPlace(notBefore: id.bytes)
        let number = ItemNumber(firstNumber + entries.count)
        byId.insert(Int32(entries.count), at: place)
        entries.append(Entry(id: id, precedingCount: precedingCount))
        flags.append([])
        set(item, number)
        return number
    }

    /// Takes what else than the id is told of an item.
    mutating func set(_ item: NewItem, _ number: ItemNumber) {
        flags[number.index - firstNumber] = item.availability.isHidden ? item.flags.union(.hidden) : item.flags
        factors[number.rawValue] = item.factors.map { QuantizedRow($0) }
    }

    mutating func setHidden(_ isHidden: Bool, _ number: ItemNumber) {
        if isHidden {
            flags[number.index - firstNumber].insert(.hidden)
        } else {
            flags[number.index - firstNumber].remove(.hidden)
        }
    }

    /// O(count); before a snapshot is made.
    mutating func rankItems() {
        ranks = Array(repeating: 0, count: entries.count)
        for (order, entry) in byId.enumerated() {
            ranks[Int(entry)] = CandidateRanks.late(
                precedingCount: entries[Int(entry)].precedingCount, order: order)
        }
    }
}

/// The bytes of an id at an address of their own.
// SAFETY: written once, before anybody else sees it.
@safe private final class StoredId: @unchecked Sendable {
    let bytes: UnsafeBufferPointer<UInt8>

    init(_ id: String) {
        let utf8 = Array(id.utf8)
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: utf8.count)
        _ = unsafe memory.initialize(from: utf8)
        unsafe bytes = UnsafeBufferPointer(memory)
    }

    deinit { unsafe bytes.deallocate() }
}
