internal import Interactions
internal import KeyValueStore
package import LiveStore
package import RecommendationService
internal import RecommendationIndex
internal import Synchronization
package import Telemetry

// Design note. From the live store to answers:
//
//     writer: commit ──▶ `apply`: what was changed, into the builder of each open index ──▶ publish ──▶ acknowledge
//     watcher: another index ──▶ `adopt`: all that it has not consumed, into a builder of its own ──▶ publish ──▶ loops take it
//     loop: a request's history ──▶ `StoreHistories`: the person's rows, from the latest down to what the index has consumed
//
// An index says in its manifest up to which sequence it has consumed everything (`IndexFacts.consumedSequence`); what came before is in it, and is not told
// again. Two indexes are kept current, since loops answer from the old one until each has taken the new one.

/// Keeps what open indexes say about items and people as new as the live store.
package final class LiveCatalogue: Sendable {
    private struct Version {
        let serving: ServingIndex
        var builder: CatalogOverlayBuilder
    }

    private struct State {
        /// The newest last.
        var versions: [Version] = []
        /// What could not be taken over was told.
        var isTold = false
    }

    private static let keptVersions = 2
    /// Rows of one look into the store, which writers never wait for.
    private static let pageCount = 1_000

    package let store: LiveDataStore
    private let log: Log
    private let state = Monitor(State())
    /// Of all events that count; loops ask for it in every request, so it has no lock. `min`: there is none.
    private let newest = Atomic<Int64>(.min)

    /// Everything that the index has not consumed counts when this returns, and everything that is committed from then on before
    /// it is acknowledged.
    package init(store: LiveDataStore, serving: ServingIndex, log: Log) throws(LiveStoreError) {
        self.store = store
        self.log = log
        // Clocks of senders differ little, so that the newest is among those that arrived last.
        for stored in try store.reader.latestEvents(limit: Self.pageCount) where Self.counts(stored.event, serving) {
            newest.max(stored.time, ordering: .relaxed)
        }
        try adopt(serving)
        store.onCommit { [weak self] changes in self?.apply(changes) }
    }

    package var newestTime: Int64? {
        let time = newest.load(ordering: .relaxed)
        return time == .min ? nil : time
    }

    /// Before the loops take another index: it is told what it has not consumed. On a thread that may wait.
    package func adopt(_ serving: ServingIndex) throws(LiveStoreError) {
        try state.withLock { state throws(LiveStoreError) in
            // Under the lock, so that no commit falls between the look and what follows it.
            var version = Version(serving: serving, builder: CatalogOverlayBuilder(serving))
            try fill(&version, &state)
            state.versions.append(version)
            state.versions.removeFirst(max(state.versions.count - Self.keptVersions, 0))
        }
    }

    private func fill(_ version: inout Version, _ state: inout State) throws(LiveStoreError) {
        var after: String?
        while true {
            let items = try store.reader.items(after: after, limit: Self.pageCount)
            // Of all of them, since an index knows nothing of what is hidden.
            for item in items { put(item, &version, &state) }
            guard items.count == Self.pageCount else { break }
            after = items.last?.itemId
        }
        after = nil
        while true {
            let erasures = try store.reader.erasures(after: after, limit: Self.pageCount)
            for erasure in erasures where erasure.sequence > version.serving.consumedSequence {
                version.builder.erase(userId: erasure.userId)
            }
            guard erasures.count == Self.pageCount else { break }
            after = erasures.last?.userId
        }
        version.serving.live.publish(version.builder.snapshot())
    }

    // MARK: On the writer's thread

    private func apply(_ changes: [CommittedChange]) {
        var changedItems: Set<String> = []
        var erased: [String] = []
        var stored: [UserEvent] = []
        for change in changes {
            switch (change.change, change.outcome) {
            case (.upsertItems(let items), _): changedItems.formUnion(items.map(\.itemId))
            case (.deleteItems(let ids), _): changedItems.formUnion(ids)
            case (_, .erased(let receipt)): erased += receipt.userIds
            case (.putEvents(let events), .elements(let outcomes)):
                stored += zip(events, outcomes).filter { $1.isStored }.map(\.0)
            default: continue
            }
        }
        state.withLock { state in
            newest.max(Self.newestTime(stored, state.versions), ordering: .relaxed)
            guard !changedItems.isEmpty || !erased.isEmpty else { return }
            // In one order, whatever that of the set.
            let items = changedItems.sorted().compactMap { current($0) }
            for place in state.versions.indices {
                var version = state.versions[place]
                for item in items { put(item, &version, &state) }
                for id in erased { version.builder.erase(userId: id) }
                version.serving.live.publish(version.builder.snapshot())
                state.versions[place] = version
            }
        }
    }

    /// Of the events that count for an index. Those without a time happened now.
    private static func newestTime(_ events: [UserEvent], _ versions: [Version]) -> Int64 {
        let now = WallClock.milliseconds()
        var newest = Int64.min
        for event in events {
            let time = event.time ?? now
            if time > newest, versions.contains(where: { counts(event, $0.serving) }) { newest = time }
        }
        return newest
    }

    /// Whether a build would have taken an event.
    private static func counts(_ event: UserEvent, _ serving: ServingIndex) -> Bool {
        event.itemId != nil && serving.liveWeight(ofType: event.type, value: event.value) != nil
    }

    private func current(_ id: String) -> LiveItem? {
        do {
            return try store.reader.item(id)
        } catch {
            log.error("a live item could not be read", ["error": .text("\(error)")])
            return nil
        }
    }

    // MARK: Items

    private func put(_ item: LiveItem, _ version: inout Version, _ state: inout State) {
        do throws(CatalogOverlayError) {
            let known = version.serving.index.items.index(of: item.itemId)
            if let known {
                let number = ItemNumber(known)
                let own = version.serving.index.properties.properties(ofItem: known)
                try version.builder.setProperties(Self.merged(own, item.properties), of: number)
                try version.builder.setAvailability(Self.availability(item), of: number)
            } else if let number = version.builder.item(item.itemId), item.isDeleted {
                try version.builder.setAvailability(.never, of: number)
            } else if !item.isDeleted {
                var new = NewItem(id: item.itemId)
                new.properties = Self.merged([], item.properties)
                new.availability = Self.availability(item)
                try version.builder.put(new)
            }
        } catch {
            guard !state.isTold else { return }
            state.isTold = true
            log.error("a live item does not count before the next build", ["error": .text("\(error)")])
        }
    }

    /// The index's properties with what was said since.
    static func merged(_ own: [Item.Property], _ changes: [ItemChange.Property]) -> [Item.Property] {
        var byName: [String: PropertyValue?] = [:]
        for change in changes { byName[change.name] = .some(change.value) }
        var properties: [Item.Property] = []
        for property in own {
            guard let change = byName.removeValue(forKey: property.name) else {
                properties.append(property)
                continue
            }
            if let value = change { properties.append(Item.Property(property.name, value)) }
        }
        for change in changes {
            guard let value = change.value, byName[change.name] != nil else { continue }
            properties.append(Item.Property(change.name, value))
        }
        return properties
    }

    static func availability(_ item: LiveItem) -> Availability {
        guard !item.isDeleted, !item.isHidden, (item.stock ?? 1) > 0 else { return .never }
        return Availability(from: item.availableFrom, until: item.availableUntil)
    }
}
