package import LinearAlgebra

/// Rows that each say a number of two ids, in the order in which they were appended: what one item says of another, what a user's
/// interactions with an item come to. 16 bytes a row beside the tables of ids, 8 more where the rows have times.
package struct PairLog: Sendable {
    package private(set) var firsts = IdentifierTable()
    package private(set) var seconds = IdentifierTable()
    /// Per row, an index of `firsts`.
    package private(set) var firstIndexes: [Int32] = []
    /// Per row, an index of `seconds`.
    package private(set) var secondIndexes: [Int32] = []
    package private(set) var values: [Double] = []
    /// Per row, milliseconds since 1970; empty where the rows have none.
    package private(set) var times: [Int64] = []

    package init() {}

    package var count: Int { values.count }

    /// Either every row has a time or none: anything else is a programmer's error.
    package mutating func append(first: Span<UInt8>, second: Span<UInt8>, value: Double, time: Int64? = nil) {
        precondition(values.isEmpty || times.isEmpty == (time == nil))
        firstIndexes.append(firsts.intern(first))
        secondIndexes.append(seconds.intern(second))
        values.append(value)
        if let time { times.append(time) }
    }

    package mutating func append(first: String, second: String, value: Double, time: Int64? = nil) {
        append(first: Array(first.utf8).span, second: Array(second.utf8).span, value: value, time: time)
    }

    /// A pair that two rows have; nil where there is none. O(rows).
    package var repeatedPair: (first: String, second: String)? {
        let order = order(
            firstRanks: Array(0..<Int32(firsts.count)), firstCount: firsts.count,
            secondRanks: Array(0..<Int32(seconds.count)), secondCount: seconds.count)
        for step in order.indices.dropFirst() {
            let (row, before) = (Int(order[step]), Int(order[step - 1]))
            if firstIndexes[row] == firstIndexes[before], secondIndexes[row] == secondIndexes[before] {
                return (firsts.id(at: Int(firstIndexes[row])), seconds.id(at: Int(secondIndexes[row])))
            }
        }
        return nil
    }

    /// The rows' places, by the ranks of the first ids and then by those of the second.
    func order(firstRanks: [Int32], firstCount: Int, secondRanks: [Int32], secondCount: Int) -> [Int32] {
        let bySecond = CountingSort.order(of: secondIndexes, ranks: secondRanks, bucketCount: secondCount)
        return CountingSort.order(of: firstIndexes, ranks: firstRanks, bucketCount: firstCount, after: bySecond)
    }

    /// The values as a matrix `[rowIds.count x columnIds.count]`; rows with an id that is in neither are left out. No pair may
    /// be repeated. O(rows) beside the ids.
    package func matrix(rowIds: [String], columnIds: [String]) -> SparseMatrix {
        // A bucket more, behind all others, takes what is in neither.
        let rowRanks = Self.places(of: firsts, in: IdentifierTable(rowIds))
        let columnRanks = Self.places(of: seconds, in: IdentifierTable(columnIds))
        let order = order(
            firstRanks: rowRanks, firstCount: rowIds.count + 1, secondRanks: columnRanks,
            secondCount: columnIds.count + 1)
        var offsets = [Int](repeating: 0, count: rowIds.count + 1)
        var (columns, kept): ([Int32], [Float]) = ([], [])
        for place in order {
            let row = Int(rowRanks[Int(firstIndexes[Int(place)])])
            let column = columnRanks[Int(secondIndexes[Int(place)])]
            guard row < rowIds.count, Int(column) < columnIds.count else { continue }
            columns.append(column)
            kept.append(Float(values[Int(place)]))
            offsets[row + 1] += 1
        }
        for row in rowIds.indices { offsets[row + 1] += offsets[row] }
        return SparseMatrix(
            rowCount: rowIds.count, columnCount: columnIds.count, rowOffsets: offsets, columnIndexes: columns,
            values: kept)
    }

    /// Of each id its place in `table`, or the number of that table's ids.
    private static func places(of ids: IdentifierTable, in table: IdentifierTable) -> [Int32] {
        (0..<ids.count).map { table.index(of: ids.bytes(at: $0).span) ?? Int32(table.count) }
    }
}

extension InteractionMatrix {
    /// From sums that were made elsewhere: each row of `sums` is what a user's interactions with an item come to, before it is
    /// damped, and when the last of them was. No pair may be repeated.
    ///
    /// - Parameters:
    ///   - hasTimes: false: the times are the numbers of rows in the order of time.
    ///   - referenceTime: what ages are counted from; nil: the newest time.
    package static func build(
        from sums: PairLog, hasTimes: Bool, referenceTime: Int64? = nil, extraItemIds: [String] = []
    ) -> InteractionMatrix {
        var items = sums.seconds
        for id in extraItemIds { items.intern(id) }
        let (userOrder, itemOrder) = (sums.firsts.ascendingOrder(), items.ascendingOrder())
        let (userRanks, itemRanks) = (IdentifierTable.ranks(of: userOrder), IdentifierTable.ranks(of: itemOrder))
        let order = sums.order(
            firstRanks: userRanks, firstCount: userRanks.count, secondRanks: itemRanks, secondCount: itemRanks.count)
        let values = order.map { Float(sums.values[Int($0)]) }
        let matrix = SparseMatrix(
            rowCount: userRanks.count, columnCount: itemRanks.count,
            rowOffsets: CountingSort.starts(of: sums.firstIndexes, ranks: userRanks, bucketCount: userRanks.count),
            columnIndexes: order.map { itemRanks[Int(sums.secondIndexes[Int($0)])] },
            values: values.map { damped($0) })
        let times = order.map { sums.times.isEmpty ? 0 : sums.times[Int($0)] }
        return InteractionMatrix(
            userIds: userOrder.map { sums.firsts.id(at: Int($0)) }, itemIds: itemOrder.map { items.id(at: Int($0)) },
            matrix: matrix, histories: UserHistories(ordering: matrix, sums: values, times: times),
            hasTimes: hasTimes, referenceTime: referenceTime ?? times.max() ?? 0)
    }
}
