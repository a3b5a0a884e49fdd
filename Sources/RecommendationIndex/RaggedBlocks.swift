/// One block of rows of different lengths: local row `r` has the elements `offsets[r] ..< offsets[r + 1]` of every
/// component.
@safe struct RaggedBlock {
    let firstRow: Int
    let rowCount: Int
    /// `rowCount + 1`, ascending from 0 to `elementCount`.
    let offsets: UnsafePointer<UInt64>
    let elementCount: Int
    /// In the order in which the components were asked for.
    let components: [SectionBlock]

    /// `row` counts from the start of the block.
    func range(ofRow row: Int) -> Range<Int> {
        unsafe Int(offsets[row])..<Int(offsets[row + 1])
    }
}

extension SectionReader {
    /// The blocks of rows of different lengths. The offsets are checked here, all of them, so that no later use can
    /// leave the components. O(rowCount).
    func raggedBlocks(
        _ offsetsName: SectionName, _ componentNames: [SectionName], rowCount: Int
    ) throws(IndexError) -> [RaggedBlock] {
        var components: [[SectionBlock]] = []
        for name in componentNames { components.append(try blocks(of: name, rowCount: rowCount)) }
        var result: [RaggedBlock] = []
        for (number, block) in try blocks(of: offsetsName, rowCount: rowCount).enumerated() {
            let offsets = unsafe block.elements(as: UInt64.self)
            var parts: [SectionBlock] = []
            for (name, blocks) in zip(componentNames, components) {
                guard number < blocks.count, blocks[number].rowRange == block.rowRange else {
                    throw damaged(name, expected: "the same blocks as \(offsetsName.rawValue)", found: "others")
                }
                parts.append(blocks[number])
            }
            let elementCount =
                parts.first.map { $0.record.payloadByteCount / $0.record.name.elementType.byteCount } ?? 0
            for part in parts
            where part.record.payloadByteCount != elementCount * part.record.name.elementType.byteCount {
                throw damaged(part.record.name, expected: "\(elementCount) elements", found: "\(part.record)")
            }
            guard unsafe Self.areOffsets(offsets, of: elementCount), let first = offsets.baseAddress else {
                throw damaged(
                    offsetsName, expected: "offsets that ascend from 0 to \(elementCount)", found: "others")
            }
            unsafe result.append(
                RaggedBlock(
                    firstRow: block.record.firstRow, rowCount: block.record.rowCount, offsets: first,
                    elementCount: elementCount, components: parts))
        }
        return result
    }

    private static func areOffsets(_ offsets: UnsafeBufferPointer<UInt64>, of elementCount: Int) -> Bool {
        guard unsafe offsets.first == 0, unsafe offsets.last == UInt64(elementCount) else { return false }
        var isAscending = true
        // Without an early exit the loop is vectorised.
        for row in 1..<offsets.count { unsafe isAscending = isAscending && offsets[row - 1] <= offsets[row] }
        return isAscending
    }

    /// Refuses indexes outside `0 ..< limit`: scoring uses them as addresses without a check. Runs at memory speed.
    func checkIndexes(_ block: SectionBlock, limit: Int) throws(IndexError) {
        let indexes = unsafe block.elements(as: Int32.self)
        guard !indexes.isEmpty else { return }
        var largest: UInt32 = 0
        // A negative index is a large one when its bits are read without sign.
        for position in indexes.indices { unsafe largest = max(largest, UInt32(bitPattern: indexes[position])) }
        guard Int(largest) < limit else {
            throw damaged(
                block.record.name, expected: "indexes from 0 to \(limit - 1)",
                found: "\(Int32(bitPattern: largest))")
        }
    }
}

/// The number of the block that holds `row`, by binary search; the usual index has one block.
@inline(__always)
func blockNumber(ofRow row: Int, in firstRows: [Int]) -> Int {
    if firstRows.count == 1 { return 0 }
    var low = 0
    var high = firstRows.count
    while high - low > 1 {
        let middle = (low + high) / 2
        if firstRows[middle] <= row { low = middle } else { high = middle }
    }
    return low
}
