/// The segments inside an open index: `SegmentContents`, mapped. The contract of memory is `StringTable`'s.
// SAFETY: the memory is a read-only map of a file that nobody writes.
@safe package struct SegmentTable: @unchecked Sendable {
    package let names: StringTable
    package let memberIds: StringTable
    /// Per member, its segment.
    package let segments: UnsafeBufferPointer<Int32>
    /// Start and length of each period, in milliseconds.
    private let periods: UnsafeBufferPointer<Int64>
    package let model: UnsafeBufferPointer<Double>
    package let values: UnsafeBufferPointer<Double>
    private let lists: IndexListTable
    private let scores: IndexScoreTable
    private let activity: UnsafeBufferPointer<UInt32>

    /// What a period is told by: its start and its length.
    static let periodColumnCount = 2

    init(_ reader: SectionReader, itemCount: Int) throws(IndexError) {
        let count = reader.rowCount(of: .segmentNameOffsets)
        let memberCount = reader.rowCount(of: .segmentMemberOffsets)
        names = try StringTable(reader, offsets: .segmentNameOffsets, bytes: .segmentNameBytes, count: count)
        memberIds = try StringTable(
            reader, offsets: .segmentMemberOffsets, bytes: .segmentMemberBytes, count: memberCount)
        unsafe segments = try reader.numbers(of: .segmentOfMembers, as: Int32.self, count: memberCount)
        for position in unsafe segments.indices where unsafe !(0..<count).contains(Int(segments[position])) {
            throw reader.damaged(
                .segmentOfMembers, expected: "segments from 0 to \(count - 1)",
                found: "\(unsafe segments[position]) of member \(position)")
        }
        let listCount = count * SegmentList.allCases.count
        lists = try IndexListTable(
            reader, offsets: .segmentListOffsets, indexes: .segmentListItems, count: listCount, limit: itemCount)
        scores = try IndexScoreTable(
            reader, offsets: .segmentListOffsets, scores: .segmentListScores, count: listCount)
        let periodNumberCount = reader.rowCount(of: .segmentPeriods)
        guard periodNumberCount % Self.periodColumnCount == 0 else {
            throw reader.damaged(
                .segmentPeriods, expected: "a start and a length for each period", found: "\(periodNumberCount) numbers"
            )
        }
        unsafe periods = try reader.numbers(of: .segmentPeriods, as: Int64.self, count: periodNumberCount)
        unsafe activity = try reader.numbers(
            of: .segmentActivity, as: UInt32.self, count: periodNumberCount * count)
        unsafe model = try reader.numbers(
            of: .segmentModel, as: Double.self, count: reader.rowCount(of: .segmentModel))
        unsafe values = try reader.numbers(
            of: .segmentValues, as: Double.self, count: reader.rowCount(of: .segmentValues))
    }

    /// Items, best first, and their scores.
    package func list(
        _ kind: SegmentList, ofSegment segment: Int
    ) -> (items: UnsafeBufferPointer<Int32>, scores: UnsafeBufferPointer<Float>) {
        let row = segment * SegmentList.allCases.count + kind.rawValue
        return unsafe (lists.list(row), scores.list(row))
    }

    package var periodCount: Int { unsafe periods.count / Self.periodColumnCount }

    /// In milliseconds; starts since 1970-01-01T00:00:00Z, ascending within a length.
    package func period(_ number: Int) -> (start: Int64, length: Int64) {
        let place = number * Self.periodColumnCount
        return unsafe (periods[place], periods[place + 1])
    }

    /// Interactions and active members of a segment in a period.
    package func activity(ofSegment segment: Int, period: Int) -> (interactions: Int, members: Int) {
        let start = unsafe segment * periods.count + period * Self.periodColumnCount
        return unsafe (Int(activity[start]), Int(activity[start + 1]))
    }
}

/// The scores beside an `IndexListTable`.
// SAFETY: as above.
@safe struct IndexScoreTable: @unchecked Sendable {
    private let blocks: [RaggedBlock]
    private let firstRows: [Int]

    init(
        _ reader: SectionReader, offsets: SectionName, scores: SectionName, count: Int
    ) throws(IndexError) {
        blocks = try reader.raggedBlocks(offsets, [scores], rowCount: count)
        firstRows = blocks.map(\.firstRow)
    }

    func list(_ list: Int) -> UnsafeBufferPointer<Float> {
        let block = blocks[blockNumber(ofRow: list, in: firstRows)]
        let range = block.range(ofRow: list - block.firstRow)
        return unsafe UnsafeBufferPointer(rebasing: block.components[0].elements(as: Float.self)[range])
    }
}
