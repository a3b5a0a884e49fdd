internal import LiveStore
package import RecommendationService

/// What people did, from the live store. One loop's.
package final class StoreHistories: LiveHistories {
    private let catalogue: LiveCatalogue

    package init(_ catalogue: LiveCatalogue) { self.catalogue = catalogue }

    package var newestTime: Int64? { catalogue.newestTime }

    package func forEachEvent(ofUser id: String, in view: CatalogView, _ body: (LiveEvent) -> Bool) {
        for row in rows(ofUser: id, after: view.serving.consumedSequence) {
            guard let itemId = row.itemId, let item = view.item(itemId),
                let weight = view.serving.liveWeight(ofType: row.type, value: row.value)
            else { continue }
            guard body(LiveEvent(item: item, weight: weight, time: row.time, sequence: row.sequence)) else { return }
        }
    }

    /// The latest to arrive, as many as count; the latest to happen first. A row that cannot be read costs the person the live part
    /// of the history, not the answer: `verify` names it.
    private func rows(ofUser id: String, after consumed: UInt64) -> [HistoryRow] {
        let found = Result { () throws(LiveStoreError) in
            try catalogue.store.reader.history(of: .user(id), after: consumed, limit: LiveEvent.countPerUser)
        }
        guard case .success(let rows) = found else { return [] }
        return rows.sorted { left, right in
            left.time == right.time ? left.sequence > right.sequence : left.time > right.time
        }
    }
}
