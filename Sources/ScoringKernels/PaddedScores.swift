/// One score an item, in memory that may be read in whole groups of 16. It owns the memory.
// SAFETY: whoever writes does so before it is shared, or is the one thread that owns it.
@safe package final class PaddedScores: @unchecked Sendable {
    /// How many items have room.
    package let capacity: Int
    let start: UnsafeMutablePointer<Float>

    /// All 0.
    /// - Parameter capacity: nil: as many as a posting can name.
    package init(itemCount: Int, capacity: Int? = nil) {
        precondition(itemCount >= 0 && capacity ?? itemCount >= itemCount)
        self.capacity = capacity ?? PostingFormat(itemCount: itemCount).columnLimit
        unsafe start = AlignedMemory.zeros(Self.padded(self.capacity))
    }

    /// What has no score here has 0.
    package convenience init(_ scores: UnsafeBufferPointer<Float>, capacity: Int? = nil) {
        self.init(itemCount: scores.count, capacity: capacity)
        for item in scores.indices { unsafe start[item] = scores[item] }
    }

    private static func padded(_ count: Int) -> Int { (count + 15) / 16 * 16 }

    deinit { unsafe AlignedMemory.release(start) }

    package subscript(item: Int) -> Float {
        get {
            precondition(item >= 0 && item < capacity)
            return unsafe start[item]
        }
        set {
            precondition(item >= 0 && item < capacity)
            unsafe start[item] = newValue
        }
    }
}
