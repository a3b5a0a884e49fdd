internal import Interactions
internal import LiveStore
package import RecommendationService

/// What people did, from the live store. One loop's.
package final class StoreHistories: LiveHistories {
    private let catalogue: LiveCatalogue
    /// The index that was asked for last, and what it has consumed.
    private var known: (serving: ServingIndex, consumed: UInt64)?

    package init(_ catalogue: LiveCatalogue) { self.catalogue = catalogue }

    package var newestTime: Int64? { catalogue.newestTime }

    /// As many as a history has at most; the latest to happen first, whenever they arrived.
    package func forEachEvent(
        ofUser id: String, in view: CatalogView, _ body: (LiveEvent) -> Bool
    ) {
        for entry in entries(ofUser: id, consumed: consumed(view.serving)) {
            guard let itemId = entry.itemId, let item = view.item(itemId) else { continue }
            let event = LiveEvent(
                item: item, weight: Self.weight(of: entry, view.serving), time: entry.time, sequence: entry.sequence)
            guard body(event) else { return }
        }
    }

    private func consumed(_ serving: ServingIndex) -> UInt64 {
        if let known, known.serving === serving { return known.consumed }
        let consumed = LiveCatalogue.consumedSequence(of: serving)
        known = (serving, consumed)
        return consumed
    }

    /// A row that cannot be read costs the person the live part of the history, not the answer: `verify` names it.
    private func entries(ofUser id: String, consumed: UInt64) -> [HistoryRow] {
        let found = Result { () throws(LiveStoreError) in
            try catalogue.store.reader.history(of: .user(id), after: consumed, limit: Recommender.historyLimit)
        }
        guard case .success(let entries) = found else { return [] }
        return entries.sorted { left, right in
            left.time == right.time ? left.sequence > right.sequence : left.time > right.time
        }
    }

    /// As in a build: what the type is worth, times a quantity, or the rating itself. A type that the index does not know counts 1,
    /// as in `recentItems`.
    static func weight(of entry: HistoryRow, _ serving: ServingIndex) -> Double {
        let weight = serving.eventWeight(of: entry.type).map { Double($0) } ?? 1
        return weight * (entry.value ?? 1)
    }
}
