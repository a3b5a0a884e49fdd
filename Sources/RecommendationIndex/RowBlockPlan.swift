/// How rows are cut into blocks of which no value exceeds a byte limit.
enum RowBlockPlan {
    /// Cuts rows of different lengths: row `r` has the elements `offsets[r] ..< offsets[r + 1]`.
    ///
    /// - Parameter elementByteCount: of the widest component.
    /// - Returns: Ascending, gapless ranges of rows; one empty range where there are no rows. A row that alone exceeds
    ///   the limit is nil: there is no such plan.
    static func blocks(offsets: [Int], elementByteCount: Int, byteLimit: Int) -> [Range<Int>]? {
        let rowCount = offsets.count - 1
        let room = byteLimit - IndexFormat.headerByteCount
        let rowLimit = room / 8 - 1
        guard rowLimit >= 1 else { return nil }
        var blocks: [Range<Int>] = []
        var first = 0
        repeat {
            var end = min(rowCount, first + rowLimit)
            while end > first, (offsets[end] - offsets[first]) * elementByteCount > room {
                // Halving finds a fitting end quickly; the blocks need not be as full as can be.
                end = first + (end - first) / 2
            }
            guard end > first || rowCount == 0 else { return nil }
            blocks.append(first..<end)
            first = end
        } while first < rowCount
        return blocks
    }

    /// Cuts rows of one length.
    static func blocks(rowCount: Int, rowByteCount: Int, byteLimit: Int) -> [Range<Int>]? {
        let room = byteLimit - IndexFormat.headerByteCount
        guard rowByteCount <= room else { return nil }
        let rowLimit = rowByteCount == 0 ? max(rowCount, 1) : room / rowByteCount
        guard rowCount > 0 else { return [0..<0] }
        return stride(from: 0, to: rowCount, by: rowLimit).map { $0..<min(rowCount, $0 + rowLimit) }
    }
}
