internal import Interactions
internal import KeyValueStore
internal import LinearAlgebra

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
        let properties = PropertyRecords(contents.itemProperties)
        let environment: Environment
        do throws(KeyValueError) {
            environment = try Environment(
                creating: path, mapByteCount: mapByteCount(contents, properties, blockByteLimit), faults: faults)
        } catch {
            throw IndexError(error, operation: "write")
        }
        var writer = SectionWriter(environment: environment, blockByteLimit: blockByteLimit)
        try writeStrings(contents.itemIds, .itemIdOffsets, .itemIdBytes, &writer)
        try writeStrings(contents.userIds, .userIdOffsets, .userIdBytes, &writer)
        try writeProperties(properties, path: path, &writer)
        try writeMatrices(contents, &writer)
        try writeHistories(contents.histories, &writer)
        try writer.writeItemNumbers(.interactionCounts, contents.interactionCounts)
        try writer.writeItemNumbers(.popularity, contents.popularity)
        try writer.writeItemNumbers(.trending, contents.trending)
        try writer.writeItemNumbers(.recentPopularity, contents.recentPopularity)
        if let model = contents.sessionModel { try writeSessionModel(model, &writer) }
        if let model = contents.factorModel { try write(model, &writer) }
        if let lists = contents.usersOfItems {
            try writer.writeRagged(.itemUserOffsets, offsets: lists.offsets, [.init(.itemUsers, lists.indexes)])
        }
        if let segments = contents.segments { try write(segments, &writer) }
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

    private static func writeMatrices(_ contents: IndexContents, _ writer: inout SectionWriter) throws(IndexError) {
        let collaborative = contents.collaborative
        try writer.writeRagged(
            .collaborativeOffsets, offsets: collaborative.rowOffsets,
            [
                .init(.collaborativeColumns, columnCount: collaborative.columnCount, collaborative.columnIndexes),
                .init(.collaborativeValues, columnCount: collaborative.columnCount, collaborative.values),
            ])
        let content = contents.contentNeighbours
        try writer.writeRagged(
            .contentOffsets, offsets: content.rowOffsets,
            [
                .init(.contentColumns, columnCount: content.columnCount, content.columnIndexes),
                .init(.contentValues, columnCount: content.columnCount, content.values),
            ])
        try writer.writeDense(
            .vectors, rowCount: contents.vectors.rowCount, columnCount: contents.vectors.columnCount,
            contents.vectors.values)
    }

    private static func writeHistories(
        _ histories: UserHistories, _ writer: inout SectionWriter
    ) throws(IndexError) {
        try writer.writeRagged(
            .historyOffsets, offsets: histories.offsets,
            [
                .init(.historyItems, histories.itemIndexes), .init(.historyWeights, histories.weights),
                .init(.historyTimes, histories.times),
            ])
    }

    private static func writeSessionModel(
        _ model: SessionModelContents, _ writer: inout SectionWriter
    ) throws(IndexError) {
        try writer.writeRagged(
            .sessionOffsets, offsets: model.sessions.offsets, [.init(.sessionItems, model.sessions.indexes)])
        try writer.writeRagged(
            .itemSessionOffsets, offsets: model.sessionsOfItems.offsets,
            [.init(.itemSessions, model.sessionsOfItems.indexes)])
        try writer.writeItemNumbers(.sessionItemWeights, model.itemWeights)
        try writer.writeRagged(
            .ruleOffsets, offsets: model.rules.rowOffsets,
            [
                .init(.ruleColumns, columnCount: model.rules.columnCount, model.rules.columnIndexes),
                .init(.ruleValues, columnCount: model.rules.columnCount, model.rules.values),
            ])
    }

    private static func write(_ model: FactorModelContents, _ writer: inout SectionWriter) throws(IndexError) {
        try writer.writeDense(
            .factorItems, rowCount: model.items.rowCount, columnCount: model.items.columnCount, model.items.values)
        try writer.writeDense(
            .factorGram, rowCount: model.gram.rowCount, columnCount: model.gram.columnCount, model.gram.values)
        try writer.writeItemNumbers(.factorConstants, model.constants)
    }

    private static func write(_ segments: SegmentContents, _ writer: inout SectionWriter) throws(IndexError) {
        try writeStrings(segments.names, .segmentNameOffsets, .segmentNameBytes, &writer)
        try writeStrings(segments.memberIds, .segmentMemberOffsets, .segmentMemberBytes, &writer)
        try writer.writeItemNumbers(.segmentOfMembers, segments.segments)
        try writer.writeRagged(
            .segmentListOffsets, offsets: segments.lists.offsets,
            [.init(.segmentListItems, segments.lists.indexes), .init(.segmentListScores, segments.scores)])
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
        let stored = contents.collaborative.storedCount + contents.contentNeighbours.storedCount
        let histories = 16 * contents.histories.itemIndexes.count
        let numbers = 4 * (4 * items + contents.vectors.values.count)
        let optional =
            (contents.sessionModel.map { byteCount($0) } ?? 0) + (contents.factorModel.map { byteCount($0) } ?? 0)
            + (contents.usersOfItems.map { byteCount($0) } ?? 0) + (contents.segments.map { byteCount($0) } ?? 0)
        let total = offsets + ids + 8 * stored + histories + numbers + properties.bytes.count + optional
        // Blocks are at least half full; every block of every section wastes at most two pages of up to 64 KiB.
        let sectionCount = SectionName.allCases.count { name in
            name.optionalPart.map { contents.has($0) } ?? true
        }
        let blockCount = sectionCount + 8 * (total / max(1, blockByteLimit / 2))
        return total + blockCount * (128 << 10) + mapSlackByteCount
    }
}
