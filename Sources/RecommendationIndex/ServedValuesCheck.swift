// What a reply takes from an index as it is: numbers that everybody's lists are ordered by, and names. A checksum would tell
// more, but reading everything takes seconds; these sections are read in a few milliseconds for a million items, and with
// them checked no number that JSON cannot hold and no name that is not UTF-8 leaves the server. The texts of items and the
// ids of users are `verify`'s.

extension RecommendationIndex {
    private static let numberSections: [SectionName] = [
        .popularity, .trending, .recentPopularity, .fallback, .segmentListScores,
    ]

    /// Throws where a number is not finite or below 0, or a name is not UTF-8.
    func checkServedValues() throws(IndexError) {
        for block in reader.allBlocks where Self.numberSections.contains(block.record.name) {
            let numbers = unsafe block.elements(as: Float.self)
            for place in unsafe 0..<block.payload.count / MemoryLayout<Float>.stride {
                let number = unsafe numbers[place]
                guard !number.isFinite || number < 0 else { continue }
                throw reader.damaged(
                    block.record.name, expected: "finite numbers from 0", found: "\(number) at \(place) of a block")
            }
        }
        try checkNames(items.ids, .itemIdBytes)
        let names = try StringTable(
            reader, offsets: .propertyNameOffsets, bytes: .propertyNameBytes,
            count: reader.rowCount(of: .propertyNameOffsets))
        try checkNames(names, .propertyNameBytes)
        if let segments { try checkNames(segments.names, .segmentNameBytes) }
    }

    /// Bytes that are ASCII throughout are UTF-8 wherever they are cut; only others are looked at name by name.
    private func checkNames(_ names: StringTable, _ section: SectionName) throws(IndexError) {
        let isASCII = reader.allBlocks.allSatisfy { block in
            unsafe block.record.name != section || Self.isASCII(block.payload)
        }
        guard !isASCII else { return }
        for place in 0..<names.count where unsafe String(validating: names.bytes(at: place), as: UTF8.self) == nil {
            throw reader.damaged(section, expected: "UTF-8", found: "other bytes at \(place)")
        }
    }

    private static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var union: UInt8 = 0
        for place in bytes.indices { unsafe union |= bytes[place] }
        return union < 0x80
    }
}
