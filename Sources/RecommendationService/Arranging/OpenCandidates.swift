/// Which items of a ranked pool may have the next place, and which of them is worth most.
///
/// What an item is worth is a bound: it may be less, and then is lowered when it matters. The greatest of each block of 64 is kept, so
/// looking for the greatest of all costs a look at each block, and at each item of the blocks that changed.
///
///     places    0 ............... 63 | 64 ............. 127 | 128 ...
///     greatest  of the open ones     | changed: look again  |
struct OpenCandidates {
    private static let blockSize = 64

    /// Per place of the pool.
    private var bounds: [Float]
    /// Per place, how many reasons keep the item out: that it has a place already, and limits.
    private var reasons: [UInt8]
    private var greatest: [Float]
    private var isChanged: [Bool]

    init(bounds: [Float]) {
        self.bounds = bounds
        reasons = Array(repeating: 0, count: bounds.count)
        let blockCount = (bounds.count + Self.blockSize - 1) / Self.blockSize
        greatest = Array(repeating: -.infinity, count: blockCount)
        isChanged = Array(repeating: true, count: blockCount)
    }

    mutating func close(_ place: Int) {
        reasons[place] += 1
        isChanged[place / Self.blockSize] = true
    }

    /// Takes back one `close`.
    mutating func reopen(_ place: Int) {
        reasons[place] -= 1
        isChanged[place / Self.blockSize] = true
    }

    mutating func lower(_ place: Int, to bound: Float) {
        bounds[place] = bound
        isChanged[place / Self.blockSize] = true
    }

    /// The open place with the greatest bound, of equals the first.
    mutating func best() -> Int? {
        var best = -Float.infinity
        var bestBlock: Int?
        for block in greatest.indices {
            if isChanged[block] { lookAgain(at: block) }
            if greatest[block] > best {
                best = greatest[block]
                bestBlock = block
            }
        }
        return bestBlock.flatMap { block in places(of: block).first { reasons[$0] == 0 && bounds[$0] == best } }
    }

    private func places(of block: Int) -> Range<Int> {
        block * Self.blockSize..<min((block + 1) * Self.blockSize, bounds.count)
    }

    private mutating func lookAgain(at block: Int) {
        var most = -Float.infinity
        for place in places(of: block) where reasons[place] == 0 { most = max(most, bounds[place]) }
        greatest[block] = most
        isChanged[block] = false
    }
}
