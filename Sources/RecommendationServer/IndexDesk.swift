import LiveStore
import RecommendationIndex
import RecommendationService
import Telemetry

/// What is served of an index beside the server's live store: where both are of one store, and what that store has which the
/// index has not.
struct IndexDesk: Sendable {
    /// Nil: nothing is live.
    let store: LiveDataStore?
    let livePath: String?
    let log: Log

    /// - Throws: Where the index has taken the events of another store. On a thread that may wait.
    func serving(_ index: RecommendationIndex) throws(LiveStoreError) -> ServingIndex {
        guard let store else { return ServingIndex(index) }
        let lineage = try store.reader.lineage()
        let facts = index.manifest.facts
        let claim = StoreLineage.Claim(store: facts.setting(.liveStore), sequence: facts.consumedSequence)
        switch try lineage.standing(of: claim, version: index.version, directory: livePath ?? "") {
        case .consumed(let sequence): return ServingIndex(index, consumedSequence: sequence)
        case .taken(let sequence):
            log.warning(
                "the index does not say which live store it was built from: it is taken to be of this one; build it again from the store",
                ["version": "\(index.version)", "consumedSequence": .integer(Int(clamping: sequence))])
            return ServingIndex(index, consumedSequence: sequence)
        case .unrelatedButEmpty(let other):
            try store.follow(other)
            log.warning(
                "the index was built from another live store, and this one is empty: what the index has taken stays, and all that comes counts",
                ["version": "\(index.version)", "store": "\(other)"])
            return ServingIndex(index, consumedSequence: 0)
        }
    }
}
