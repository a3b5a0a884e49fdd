internal import Interactions
internal import KeyValueStore
internal import LinearAlgebra
internal import ScoringKernels

/// Writes the contents of an index into the file of one version.
enum IndexWriter {
    /// Address space beyond the sections: tree pages, and the pages that one transaction frees for the one after next.
    private static let mapSlackByteCount = 16 << 20

    /// Returns when the file is durable.
    ///
    /// - Parameters:
    ///   - path: of a file that does not exist yet; what was written remains there when this throws.
    ///   - blockByteLimit: at most `IndexFormat.defaultBlockByteLimit`; smaller in tests.
    /// - Returns: The checksum of the manifest: equal for equal contents, the creation time included.
    static func write(
        _ contents: IndexContents, to path: String, blockByteLimit: Int, faults: StoreFaults?
    ) throws(IndexError) -> UInt64 {
        precondition(blockByteLimit <= IndexFormat.defaultBlockByteLimit)
        try ContentsCheck.check(contents, path: path)
        let properties = PropertyRecords(
            ItemNumbering(itemCount: contents.itemIds.count, order: contents.itemOrder)
                .arranged(contents.itemProperties))
        let environment: Environment
        do throws(KeyValueError) {
            environment = try Environment(
                creating: path, mapByteCount: mapByteCount(contents, properties, blockByteLimit), faults: faults)
        } catch {
            throw IndexError(error, operation: "write")
        }
        var writer = SectionWriter(environment: environment, blockByteLimit: blockByteLimit)
        let numbering = ItemNumbering(itemCount: contents.itemIds.count, order: contents.itemOrder)
        try writeStrings(contents.itemIds, .itemIdOffsets, .itemIdBytes, &writer)
        try writer.writeItemNumbers(.itemRanks, numbering.ranks.map { UInt32($0) })
        try writer.writeItemNumbers(.itemNumbers, numbering.numbers.map { UInt32($0) })
        try writeStrings(contents.userIds, .userIdOffsets, .userIdBytes, &writer)
        try writeProperties(properties, path: path, &writer)
        try writeNeighbours(contents, numbering, &writer)
        try writer.writeDense(
            .vectors, rowCount: contents.vectors.rowCount, columnCount: contents.vectors.columnCount,
            numbering.arranged(contents.vectors).values)
        try writeHistories(contents.histories, numbering, &writer)
        try writer.writeItemNumbers(.interactionCounts, numbering.arranged(contents.interactionCounts))
        try writePopularity(contents, numbering, &writer)
        if let model = contents.sessionModel { try writeSessionModel(model, numbering, &writer) }
        if let model = contents.factorModel { try write(model, numbering, &writer) }
        if let lists = contents.usersOfItems {
            let arranged = numbering.arranged(lists)
            try writer.writeRagged(.itemUserOffsets, offsets: arranged.offsets, [.init(.itemUsers, arranged.indexes)])
        }
        if let segments = contents.segments { try write(segments, numbering, &writer) }
        let manifest = IndexManifest(
            formatVersion: Int(IndexFormat.version), itemCount: contents.itemIds.count,
            userCount: contents.userIds.count, collaborativeModel: contents.collaborativeModel, facts: contents.facts,
            sections: writer.records)
        let text = manifest.encoded()
        try writer.writeManifest(text)
        do throws(KeyValueError) { try environment.sync() } catch { throw IndexError(error, operation: "write") }
        return unsafe text.withUnsafeBytes { bytes in unsafe Checksum.of(bytes) }
    }

    private static func writeStrings(
        _ strings: [String], _ offsetsName: SectionName, _ bytesName: SectionName, _ writer: inout SectionWriter
    ) throws(IndexError) {
        var offsets = [0]
        offsets.reserveCapacity(strings.count + 1)
        var bytes: [UInt8] = []
        for string in strings {
            bytes += string.utf8
            offsets.append(bytes.count)
        }
        try writer.writeRagged(offsetsName, offsets: offsets, [.init(bytesName, bytes)])
    }

    private static func writeProperties(
        _ properties: PropertyRecords, path: String, _ writer: inout SectionWriter
    ) throws(IndexError) {
        guard properties.names.count <= IndexFormat.maximumPropertyNameCount else {
            throw IndexError(
                .invalidContents, operation: "write", path: path,
                expected: "at most \(IndexFormat.maximumPropertyNameCount) names of properties",
                found: "\(properties.names.count)")
        }
        try writeStrings(properties.names, .propertyNameOffsets, .propertyNameBytes, &writer)
        try writer.writeRagged(
            .propertyOffsets, offsets: properties.offsets, [.init(.propertyRecords, properties.bytes)])
    }

    private static func writePopularity(
        _ contents: IndexContents, _ numbering: ItemNumbering, _ writer: inout SectionWriter
    ) throws(IndexError) {
        let lists: [(SectionName, SectionName, [Float])] = [
            (.popularity, .popularityOrder, contents.popularity), (.trending, .trendingOrder, contents.trending),
            (.recentPopularity, .recentPopularityOrder, contents.recentPopularity),
            (.fallback, .fallbackOrder, contents.fallback),
        ]
        for (name, orderName, scores) in lists {
            let arranged = numbering.arranged(scores)
            try writer.writeItemNumbers(name, arranged)
            try writer.writeItemNumbers(orderName, numbering.order(of: arranged))
        }
    }

    private static func writeHistories(
        _ histories: UserHistories, _ numbering: ItemNumbering, _ writer: inout SectionWriter
    ) throws(IndexError) {
        try writer.writeRagged(
            .historyOffsets, offsets: histories.offsets,
            [
                .init(.historyItems, numbering.renumbered(histories.itemIndexes)),
                .init(.historySums, histories.sums),
                .init(.historyTimes, histories.times),
            ])
    }

    private static func writeSessionModel(
        _ model: SessionModelContents, _ numbering: ItemNumbering, _ writer: inout SectionWriter
    ) throws(IndexError) {
        try writer.writeRagged(
            .sessionOffsets, offsets: model.sessions.offsets,
            [.init(.sessionItems, numbering.renumbered(model.sessions.indexes))])
        let sessionsOfItems = numbering.arranged(model.sessionsOfItems)
        try writer.writeRagged(
            .itemSessionOffsets, offsets: sessionsOfItems.offsets, [.init(.itemSessions, sessionsOfItems.indexes)])
        try writer.writeItemNumbers(.sessionItemWeights, numbering.arranged(model.itemWeights))
        let rules = numbering.arranged(model.rules)
        try writer.writeRagged(
            .ruleOffsets, offsets: rules.rowOffsets,
            [
                .init(.ruleColumns, columnCount: rules.columnCount, rules.columnIndexes),
                .init(.ruleValues, columnCount: rules.columnCount, rules.values),
            ])
    }

    private static func write(
        _ model: FactorModelContents, _ numbering: ItemNumbering, _ writer: inout SectionWriter
    ) throws(IndexError) {
        var rows: [Int8] = []
        rows.reserveCapacity(model.items.values.count)
        let scales = numbering.ranks.map { rank in
            let start = Int(rank) * model.items.columnCount
            return QuantizedRows.append(model.items.values[start..<start + model.items.columnCount], to: &rows)
        }
        try writer.writeDense(
            .factorItems, rowCount: model.items.rowCount, columnCount: model.items.columnCount, rows)
        try writer.writeItemNumbers(.factorScales, scales)
        try writer.writeDense(
            .factorGram, rowCount: model.gram.rowCount, columnCount: model.gram.columnCount, model.gram.values)
        try writer.writeItemNumbers(.factorConstants, model.constants)
    }

    private static func write(
        _ segments: SegmentContents, _ numbering: ItemNumbering, _ writer: inout SectionWriter
    ) throws(IndexError) {
        try writeStrings(segments.names, .segmentNameOffsets, .segmentNameBytes, &writer)
        try writeStrings(segments.memberIds, .segmentMemberOffsets, .segmentMemberBytes, &writer)
        try writer.writeItemNumbers(.segmentOfMembers, segments.segments)
        try writer.writeRagged(
            .segmentListOffsets, offsets: segments.lists.offsets,
            [
                .init(.segmentListItems, numbering.renumbered(segments.lists.indexes)),
                .init(.segmentListScores, segments.scores),
            ])
        try writer.writeItemNumbers(.segmentPeriods, segments.periods)
        try writer.writeItemNumbers(.segmentActivity, segments.activity)
        try writer.writeItemNumbers(.segmentModel, segments.model)
        try writer.writeItemNumbers(.segmentValues, segments.values)
    }

    private static func byteCount(_ segments: SegmentContents) -> Int {
        let ids = (segments.names + segments.memberIds).reduce(0) { $0 + $1.utf8.count + 8 }
        let numbers = segments.segments.count + segments.activity.count + 2 * segments.lists.indexes.count
        let longNumbers =
            segments.lists.offsets.count + segments.periods.count + segments.model.count + segments.values.count
        return ids + 4 * numbers + 8 * longNumbers
    }

    private static func byteCount(_ model: FactorModelContents) -> Int {
        4 * (model.items.values.count + model.gram.values.count + model.constants.count)
    }

    private static func byteCount(_ lists: IndexLists) -> Int { 8 * lists.offsets.count + 4 * lists.indexes.count }

    private static func byteCount(_ model: SessionModelContents) -> Int {
        let offsets = model.sessions.offsets.count + model.sessionsOfItems.offsets.count + model.rules.rowOffsets.count
        let indexes = model.sessions.indexes.count + model.sessionsOfItems.indexes.count
        return 8 * (offsets + model.rules.storedCount) + 4 * (indexes + model.itemWeights.count)
    }

    /// Enough for every section with a page of waste each; it is part of the file, so it depends on the contents alone.
    private static func mapByteCount(
        _ contents: IndexContents, _ properties: PropertyRecords, _ blockByteLimit: Int
    ) -> Int {
        let items = contents.itemIds.count
        let users = contents.userIds.count
        let offsets = 8 * (4 * items + 2 * users)
        let ids = (contents.itemIds + contents.userIds).reduce(0) { $0 + $1.utf8.count }
        let words =
            contents.collaborative.storedCount + contents.contentNeighbours.storedCount
            + NeighbourTable.headerWordCount * items
        let histories = 16 * contents.histories.itemIndexes.count
        // Ranks, numbers, interaction counts; four scores and their orders; a byte of evidence.
        let numbers = 4 * (12 * items + contents.vectors.values.count)
        let optional =
            (contents.sessionModel.map { byteCount($0) } ?? 0) + (contents.factorModel.map { byteCount($0) } ?? 0)
            + (contents.usersOfItems.map { byteCount($0) } ?? 0) + (contents.segments.map { byteCount($0) } ?? 0)
        let total = offsets + ids + 4 * words + histories + numbers + properties.bytes.count + optional
        // Blocks are at least half full; every block of every section wastes at most two pages of up to 64 KiB.
        let sectionCount = SectionName.allCases.count { name in
            name.optionalPart.map { contents.has($0) } ?? true
        }
        let blockCount = sectionCount + 8 * (total / max(1, blockByteLimit / 2))
        return total + blockCount * (128 << 10) + mapSlackByteCount
    }
}
