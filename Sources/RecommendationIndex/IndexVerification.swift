internal import KeyValueStore
internal import ScoringKernels

/// Something in an index that is not as it was written, or that a build should not have written.
package struct IndexFinding: Sendable, Equatable, CustomStringConvertible {
    package let section: String
    package let expected: String
    package let found: String

    package var description: String { "\(section): expected \(expected), found \(found)" }
}

extension RecommendationIndex {
    /// Reads everything: checksums, then order, ranges and finiteness. Empty where the index is as it should be.
    package func verify() -> [IndexFinding] {
        var verification = Verification(index: self)
        verification.run()
        return verification.findings
    }
}

private struct Verification {
    /// Enough to see what is wrong; a damaged disk could otherwise fill the terminal.
    private static let findingLimitPerSection = 5
    /// A unit vector summed in single precision over some hundred dimensions is this close to length one.
    private static let lengthTolerance = 1e-3

    let index: RecommendationIndex
    private(set) var findings: [IndexFinding] = []

    init(index: RecommendationIndex) { self.index = index }

    mutating func run() {
        checkSums()
        checkKeys()
        checkIds(index.items.ids, .itemIdBytes)
        checkIds(index.users, .userIdBytes)
        checkNeighbours()
        checkVectors()
        checkHistories()
        check(index.popularity, .popularity, .popularityOrder)
        check(index.trending, .trending, .trendingOrder)
        check(index.recentPopularity, .recentPopularity, .recentPopularityOrder)
        check(index.fallback, .fallback, .fallbackOrder)
        checkProperties()
        if let model = index.sessionModel { check(model) }
        if let model = index.factorModel { check(model) }
        if let lists = index.usersOfItems { checkUsers(lists) }
        if let segments = index.segments { check(segments) }
    }

    private mutating func report(_ section: SectionName, expected: String, found: String) {
        guard findings.count(where: { $0.section == section.rawValue }) < Self.findingLimitPerSection else { return }
        findings.append(IndexFinding(section: section.rawValue, expected: expected, found: found))
    }

    private mutating func checkSums() {
        for block in index.reader.allBlocks {
            let found = unsafe Checksum.of(block.payload)
            guard found != block.record.checksum else { continue }
            report(
                block.record.name,
                expected: "checksum \(String(block.record.checksum, radix: 16)) of \(block.record.key)",
                found: String(found, radix: 16))
        }
    }

    /// The file holds the manifest and what it lists, nothing else.
    private mutating func checkKeys() {
        let expected = (index.manifest.sections.map(\.key) + [SectionName.manifest.key(block: 0)]).sorted()
        var found: [String] = []
        do {
            unsafe try index.environment.beginRead().forEachKey { key, _ in
                unsafe found.append(String(decoding: key, as: UTF8.self))
                return true
            }
        } catch {
            report(.manifest, expected: "readable keys", found: "\(error)")
        }
        for key in found where !expected.contains(key) {
            report(.manifest, expected: "the sections that the manifest lists", found: key)
        }
        guard found.sorted() != expected else { return }
        report(.manifest, expected: "\(expected.count) keys", found: "\(found.count)")
    }

    private mutating func checkIds(_ table: StringTable, _ section: SectionName) {
        for position in 0..<table.count {
            let id = unsafe table.bytes(at: position)
            if !IndexFormat.idByteCounts.contains(id.count) {
                report(section, expected: "ids of 1 to 256 bytes", found: "\(id.count) bytes at \(position)")
            }
            if unsafe String(validating: id, as: UTF8.self) == nil {
                report(section, expected: "UTF-8", found: "other bytes at \(position)")
            }
            if position > 0, unsafe StringTable.compare(table.bytes(at: position - 1), id) >= 0 {
                report(section, expected: "strictly ascending ids", found: "another order at \(position)")
            }
        }
    }

    private mutating func checkMatrix(_ matrix: ShardedSparseMatrix, _ columns: SectionName, _ values: SectionName) {
        for position in 0..<matrix.rowCount {
            let row = unsafe matrix.row(position)
            if unsafe !isStrictlyAscending(unsafe row.columns) {
                report(columns, expected: "strictly ascending columns", found: "another order in row \(position)")
            }
            if unsafe !isFinite(unsafe row.values) {
                report(values, expected: "finite values", found: "another in row \(position)")
            }
        }
    }

    /// Every row is as the writer makes one: postings within the catalogue, each column once, strongest first.
    private mutating func checkNeighbours() {
        let format = index.neighbours.format
        for item in 0..<index.itemCount {
            let row = unsafe index.neighbours.row(item)
            unsafe check(row.collaborative, format, item)
            unsafe check(row.content, format, item)
        }
    }

    private mutating func check(_ postings: UnsafeBufferPointer<UInt32>, _ format: PostingFormat, _ item: Int) {
        var columns = Set<Int>()
        var previous = Int32.max
        for position in postings.indices {
            let posting = unsafe postings[position]
            let (column, value) = (format.column(posting), format.value(posting))
            if column >= index.itemCount || !columns.insert(column).inserted || value > previous || value == 0 {
                report(
                    .neighbourWords, expected: "neighbours within the catalogue, each once, strongest first",
                    found: "item \(column) with \(value) after \(previous) in row \(item)")
                return
            }
            previous = value
        }
    }

    /// Finite scores, and every item once, best first, ties by rank.
    private mutating func check(_ list: RankedItems, _ name: SectionName, _ orderName: SectionName) {
        unsafe checkNumbers(list.scores, name)
        for position in unsafe list.order.indices.dropFirst() {
            let (before, after) = unsafe (Int(list.order[position - 1]), Int(list.order[position]))
            let (higher, lower) = unsafe (list.scores[before], list.scores[after])
            let isOrdered =
                unsafe higher > lower
                || (higher == lower && index.items.ranks[before] < index.items.ranks[after])
            if !isOrdered {
                report(
                    orderName, expected: "every item once, best first", found: "another order at \(position)")
            }
        }
    }

    private mutating func checkVectors() {
        for position in 0..<index.vectors.rowCount {
            var square = 0.0
            let row = unsafe index.vectors.row(position)
            for column in row.indices { unsafe square += Double(row[column]) * Double(row[column]) }
            guard square != 0, !(abs(square.squareRoot() - 1) <= Self.lengthTolerance) else { continue }
            report(.vectors, expected: "length 1 or 0", found: "\(square.squareRoot()) in row \(position)")
        }
    }

    private mutating func checkHistories() {
        for user in 0..<index.histories.userCount {
            let history = unsafe index.histories.history(ofUser: user)
            if unsafe !isFinite(unsafe history.sums) {
                report(.historySums, expected: "finite sums", found: "another of user \(user)")
            }
            let times = unsafe Array(history.times)
            for (later, earlier) in zip(times, times.dropFirst()) where later < earlier {
                report(.historyTimes, expected: "most recent first", found: "\(later), \(earlier) of user \(user)")
            }
        }
    }

    private mutating func check(_ model: SessionModelTable) {
        checkMatrix(model.rules, .ruleColumns, .ruleValues)
        unsafe checkNumbers(model.itemWeights, .sessionItemWeights)
        for item in 0..<model.sessionsOfItems.count {
            let sessions = unsafe model.sessionsOfItems.list(item)
            for position in sessions.indices.dropFirst() where unsafe sessions[position - 1] >= sessions[position] {
                report(.itemSessions, expected: "most recent first", found: "another order of item \(item)")
                break
            }
        }
    }

    private mutating func check(_ model: FactorModelTable) {
        checkFinite(model.gram, .factorGram)
        let constants = [
            model.confidenceScale, model.unobservedTotal, model.regularization, model.regularizationExponent,
        ]
        guard !constants.allSatisfy({ $0.isFinite && $0 >= 0 }) else { return }
        report(.factorConstants, expected: "finite numbers from 0", found: "\(constants)")
    }

    private mutating func checkFinite(_ matrix: ShardedDenseMatrix, _ section: SectionName) {
        for position in 0..<matrix.rowCount where unsafe !isFinite(matrix.row(position)) {
            report(section, expected: "finite values", found: "another in row \(position)")
        }
    }

    private mutating func checkUsers(_ lists: IndexListTable) {
        for item in 0..<lists.count where unsafe !isStrictlyAscending(lists.list(item)) {
            report(.itemUsers, expected: "strictly ascending users", found: "another order of item \(item)")
        }
    }

    private mutating func check(_ segments: SegmentTable) {
        checkIds(segments.memberIds, .segmentMemberBytes)
        for segment in 0..<segments.names.count {
            let name = unsafe segments.names.bytes(at: segment)
            if unsafe String(validating: name, as: UTF8.self) == nil {
                report(.segmentNameBytes, expected: "UTF-8", found: "other bytes at \(segment)")
            }
            for kind in SegmentList.allCases {
                let scores = unsafe segments.list(kind, ofSegment: segment).scores
                for position in scores.indices {
                    let score = unsafe scores[position]
                    let isDescending = unsafe position == 0 || scores[position - 1] >= score
                    guard !score.isFinite || score < 0 || !isDescending else { continue }
                    report(
                        .segmentListScores, expected: "finite scores from 0, descending",
                        found: "\(score) in segment \(segment)")
                }
            }
        }
        unsafe checkFinite(segments.model, .segmentModel)
        unsafe checkFinite(segments.values, .segmentValues)
    }

    private mutating func checkFinite(_ numbers: UnsafeBufferPointer<Double>, _ section: SectionName) {
        for position in numbers.indices where unsafe !numbers[position].isFinite {
            report(section, expected: "finite numbers", found: "another at \(position)")
        }
    }

    private mutating func checkNumbers(_ numbers: UnsafeBufferPointer<Float>, _ section: SectionName) {
        for position in numbers.indices {
            let number = unsafe numbers[position]
            guard !number.isFinite || number < 0 else { continue }
            report(section, expected: "finite numbers from 0", found: "\(number) of item \(position)")
        }
    }

    private mutating func checkProperties() {
        for name in index.properties.names where name.isEmpty {
            report(.propertyNameBytes, expected: "names of properties", found: "an empty one")
        }
        for item in 0..<index.properties.itemCount {
            var isText = true
            let isWhole = index.properties.forEachProperty(ofItem: item) { _, value in
                isText = isText && value.isWellFormed
            }
            if !isWhole || !isText {
                report(.propertyRecords, expected: "a whole record", found: "a damaged one of item \(item)")
            }
        }
    }

    private func isFinite(_ values: UnsafeBufferPointer<Float>) -> Bool {
        var finite = true
        for position in values.indices { unsafe finite = finite && values[position].isFinite }
        return finite
    }

    private func isStrictlyAscending(_ values: UnsafeBufferPointer<Int32>) -> Bool {
        var ascending = true
        for position in values.indices.dropFirst() {
            unsafe ascending = ascending && values[position - 1] < values[position]
        }
        return ascending
    }
}

extension LentPropertyValue {
    fileprivate var isWellFormed: Bool {
        switch self {
        case .string(let bytes): return unsafe String(validating: bytes, as: UTF8.self) != nil
        case .strings(let list):
            var visited = 0
            var isText = true
            unsafe list.forEach { bytes in
                visited += 1
                unsafe isText = isText && String(validating: bytes, as: UTF8.self) != nil
            }
            return isText && visited == list.count
        case .number(let number): return number.isFinite
        case .boolean, .time: return true
        }
    }
}
