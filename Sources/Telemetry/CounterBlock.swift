/// The named counters of one thread: that thread adds, any thread reads.
///
/// A module numbers its counters with an `enum ...: Int` and adds by raw value. The values of one snapshot are read one
/// after the other, so two counters may disagree by the events of that moment.
package final class CounterBlock: Sendable {
    package let names: [String]
    private let cells: AtomicCells

    package init(names: [String]) {
        self.names = names
        cells = AtomicCells(count: names.count)
    }

    /// Only on the owning thread. O(1), no locked instruction.
    package func add(_ amount: Int = 1, at index: Int) {
        cells.add(UInt64(amount), at: index)
    }

    package func value(at index: Int) -> Int {
        Int(truncatingIfNeeded: cells.load(at: index))
    }

    /// Sums blocks that were made with the same names, in the order of the names.
    package static func sum(_ blocks: [CounterBlock]) -> [(name: String, value: Int)] {
        guard let first = blocks.first else { return [] }
        precondition(blocks.allSatisfy { $0.names == first.names }, "only blocks of one kind can be summed")
        return first.names.enumerated().map { index, name in
            (name, blocks.reduce(0) { $0 &+ $1.value(at: index) })
        }
    }
}
