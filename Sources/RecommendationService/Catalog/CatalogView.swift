package import Interactions
package import RecommendationIndex
import ScoringKernels

/// The catalogue as a request sees it: the index, what has come or changed since, less what nobody may see. The only door of the
/// serving path to items, users, ids, ranks and properties. It holds for one request, on one thread.
package struct CatalogView: Sendable {
    package let serving: ServingIndex
    /// nil: nothing has changed since the index was built.
    package let overlay: CatalogOverlay?
    /// Items that the index itself has come first.
    let knownItemCount: Int

    /// - Parameter overlay: made for this index.
    package init(_ serving: ServingIndex, _ overlay: CatalogOverlay? = nil) {
        precondition(overlay.map { $0.indexVersion == serving.index.version } ?? true)
        precondition(overlay.map { $0.firstNumber == serving.index.itemCount } ?? true)
        self.serving = serving
        self.overlay = overlay
        knownItemCount = serving.index.itemCount
    }

    /// Numbers go from 0 to it.
    package var itemCount: Int { overlay?.itemCount ?? knownItemCount }

    @inline(__always)
    package func isKnown(_ item: ItemNumber) -> Bool { item.index < knownItemCount }

    // MARK: Items

    /// O(log items) comparisons; hidden items are found.
    package func item(_ id: UnsafeBufferPointer<UInt8>) -> ItemNumber? {
        if let index = unsafe serving.index.items.index(of: id) { return ItemNumber(index) }
        return unsafe overlay?.items.item(id)
    }

    package func item(_ id: String) -> ItemNumber? {
        if let index = serving.index.items.index(of: id) { return ItemNumber(index) }
        guard let overlay else { return nil }
        var id = id
        return id.withUTF8 { bytes in unsafe overlay.items.item(bytes) }
    }

    /// The bytes live as long as the view.
    package func id(of item: ItemNumber) -> UnsafeBufferPointer<UInt8> {
        if let overlay, !isKnown(item) { return unsafe overlay.items.id(ofItem: item) }
        return unsafe serving.index.itemId(item.index)
    }

    package func idString(of item: ItemNumber) -> String { unsafe String(decoding: id(of: item), as: UTF8.self) }

    /// Which of two items with equal scores comes first: by ascending id.
    func precedes(_ left: Int32, _ right: Int32) -> Bool {
        guard let overlay, Int(max(left, right)) >= knownItemCount else { return serving.precedes(left, right) }
        return rank(of: left, overlay) < rank(of: right, overlay)
    }

    private func rank(of item: Int32, _ overlay: CatalogOverlay) -> UInt64 {
        Int(item) < knownItemCount
            ? unsafe CandidateRanks.known(serving.index.items.ranks[Int(item)])
            : overlay.items.ranks[Int(item) - knownItemCount]
    }

    // MARK: Lists

    /// One of the lists that need no personal evidence, best first.
    func walk(_ list: RankedList) -> RankedWalk {
        if case .ofSegment(let segment, let kind) = list, let segments = serving.segments {
            let (items, scores) = unsafe segments.table.list(kind, ofSegment: segment)
            return unsafe RankedWalk(order: items, scores: scores, goesByItem: false, list, self)
        }
        let ranked = serving.ranked(list)
        return unsafe RankedWalk(order: ranked.order, scores: ranked.scores, goesByItem: true, list, self)
    }

    /// Whether `score(of:in:)` tells of a list.
    func hasScores(of list: RankedList) -> Bool {
        if case .ofSegment = list { false } else { true }
    }

    /// What an item scores in everybody's list; nil for one that it has not.
    func score(of item: Int32, in list: RankedList) -> Float? {
        if let changed = overlay?.rankings.changes(of: list)?.score(of: item) { return changed }
        let scores = unsafe serving.ranked(list).scores
        return unsafe Int(item) < scores.count ? scores[Int(item)] : nil
    }

    // MARK: Properties

    /// Every name that some item has.
    package var propertyNames: [String] { overlay?.properties.names.names ?? serving.index.properties.names }

    /// Lends every property of an item in its order; the closure gets the index of its name in `propertyNames`.
    package func forEachProperty(of item: ItemNumber, _ body: (_ nameIndex: Int, _ value: LentPropertyValue) -> Void) {
        if let overlay {
            if let record = overlay.properties.record(of: item) { return record.forEachProperty(body) }
            guard isKnown(item) else { return }
        }
        serving.index.properties.forEachProperty(ofItem: item.index, body)
    }

    package func properties(of item: ItemNumber) -> [Item.Property] {
        let names = propertyNames
        var properties: [Item.Property] = []
        forEachProperty(of: item) { properties.append(Item.Property(names[$0], PropertyValue(copying: $1))) }
        return properties
    }

    // MARK: Users

    package func isErased(_ userId: String) -> Bool { overlay?.erased.contains(userId) ?? false }

    /// The number of a user whose history the index has.
    package func user(_ id: String) -> UserNumber? {
        guard !isErased(id) else { return nil }
        return serving.index.users.index(of: id).map { UserNumber($0) }
    }

    /// nil: the index knows no segments.
    package var segments: SegmentsView? { serving.segments.map { SegmentsView($0, overlay?.erased) } }
}
