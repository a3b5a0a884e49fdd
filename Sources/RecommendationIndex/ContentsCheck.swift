internal import Interactions
internal import LinearAlgebra

/// The rules that contents must keep to be writable at all; what can only be wrong inside the numbers is found by
/// `verify` before a version is published.
enum ContentsCheck {
    /// 9999-12-31T23:59:59.999Z, the last time that a version's name can hold.
    private static let latestMilliseconds: Int64 = 253_402_300_799_999

    static func check(_ contents: IndexContents, path: String) throws(IndexError) {
        let items = contents.itemIds.count
        let histories = contents.histories
        let rules: [(name: String, expected: Int, found: Int)] = [
            ("itemProperties", items, contents.itemProperties.count),
            ("collaborative rows", items, contents.collaborative.rowCount),
            ("collaborative columns", items, contents.collaborative.columnCount),
            ("contentNeighbours rows", items, contents.contentNeighbours.rowCount),
            ("contentNeighbours columns", items, contents.contentNeighbours.columnCount),
            ("vectors rows", items, contents.vectors.rowCount),
            ("interactionCounts", items, contents.interactionCounts.count),
            ("popularity", items, contents.popularity.count), ("trending", items, contents.trending.count),
            ("recentPopularity", items, contents.recentPopularity.count), ("fallback", items, contents.fallback.count),
            ("places in itemOrder", items, contents.itemOrder?.count ?? items),
            ("histories offsets", contents.userIds.count + 1, histories.offsets.count),
            ("first history offset", 0, histories.offsets.first ?? -1),
            ("last history offset", histories.itemIndexes.count, histories.offsets.last ?? -1),
            ("history sums", histories.itemIndexes.count, histories.sums.count),
            ("history times", histories.itemIndexes.count, histories.times.count),
        ]
        for rule in rules where rule.expected != rule.found {
            throw invalid(path, expected: "\(rule.expected) \(rule.name)", found: "\(rule.found)")
        }
        if let order = contents.itemOrder, !ItemNumbering.isPermutation(order) {
            throw invalid(path, expected: "every place once in itemOrder", found: "another order")
        }
        try checkCount(items, "items", IndexFormat.maximumItemCount, path)
        try checkCount(contents.userIds.count, "users", IndexFormat.maximumUserCount, path)
        try checkOffsets(contents.collaborative.rowOffsets, "collaborative", path)
        try checkOffsets(contents.contentNeighbours.rowOffsets, "contentNeighbours", path)
        try checkOffsets(histories.offsets, "histories", path)
        try checkColumns(contents.collaborative, "collaborative", path)
        try checkColumns(contents.contentNeighbours, "contentNeighbours", path)
        if let model = contents.sessionModel { try check(model, itemCount: items, path) }
        if let model = contents.factorModel { try check(model, itemCount: items, path) }
        if let lists = contents.usersOfItems {
            guard lists.listCount == items else {
                throw invalid(path, expected: "\(items) lists of users of items", found: "\(lists.listCount)")
            }
            try checkOffsets(lists.offsets, "users of items", path)
        }
        if let segments = contents.segments { try check(segments, path) }
        try checkIds(contents.itemIds, "item", path)
        try checkIds(contents.userIds, "user", path)
        guard (0...latestMilliseconds).contains(contents.facts.createdMilliseconds) else {
            throw invalid(
                path, expected: "a creation time from 0 to \(latestMilliseconds)",
                found: "\(contents.facts.createdMilliseconds)")
        }
    }

    private static func check(
        _ model: SessionModelContents, itemCount: Int, _ path: String
    ) throws(IndexError) {
        let rules: [(name: String, found: Int)] = [
            ("lists of sessions of items", model.sessionsOfItems.listCount),
            ("weights of items in sessions", model.itemWeights.count), ("rows of rules", model.rules.rowCount),
            ("columns of rules", model.rules.columnCount),
        ]
        for rule in rules where rule.found != itemCount {
            throw invalid(path, expected: "\(itemCount) \(rule.name)", found: "\(rule.found)")
        }
        try checkCount(model.sessions.listCount, "sessions", IndexFormat.maximumSessionCount, path)
        try checkOffsets(model.sessions.offsets, "sessions", path)
        try checkOffsets(model.sessionsOfItems.offsets, "sessions of items", path)
        try checkOffsets(model.rules.rowOffsets, "rules", path)
    }

    private static func check(_ model: FactorModelContents, itemCount: Int, _ path: String) throws(IndexError) {
        let dimension = model.items.columnCount
        let rules: [(name: String, expected: Int, found: Int)] = [
            ("rows of item factors", itemCount, model.items.rowCount),
            ("rows of the factors' Gram matrix", dimension, model.gram.rowCount),
            ("columns of the factors' Gram matrix", dimension, model.gram.columnCount),
            ("constants of the factors", FactorModelTable.constantCount, model.constants.count),
        ]
        for rule in rules where rule.expected != rule.found {
            throw invalid(path, expected: "\(rule.expected) \(rule.name)", found: "\(rule.found)")
        }
        for value in model.items.values where !value.isFinite {
            throw invalid(path, expected: "finite item factors", found: "\(value)")
        }
    }

    private static func check(_ segments: SegmentContents, _ path: String) throws(IndexError) {
        let count = segments.names.count
        let rules: [(name: String, expected: Int, found: Int)] = [
            ("different names of segments", count, Set(segments.names).count),
            ("segments of members", segments.memberIds.count, segments.segments.count),
            ("lists of segments", count * SegmentList.allCases.count, segments.lists.listCount),
            ("scores of segments' lists", segments.lists.indexes.count, segments.scores.count),
            ("numbers of activity", count * segments.periods.count, segments.activity.count),
            ("numbers of periods", segments.periods.count / 2 * 2, segments.periods.count),
        ]
        for rule in rules where rule.expected != rule.found {
            throw invalid(path, expected: "\(rule.expected) \(rule.name)", found: "\(rule.found)")
        }
        try checkCount(segments.memberIds.count, "members of segments", IndexFormat.maximumItemCount, path)
        try checkOffsets(segments.lists.offsets, "segments' lists", path)
        try checkIds(segments.memberIds, "member", path)
    }

    private static func checkCount(_ count: Int, _ name: String, _ limit: Int, _ path: String) throws(IndexError) {
        guard count <= limit else { throw invalid(path, expected: "at most \(limit) \(name)", found: "\(count)") }
    }

    private static func checkOffsets(_ offsets: [Int], _ name: String, _ path: String) throws(IndexError) {
        for row in offsets.indices.dropFirst() where offsets[row] < offsets[row - 1] {
            throw invalid(
                path, expected: "ascending offsets in \(name)", found: "\(offsets[row - 1]), \(offsets[row])")
        }
    }

    /// A posting could not hold another column or value.
    private static func checkColumns(_ matrix: SparseMatrix, _ name: String, _ path: String) throws(IndexError) {
        for column in matrix.columnIndexes where column < 0 || Int(column) >= matrix.columnCount {
            throw invalid(
                path, expected: "columns from 0 to \(matrix.columnCount - 1) in \(name)", found: "\(column)")
        }
        for value in matrix.values where !value.isFinite {
            throw invalid(path, expected: "finite values in \(name)", found: "\(value)")
        }
    }

    private static func checkIds(_ ids: [String], _ kind: String, _ path: String) throws(IndexError) {
        for (index, id) in ids.enumerated() {
            guard IndexFormat.idByteCounts.contains(id.utf8.count) else {
                throw invalid(
                    path, expected: "\(kind) ids of 1 to 256 bytes", found: "\(id.utf8.count) bytes at index \(index)")
            }
            guard index == 0 || ids[index - 1].utf8.lexicographicallyPrecedes(id.utf8) else {
                throw invalid(
                    path, expected: "\(kind) ids in ascending byte order", found: "\"\(ids[index - 1])\", \"\(id)\"")
            }
        }
    }

    private static func invalid(_ path: String, expected: String, found: String) -> IndexError {
        IndexError(.invalidContents, operation: "write", path: path, expected: expected, found: found)
    }
}
