import Interactions
import LinearAlgebra
import RecommendationIndex

/// A small linear congruential generator (Knuth's MMIX constants): enough for shapes, and the same everywhere.
struct SampleGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &+ 0x9E37_79B9_7F4A_7C15 }

    mutating func next(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }

    mutating func nextFloat() -> Float { Float(next(below: 1 << 20)) / Float(1 << 20) }
}

enum SampleContents {
    static let created: Int64 = 1_764_000_000_123

    static let facts = IndexFacts(
        createdMilliseconds: created, toolVersion: "0.1.0",
        sources: [.init(name: "ratings\twith tab\\n.csv", byteCount: 12_345, crc32: 0x00AB_CDEF)],
        configuration: [.init("model", "ease"), .init("text", "two\nlines"), .init("empty", "")],
        blendWeights: StoredBlendWeights(content: 0.4, collaborative: 0.6, fallback: 0.3),
        counts: [.init("interactions", 1000), .init("badRows", 0)], quality: [.init("ndcg@10", 0.1732050807568877)])

    /// Contents with everything random but their shape.
    static func make(
        itemCount: Int, userCount: Int, dimension: Int = 8, neighbourCount: Int = 5, seed: UInt64 = 1
    ) -> IndexContents {
        var generator = SampleGenerator(seed: seed)
        return IndexContents(
            itemIds: ids("item", itemCount), userIds: ids("user", userCount),
            itemProperties: (0..<itemCount).map { properties(ofItem: $0, &generator) },
            collaborative: matrix(itemCount, neighbourCount, &generator), collaborativeModel: "ease",
            contentNeighbours: matrix(itemCount, neighbourCount, &generator),
            vectors: vectors(itemCount, dimension, &generator), histories: histories(userCount, itemCount, &generator),
            interactionCounts: (0..<itemCount).map { _ in UInt32(generator.next(below: 50)) },
            popularity: (0..<itemCount).map { _ in generator.nextFloat() },
            trending: (0..<itemCount).map { _ in generator.nextFloat() },
            recentPopularity: (0..<itemCount).map { _ in generator.nextFloat() },
            fallback: (0..<itemCount).map { _ in generator.nextFloat() }, facts: facts)
    }

    /// The same with a session model, which an index may also lack.
    static func makeWithSessions(itemCount: Int, userCount: Int, sessionCount: Int = 50) -> IndexContents {
        var contents = make(itemCount: itemCount, userCount: userCount)
        var generator = SampleGenerator(seed: 2)
        var sessions = IndexLists()
        var sessionsOfItems = [[Int32]](repeating: [], count: itemCount)
        for session in 0..<(itemCount == 0 ? 0 : sessionCount) {
            let items = Set((0..<session % 6).map { _ in Int32(generator.next(below: itemCount)) }).sorted()
            sessions.append(items)
            for item in items { sessionsOfItems[Int(item)].append(Int32(session)) }
        }
        var lists = IndexLists()
        for list in sessionsOfItems { lists.append(list) }
        contents.sessionModel = SessionModelContents(
            sessions: sessions, sessionsOfItems: lists,
            itemWeights: (0..<itemCount).map { _ in generator.nextFloat() }, rules: matrix(itemCount, 4, &generator))
        return contents
    }

    /// The same with the parts of collaborative models that are more than item lists.
    static func makeWithModels(itemCount: Int, userCount: Int, dimension: Int = 5) -> IndexContents {
        var contents = make(itemCount: itemCount, userCount: userCount)
        var generator = SampleGenerator(seed: 3)
        func random(_ rowCount: Int) -> DenseMatrix {
            DenseMatrix(
                rowCount: rowCount, columnCount: dimension,
                values: (0..<rowCount * dimension).map { _ in generator.nextFloat() })
        }
        contents.factorModel = FactorModelContents(
            items: random(itemCount), gram: random(dimension), constants: [0.5, 12, 0.007, 1])
        var lists = IndexLists()
        for item in 0..<itemCount { lists.append((0..<userCount).filter { ($0 + item) % 3 == 0 }.map { Int32($0) }) }
        contents.usersOfItems = lists
        return contents
    }

    /// Ascending by bytes, of different lengths.
    static func ids(_ prefix: String, _ count: Int) -> [String] {
        (0..<count).map { index in
            let digits = String(index)
            let padded = String(repeating: "0", count: 7 - digits.utf8.count) + digits
            return "\(prefix)-\(padded)" + String(repeating: "x", count: index % 7)
        }
    }

    private static func properties(ofItem item: Int, _ generator: inout SampleGenerator) -> [Item.Property] {
        var properties = [Item.Property("title", .string("Title \(item) 🎬 \"quoted\""))]
        if item % 2 == 0 { properties.append(.init("price", .number(Double(generator.next(below: 10_000)) / 100))) }
        if item % 3 == 0 { properties.append(.init("tags", .strings(["a", "", "émoji 🎉", "\(item)"]))) }
        if item % 4 == 0 { properties.append(.init("inStock", .boolean(item % 8 == 0))) }
        if item % 5 == 0 { properties.append(.init("launched", .time(created - Int64(item)))) }
        return item % 11 == 10 ? [] : properties
    }

    private static func matrix(_ count: Int, _ perRow: Int, _ generator: inout SampleGenerator) -> SparseMatrix {
        var offsets = [0]
        var columns: [Int32] = []
        var values: [Float] = []
        for row in 0..<count {
            let wanted = row % 6 == 5 ? 0 : min(perRow, count)
            var chosen = Set<Int>()
            while chosen.count < wanted { chosen.insert(generator.next(below: count)) }
            for column in chosen.sorted() {
                columns.append(Int32(column))
                values.append(generator.nextFloat() - 0.25)
            }
            offsets.append(columns.count)
        }
        return SparseMatrix(
            rowCount: count, columnCount: count, rowOffsets: offsets, columnIndexes: columns, values: values)
    }

    private static func vectors(_ count: Int, _ dimension: Int, _ generator: inout SampleGenerator) -> DenseMatrix {
        var matrix = DenseMatrix(zeros: count, dimension)
        for row in 0..<count where row % 9 != 8 {
            let raw = (0..<dimension).map { _ in generator.nextFloat() + 0.01 }
            let length = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
            for column in 0..<dimension { matrix[row, column] = raw[column] / length }
        }
        return matrix
    }

    private static func histories(
        _ userCount: Int, _ itemCount: Int, _ generator: inout SampleGenerator
    ) -> UserHistories {
        var histories = UserHistories(offsets: [0], itemIndexes: [], sums: [], times: [])
        for user in 0..<userCount {
            let count = itemCount == 0 || user % 5 == 4 ? 0 : 1 + generator.next(below: 20)
            for entry in 0..<count {
                histories.itemIndexes.append(Int32(generator.next(below: itemCount)))
                histories.sums.append(Float(1 + generator.next(below: 40)))
                histories.times.append(created - Int64(entry / 2) * 1000)
            }
            histories.offsets.append(histories.itemIndexes.count)
        }
        return histories
    }
}

extension IndexContents {
    /// Reads all of an open index back.
    init(reading index: RecommendationIndex) {
        let users = (0..<index.userCount).map { index.users.string(at: $0) }
        var histories = UserHistories(offsets: [0], itemIndexes: [], sums: [], times: [])
        for user in 0..<index.userCount {
            let history = unsafe index.histories.history(ofUser: user)
            unsafe histories.itemIndexes += history.itemIndexes
            unsafe histories.sums += history.sums
            unsafe histories.times += history.times
            histories.offsets.append(histories.itemIndexes.count)
        }
        var vectors: [Float] = []
        for item in 0..<index.itemCount { unsafe vectors += index.vectors.row(item) }
        self.init(
            itemIds: (0..<index.itemCount).map { index.items.string(at: $0) }, userIds: users,
            itemProperties: (0..<index.itemCount).map { index.properties.properties(ofItem: $0) },
            collaborative: unsafe SparseMatrix(reading: index) { row in
                unsafe index.neighbours.links(row.collaborative, unit: row.collaborativeUnit)
            },
            collaborativeModel: index.manifest.collaborativeModel,
            contentNeighbours: unsafe SparseMatrix(reading: index) { row in
                unsafe index.neighbours.links(row.content, unit: row.contentUnit)
            },
            vectors: DenseMatrix(rowCount: index.itemCount, columnCount: index.vectors.columnCount, values: vectors),
            histories: histories, interactionCounts: unsafe Array(index.interactionCounts),
            popularity: unsafe Array(index.popularity.scores),
            trending: unsafe Array(index.trending.scores),
            recentPopularity: unsafe Array(index.recentPopularity.scores),
            fallback: unsafe Array(index.fallback.scores), facts: index.manifest.facts)
        sessionModel = index.sessionModel.map { SessionModelContents(reading: $0) }
        factorModel = index.factorModel.map { FactorModelContents(reading: $0) }
        usersOfItems = index.usersOfItems.map { IndexLists(reading: $0) }
    }

    /// The name of the first part that differs; nil where all are equal, bit by bit.
    func firstDifference(from other: IndexContents) -> String? {
        if itemIds != other.itemIds { return "itemIds" }
        if userIds != other.userIds { return "userIds" }
        if itemProperties != other.itemProperties { return "itemProperties" }
        if !collaborative.isIdentical(to: other.collaborative) { return "collaborative" }
        if collaborativeModel != other.collaborativeModel { return "collaborativeModel" }
        if !contentNeighbours.isIdentical(to: other.contentNeighbours) { return "contentNeighbours" }
        if vectors.columnCount != other.vectors.columnCount { return "dimension" }
        if vectors.values.bits != other.vectors.values.bits { return "vectors" }
        if histories.offsets != other.histories.offsets { return "histories.offsets" }
        if histories.itemIndexes != other.histories.itemIndexes { return "histories.itemIndexes" }
        if histories.sums.bits != other.histories.sums.bits { return "histories.sums" }
        if histories.times != other.histories.times { return "histories.times" }
        if interactionCounts != other.interactionCounts { return "interactionCounts" }
        if popularity.bits != other.popularity.bits { return "popularity" }
        if trending.bits != other.trending.bits { return "trending" }
        if recentPopularity.bits != other.recentPopularity.bits { return "recentPopularity" }
        if fallback.bits != other.fallback.bits { return "fallback" }
        if sessionModel?.sessions != other.sessionModel?.sessions { return "sessionModel.sessions" }
        if sessionModel?.sessionsOfItems != other.sessionModel?.sessionsOfItems {
            return "sessionModel.sessionsOfItems"
        }
        if sessionModel?.itemWeights.bits != other.sessionModel?.itemWeights.bits { return "sessionModel.itemWeights" }
        if let rules = sessionModel?.rules, let others = other.sessionModel?.rules, !rules.isIdentical(to: others) {
            return "sessionModel.rules"
        }
        if (factorModel == nil) != (other.factorModel == nil) { return "factorModel" }
        if let model = factorModel, let others = other.factorModel, !model.isEqual(to: others) { return "factorModel" }
        if usersOfItems != other.usersOfItems { return "usersOfItems" }
        return facts == other.facts ? nil : "facts"
    }
}

extension SessionModelContents {
    fileprivate init(reading model: SessionModelTable) {
        self.init(
            sessions: IndexLists(reading: model.sessions), sessionsOfItems: IndexLists(reading: model.sessionsOfItems),
            itemWeights: unsafe Array(model.itemWeights), rules: SparseMatrix(reading: model.rules))
    }
}

extension FactorModelContents {
    fileprivate init(reading model: FactorModelTable) {
        var values: [Float] = []
        var row = [Float](repeating: 0, count: model.dimension)
        for item in 0..<model.itemCount {
            model.read(item, into: &row)
            values += row
        }
        self.init(
            items: DenseMatrix(rowCount: model.itemCount, columnCount: model.dimension, values: values),
            gram: DenseMatrix(reading: model.gram),
            constants: [
                model.confidenceScale, model.unobservedTotal, model.regularization, model.regularizationExponent,
            ])
    }

    /// Equal but for the rounding of the items' factors to 127 steps of a row's largest.
    fileprivate func isEqual(to other: FactorModelContents) -> Bool {
        guard gram == other.gram, constants == other.constants, items.rowCount == other.items.rowCount,
            items.columnCount == other.items.columnCount
        else { return false }
        return (0..<items.rowCount).allSatisfy { row in
            let range = row * items.columnCount..<(row + 1) * items.columnCount
            let step = other.items.values[range].reduce(0) { max($0, $1.magnitude) } / 127
            return range.allSatisfy { abs(items.values[$0] - other.items.values[$0]) <= step * 0.5001 }
        }
    }
}

extension DenseMatrix {
    fileprivate init(reading matrix: ShardedDenseMatrix) {
        var values: [Float] = []
        for position in 0..<matrix.rowCount { unsafe values += matrix.row(position) }
        self.init(rowCount: matrix.rowCount, columnCount: matrix.columnCount, values: values)
    }
}

extension IndexLists {
    fileprivate init(reading table: IndexListTable) {
        self.init()
        for list in 0..<table.count { unsafe append(table.list(list)) }
    }
}

extension [Float] {
    fileprivate var bits: [UInt32] { map(\.bitPattern) }
}

extension SparseMatrix {
    /// What one component keeps of every item.
    fileprivate init(
        reading index: RecommendationIndex,
        links: (NeighbourTable.Row) -> [(column: Int32, value: Float)]
    ) {
        var offsets = [0]
        var columns: [Int32] = []
        var values: [Float] = []
        for item in 0..<index.itemCount {
            for link in unsafe links(index.neighbours.row(item)) {
                columns.append(link.column)
                values.append(link.value)
            }
            offsets.append(columns.count)
        }
        self.init(
            rowCount: index.itemCount, columnCount: index.itemCount, rowOffsets: offsets, columnIndexes: columns,
            values: values)
    }

    fileprivate init(reading matrix: ShardedSparseMatrix) {
        var offsets = [0]
        var columns: [Int32] = []
        var values: [Float] = []
        for position in 0..<matrix.rowCount {
            let row = unsafe matrix.row(position)
            unsafe columns += row.columns
            unsafe values += row.values
            offsets.append(columns.count)
        }
        self.init(
            rowCount: matrix.rowCount, columnCount: matrix.columnCount, rowOffsets: offsets, columnIndexes: columns,
            values: values)
    }

    fileprivate func isIdentical(to other: SparseMatrix) -> Bool {
        rowOffsets == other.rowOffsets && columnIndexes == other.columnIndexes && values.bits == other.values.bits
            && columnCount == other.columnCount
    }
}
