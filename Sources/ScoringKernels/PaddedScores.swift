/// One score an item, in memory that may be read in whole groups of 16. It owns the memory.
// SAFETY: whoever writes does so before it is shared, or is the one thread that owns it.
@safe package final class PaddedScores: @unchecked Sendable {
    package let itemCount: Int
    let start: UnsafeMutablePointer<Float>

    /// All 0.
    package init(itemCount: Int) {
        precondition(itemCount >= 0)
        self.itemCount = itemCount
        let capacity = PostingFormat(itemCount: itemCount).columnLimit
        unsafe start = .allocate(capacity: capacity)
        unsafe start.initialize(repeating: 0, count: capacity)
    }

    package convenience init(_ scores: UnsafeBufferPointer<Float>) {
        self.init(itemCount: scores.count)
        for item in scores.indices { unsafe start[item] = scores[item] }
    }

    deinit { unsafe start.deallocate() }

    package subscript(item: Int) -> Float {
        get {
            precondition(item >= 0 && item < itemCount)
            return unsafe start[item]
        }
        set {
            precondition(item >= 0 && item < itemCount)
            unsafe start[item] = newValue
        }
    }
}
