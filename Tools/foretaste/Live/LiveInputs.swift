import IndexBuilding
import Interactions
import LiveStore
import RecommendationIndex

// Design note. What a build takes from live data:
//
//     base rows ─▶ people as they were merged ─▶ less who was forgotten, less items that are deleted ─▶ + live events ─▶ train
//     base items ─▶ properties as they are by now, new items ─▶ less items that are deleted
//
// A server may write meanwhile: what has a later sequence than the first look is left to the next build, and the index says up to
// which sequence it knows everything. What was forgotten before is left out of the base rows that are older than that.

/// Live data beside the files of a build.
struct LiveInputs {
    private static let pageCount = 10_000
    /// The property that a live item's `text` becomes.
    private static let textName = "text"

    /// Up to here everything is taken.
    let sequence: UInt64
    /// Nil in a store that no program of this version has written yet.
    let store: LiveStoreId?
    private let reader: LiveStoreReader
    private let weights: EventWeights
    private(set) var takenCount = 0
    /// Events of types that have no weight, searches, and quantities of 0 and less.
    private(set) var skippedCount = 0

    init(directory: String, weights: EventWeights) throws {
        reader = try LiveStoreReader(directory: directory)
        let lineage = try reader.lineage()
        sequence = lineage.lastSequence
        store = lineage.id
        self.weights = weights
    }

    mutating func add(to loaded: inout LoadedInputs) throws {
        guard loaded.log.hasTimes || loaded.log.isEmpty else {
            throw RunFailure(
                description:
                    "the interactions have no times, and live events do: map a column to time (--columns), or say "
                    + "that the rows are in the order of time")
        }
        let items = try all { after throws(LiveStoreError) in
            try reader.items(after: after, limit: Self.pageCount)
        } id: {
            $0.itemId
        }
        let deleted = Set(items.filter(\.isDeleted).map(\.itemId))
        try addItems(items, deleted, to: &loaded)
        loaded.log = try baseLog(loaded.log, deleted)
        try addEvents(deleted, to: &loaded.log)
    }

    /// What the index says of the store.
    func sign(_ facts: inout IndexFacts) {
        facts.consumedSequence = sequence
        guard let store else { return }
        facts.configuration.append(IndexFacts.Setting(IndexFacts.SettingName.liveStore.rawValue, "\(store)"))
    }

    // MARK: Items

    private func addItems(_ items: [LiveItem], _ deleted: Set<String>, to loaded: inout LoadedInputs) throws {
        var byId: [String: LiveItem] = [:]
        for item in items where !item.isDeleted { byId[item.itemId] = item }
        loaded.items.removeAll { deleted.contains($0.id) }
        for place in loaded.items.indices {
            guard let live = byId.removeValue(forKey: loaded.items[place].id) else { continue }
            loaded.items[place].properties = Self.properties(of: live, over: loaded.items[place].properties)
        }
        // In the order of their ids, whatever that of the dictionary.
        for item in items where byId[item.itemId] != nil {
            loaded.items.append(Item(id: item.itemId, properties: Self.properties(of: item, over: [])))
        }
    }

    private static func properties(of item: LiveItem, over own: [Item.Property]) -> [Item.Property] {
        var changes = item.properties
        if let text = item.text { changes.append(ItemChange.Property(textName, .string(text))) }
        var properties = own
        for change in changes {
            let place = properties.firstIndex { $0.name == change.name }
            switch (place, change.value) {
            case (let place?, let value?): properties[place].value = value
            case (let place?, nil): properties.remove(at: place)
            case (nil, let value?): properties.append(Item.Property(change.name, value))
            case (nil, nil): continue
            }
        }
        return properties
    }

    // MARK: Rows

    /// The base rows under the people's names of now, without who was forgotten and what is deleted.
    private func baseLog(_ log: InteractionLog, _ deleted: Set<String>) throws -> InteractionLog {
        var leaders: [String: String] = [:]
        for merge in try all(
            { after throws(LiveStoreError) in try reader.merges(after: after, limit: Self.pageCount) }, id: { $0.from })
        {
            leaders[merge.from] = merge.into
        }
        var erasedTimes: [String: Int64] = [:]
        for erasure in try all(
            { after throws(LiveStoreError) in try reader.erasures(after: after, limit: Self.pageCount) },
            id: { $0.userId })
        {
            erasedTimes[erasure.userId] = erasure.time
        }
        guard !(leaders.isEmpty && erasedTimes.isEmpty && deleted.isEmpty) else { return log }
        let names = (0..<log.users.count).map { log.users.id(at: $0) }
        let itemNames = (0..<log.items.count).map { log.items.id(at: $0) }
        return log.rewritten { row in
            let user = names[Int(log.userIndexes[row])]
            if deleted.contains(itemNames[Int(log.itemIndexes[row])]) { return nil }
            if let time = erasedTimes[user], log.times[row] <= time { return nil }
            return ArraySlice((leaders[user] ?? user).utf8)
        }
    }

    private mutating func addEvents(_ deleted: Set<String>, to log: inout InteractionLog) throws {
        var sessions = SessionNumbers(following: log)
        var after: UInt64 = 0
        while true {
            let page = try reader.events(after: after, limit: Self.pageCount)
            for stored in page.events where stored.sequence <= sequence {
                let event = stored.event
                guard let item = event.itemId, !deleted.contains(item),
                    let row = weights.liveRow(ofType: event.type, value: event.value)
                else {
                    skippedCount += 1
                    continue
                }
                // Who was never named is a person of one session.
                let user =
                    try event.userId.map { id throws(LiveStoreError) in try reader.leadingUser(of: id) }
                    ?? "session:" + (event.sessionId ?? "")
                log.append(
                    user: user, item: item, eventType: UInt8(row.type), time: stored.time, value: row.value,
                    session: sessions.number(of: event.sessionId), amount: log.hasAmounts ? 0 : nil)
                takenCount += 1
            }
            guard let next = page.next, next < sequence else { return }
            after = next
        }
    }

    private func all<Row>(
        _ read: (String?) throws(LiveStoreError) -> [Row], id: (Row) -> String
    ) throws -> [Row] {
        var rows: [Row] = []
        var after: String?
        while true {
            let page = try read(after)
            rows += page
            guard page.count == Self.pageCount, let last = page.last else { return rows }
            after = id(last)
        }
    }
}

/// Numbers of sessions after those of the base rows; nil where these have none.
private struct SessionNumbers {
    private var next: Int32?
    private var known: [String: Int32] = [:]

    init(following log: InteractionLog) {
        if log.hasSessions { next = (log.sessionIndexes.max() ?? -1) + 1 }
    }

    /// An event without a session is one of its own.
    mutating func number(of session: String?) -> Int32? {
        guard let number = next else { return nil }
        if let session, let known = known[session] { return known }
        if let session { known[session] = number }
        next = number + 1
        return number
    }
}
