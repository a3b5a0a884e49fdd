import HybridBlending
import LinearAlgebra
import RecommendationIndex
import RecommendationService
import TestSupport

/// One catalogue twice: an index that has everything, and an older one with an overlay of what came later. By ids, both must
/// answer alike.
struct GrownCatalogue {
    var whole: SampleCatalogue
    /// Places in `whole` of what the older index lacks, ascending.
    let late: [Int]
    private let early: [Int]
    /// The order in which the older index numbers its items, and the whole one.
    private var orders: (early: [Int32], whole: [Int32])

    init(_ catalogue: SampleCatalogue, late: [Int], seed: UInt64) {
        whole = catalogue
        self.late = late
        let isLate = Set(late)
        early = (0..<catalogue.itemCount).filter { !isLate.contains($0) }
        // What nobody of the index can have.
        whole.histories = catalogue.histories.map { $0.filter { !isLate.contains($0.item) } }
        var generator = SeededGenerator(seed: seed)
        orders = (
            (0..<Int32(early.count)).shuffled(using: &generator),
            (0..<Int32(catalogue.itemCount)).shuffled(using: &generator)
        )
        whole.itemOrder = orders.whole
    }

    /// The older index.
    func base() -> SampleCatalogue {
        var base = SampleCatalogue(itemCount: early.count)
        base.itemIds = early.map(SampleCatalogue.itemId)
        base.collaborative = early.map { row in early.map { whole.collaborative[row][$0] } }
        base.content = early.map { row in early.map { whole.content[row][$0] } }
        base.hasVector = early.map { whole.hasVector[$0] }
        base.interactionCounts = early.map { whole.interactionCounts[$0] }
        base.popularity = early.map { whole.popularity[$0] }
        base.trending = early.map { whole.trending[$0] }
        base.recent = early.map { whole.recent[$0] }
        let places = Dictionary(uniqueKeysWithValues: early.enumerated().map { ($1, $0) })
        base.histories = whole.histories.map { history in
            history.map { .init(item: places[$0.item] ?? -1, sum: $0.sum, time: $0.time) }
        }
        base.hasTimes = whole.hasTimes
        base.coldItemsHaveLinks = whole.coldItemsHaveLinks
        base.reliability = whole.reliability
        base.fallbackShare = whole.fallbackShare
        base.itemOrder = orders.early
        if let model = whole.factorModel {
            base.factorModel = FactorModelContents(
                items: DenseMatrix(
                    rowCount: early.count, columnCount: model.items.columnCount,
                    values: early.flatMap { row(of: $0, model) }),
                gram: model.gram, constants: model.constants)
        }
        base.usersOfItems = whole.usersOfItems.map { selected($0) }
        if let model = whole.sessionModel {
            var sessions = model.sessions
            sessions.indexes = sessions.indexes.map { Int32(places[Int($0)] ?? -1) }
            base.sessionModel = SessionModelContents(
                sessions: sessions, sessionsOfItems: selected(model.sessionsOfItems),
                itemWeights: early.map { model.itemWeights[$0] },
                rules: SparseMatrix(
                    rowCount: early.count, columnCount: early.count,
                    rowOffsets: Array(repeating: 0, count: early.count + 1), columnIndexes: [], values: []))
        }
        return base
    }

    /// The lists of what the older index has.
    private func selected(_ lists: IndexLists) -> IndexLists {
        var selected = IndexLists()
        for place in early { selected.append(Array(lists[place])) }
        return selected
    }

    private func row(of place: Int, _ model: FactorModelContents) -> [Float] {
        let count = model.items.columnCount
        return Array(model.items.values[place * count..<(place + 1) * count])
    }

    /// What came later, told in the order of `late`, or in another one.
    func builder(for serving: ServingIndex, order: [Int]? = nil) throws -> CatalogOverlayBuilder {
        var builder = CatalogOverlayBuilder(serving)
        let fallback = FallbackScore.scores(
            recent: whole.recent.span, popular: whole.popularity.span, trending: whole.trending.span)
        for place in order ?? late {
            var item = NewItem(id: SampleCatalogue.itemId(place))
            let isContent = whole.hasVector[place] || whole.content.contains { $0[place] != 0 }
            let isCollaborative = whole.interactionCounts[place] > 0 || (whole.coldItemsHaveLinks && isContent)
            if isContent { item.content = links(of: place, whole.content, builder) }
            if isCollaborative { item.collaborative = links(of: place, whole.collaborative, builder) }
            if let model = whole.factorModel { item.factors = row(of: place, model) }
            item.scores.popular = whole.popularity[place]
            item.scores.trending = whole.trending[place]
            item.scores.recent = whole.recent[place]
            item.scores.fallback = fallback[place]
            try builder.put(item)
        }
        for place in early {
            guard let item = builder.item(SampleCatalogue.itemId(place)) else { continue }
            try builder.setScore(fallback[place], of: item, in: .fallback)
        }
        return builder
    }

    /// To and from all items that are known by now.
    private func links(of place: Int, _ matrix: [[Float]], _ builder: CatalogOverlayBuilder) -> NewItem.Links {
        var links = NewItem.Links()
        for other in 0..<whole.itemCount where other != place {
            guard let item = builder.item(SampleCatalogue.itemId(other)) else { continue }
            if matrix[place][other] != 0 { links.outgoing.append(ItemLink(item, matrix[place][other])) }
            if matrix[other][place] != 0 { links.incoming.append(ItemLink(item, matrix[other][place])) }
        }
        return links
    }

    /// The older index with the overlay, as a loop uses it.
    func grownRecommender(order: [Int]? = nil) throws -> Recommender {
        let serving = try base().serving()
        var builder = try builder(for: serving, order: order)
        serving.live.publish(builder.snapshot())
        let recommender = Recommender(serving)
        recommender.refresh(now: 0)
        return recommender
    }
}
