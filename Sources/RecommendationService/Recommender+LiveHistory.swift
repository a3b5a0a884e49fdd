import Interactions
import RecommendationIndex

// What a person did since the index was built counts as if a build had known of it: the sums of each item are added before they are
// damped, and fade from the newest event of all. User-to-user likeness alone goes by others' histories as the index has them.

extension Recommender {
    /// Reads what the person did since the index was built, and says how long ago they were here last.
    func readHistory(ofUser id: String?, _ user: UserNumber?) {
        live.begin()
        fading = 1
        let newest = max(serving.newestTime, liveHistories?.newestTime ?? .min)
        var last = user.flatMap { unsafe serving.index.histories.history(ofUser: $0.index).times.first }
        if let liveHistories {
            let decay =
                serving.hasTimes
                ? serving.halfLifeDays.map { TimeDecay(halfLifeDays: $0, referenceTime: newest) } : nil
            if let decay { fading = decay.factor(at: serving.newestTime) }
            if let id { read(liveHistories, ofUser: id, decay) }
        }
        if !live.isEmpty {
            if let user { joinStored(user) }
            last = live.entries.reduce(last ?? .min) { max($0, $1.time) }
        }
        guard serving.hasTimes, let last else { return }
        // Times of an index from elsewhere may be anything, so the difference is clamped.
        let (age, overflow) = newest.subtractingReportingOverflow(last)
        state.age = overflow ? .max : age
    }

    private func read(_ source: any LiveHistories, ofUser id: String, _ decay: TimeDecay?) {
        let consumed = serving.consumedSequence
        let itemCount = view.itemCount
        source.forEachEvent(ofUser: id, in: view) { event in
            precondition(event.item.rawValue >= 0 && event.item.index < itemCount)
            guard event.sequence > consumed else { return true }
            return live.add(
                event.item, weight: event.weight * (decay?.factor(at: event.time) ?? 1), time: event.time)
        }
        live.finish()
    }

    /// Adds what the index keeps of the items that were dealt with since.
    private func joinStored(_ user: UserNumber) {
        let stored = unsafe serving.index.histories.history(ofUser: user.index)
        for position in unsafe stored.itemIndexes.indices {
            unsafe live.join(
                HistoryEntry(
                    item: stored.itemIndexes[position], sum: Double(stored.sums[position]) * fading,
                    // Without times it is the number of a row, and what was done since is more recent than all of them.
                    time: serving.hasTimes ? stored.times[position] : .min))
        }
    }

    /// Calls `body` with each item of a person's history, most recent first, and its sum as it has faded. After `readHistory`.
    func forEachOwnItem(of user: UserNumber?, _ body: (_ item: Int32, _ sum: Float, _ time: Int64) -> Void) {
        if !live.isEmpty {
            if serving.hasTimes { live.order(precedes: view.precedes) } else { live.orderByEvents() }
        }
        var place = 0
        func passLive(before end: Int) {
            while place < end {
                let entry = live.entries[place]
                body(entry.item, Float(entry.sum), entry.time)
                place += 1
            }
        }
        if let user {
            let stored = unsafe serving.index.histories.history(ofUser: user.index)
            for position in unsafe stored.itemIndexes.indices {
                let (item, time) = unsafe (stored.itemIndexes[position], stored.times[position])
                if !live.isEmpty {
                    if live.contains(item) { continue }
                    passLive(before: firstLive(notBefore: item, time, from: place))
                }
                body(item, unsafe Float(Double(stored.sums[position]) * fading), time)
            }
        }
        passLive(before: live.entries.count)
    }

    /// The first live entry that comes after a stored one. Without times all live ones come before.
    private func firstLive(notBefore item: Int32, _ time: Int64, from start: Int) -> Int {
        guard serving.hasTimes else { return live.entries.count }
        var place = start
        while place < live.entries.count {
            let entry = live.entries[place]
            let comesFirst = entry.time == time ? view.precedes(entry.item, item) : entry.time > time
            guard comesFirst else { break }
            place += 1
        }
        return place
    }
}
