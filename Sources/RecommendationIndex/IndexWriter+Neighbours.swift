internal import LinearAlgebra
internal import ScoringKernels

extension IndexWriter {
    /// Both components' neighbours of each item as one row, encoded block by block: of the encoded rows only one block's are in
    /// memory.
    static func writeNeighbours(
        _ contents: IndexContents, _ numbering: ItemNumbering, _ writer: inout SectionWriter
    ) throws(IndexError) {
        let offsets = neighbourOffsets(contents, numbering)
        let format = PostingFormat(itemCount: contents.itemIds.count)
        try writer.writeRows(.neighbourOffsets, .neighbourWords, offsets: offsets) { rows in
            var words: [UInt32] = []
            words.reserveCapacity(offsets[rows.upperBound] - offsets[rows.lowerBound])
            for number in rows where offsets[number] < offsets[number + 1] {
                append(number, of: contents, numbering, format, to: &words)
            }
            return words
        }
        try writer.writeItemNumbers(
            .neighbourCounts,
            [linkCount(contents.collaborative), linkCount(contents.contentNeighbours)].map { UInt64($0) })
        var isKnown = contents.vectors.nonzeroRows()
        for column in contents.contentNeighbours.columnIndexes { isKnown[Int(column)] = true }
        try writer.writeItemNumbers(.contentKnown, numbering.arranged(isKnown).map { UInt8($0 ? 1 : 0) })
    }

    /// In words.
    private static func neighbourOffsets(_ contents: IndexContents, _ numbering: ItemNumbering) -> [Int] {
        var offsets = [0]
        offsets.reserveCapacity(numbering.ranks.count + 1)
        var end = 0
        for rank in numbering.ranks {
            let count =
                linkCount(contents.collaborative, row: Int(rank))
                + linkCount(contents.contentNeighbours, row: Int(rank))
            end += count == 0 ? 0 : NeighbourTable.headerWordCount + count
            offsets.append(end)
        }
        return offsets
    }

    private static func append(
        _ number: Int, of contents: IndexContents, _ numbering: ItemNumbering, _ format: PostingFormat,
        to words: inout [UInt32]
    ) {
        let rank = Int(numbering.ranks[number])
        let start = words.count
        words += [0, 0, 0]
        let collaborative = format.append(numbering.links(of: contents.collaborative, row: rank), to: &words)
        words[start] = collaborative.bitPattern
        words[start + 2] = UInt32(words.count - start - NeighbourTable.headerWordCount)
        let content = format.append(numbering.links(of: contents.contentNeighbours, row: rank), to: &words)
        words[start + 1] = content.bitPattern
    }

    /// Links that say something; a stored 0 does not.
    private static func linkCount(_ matrix: SparseMatrix, row: Int) -> Int {
        matrix.range(ofRow: row).count { matrix.values[$0] != 0 && matrix.values[$0].isFinite }
    }

    private static func linkCount(_ matrix: SparseMatrix) -> Int { matrix.values.count { $0 != 0 && $0.isFinite } }
}

extension DenseMatrix {
    /// Whether each row has a value other than 0.
    fileprivate func nonzeroRows() -> [Bool] {
        (0..<rowCount).map { row in
            values[row * columnCount..<(row + 1) * columnCount].contains { $0 != 0 }
        }
    }
}
