/// Lists of indexes of different lengths, one after the other: list `r` is `indexes[offsets[r] ..< offsets[r + 1]]`.
package struct IndexLists: Sendable, Equatable {
    /// `listCount + 1`, ascending from 0.
    package var offsets: [Int]
    package var indexes: [Int32]

    /// Takes the arrays over. It is a programmer's error if they do not fit together.
    package init(offsets: [Int] = [0], indexes: [Int32] = []) {
        precondition(offsets.first == 0 && offsets.last == indexes.count)
        self.offsets = offsets
        self.indexes = indexes
    }

    package var listCount: Int { offsets.count - 1 }

    /// Where a list lies in `indexes`.
    package func range(of list: Int) -> Range<Int> { offsets[list]..<offsets[list + 1] }

    package subscript(list: Int) -> ArraySlice<Int32> { indexes[range(of: list)] }

    package mutating func append(_ list: some Sequence<Int32>) {
        indexes.append(contentsOf: list)
        offsets.append(indexes.count)
    }
}
