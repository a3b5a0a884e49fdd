/// The order of ids, for ties: of the catalogue's items, and of those that came later.
///
///     known item   rank << 32 | 0xffffffff       the place of its id among the catalogue's
///     late item    ids before it << 32 | order   so it comes right before the next of the catalogue's ids
@safe package struct CandidateRanks {
    let known: UnsafeBufferPointer<UInt32>
    let late: UnsafeBufferPointer<UInt64>

    /// - Parameters:
    ///   - known: per item of the catalogue, the place of its id.
    ///   - late: per late item, what `late(precedingCount:order:)` gives.
    package init(
        known: UnsafeBufferPointer<UInt32>,
        late: UnsafeBufferPointer<UInt64> = unsafe UnsafeBufferPointer(start: nil, count: 0)
    ) {
        unsafe self.known = known
        unsafe self.late = late
    }

    package static func known(_ rank: UInt32) -> UInt64 { UInt64(rank) << 32 | 0xffff_ffff }

    /// - Parameters:
    ///   - precedingCount: how many ids of the catalogue come before it.
    ///   - order: its place among the late ones.
    package static func late(precedingCount: Int, order: Int) -> UInt64 { UInt64(precedingCount) << 32 | UInt64(order) }
}
