extension ChangeApplier {
    mutating func put(_ events: [UserEvent]) throws(LiveStoreError) -> [ElementOutcome] {
        var outcomes: [ElementOutcome] = []
        outcomes.reserveCapacity(events.count)
        for event in events { outcomes.append(try put(event)) }
        return outcomes
    }

    private mutating func put(_ event: UserEvent) throws(LiveStoreError) -> ElementOutcome {
        do { try event.check(now: now) } catch { return .refused(error) }
        if let eventId = event.eventId, let known = try number(.byId, Array(eventId.utf8)) { return .duplicate(known) }
        let stored = StoredEvent(sequence: takeSequence(), receivedTime: now, event: event)
        try put(.events, LiveKeys.sequence(stored.sequence), stored.row())
        if let eventId = event.eventId { try setNumber(.byId, Array(eventId.utf8), stored.sequence) }
        let history = HistoryRow(stored).row()
        for actor in try actors(of: event) { try put(.byActor, LiveKeys.byActor(actor, stored.sequence), history) }
        return .stored(stored.sequence)
    }

    /// Under whom an event lies.
    borrowing func actors(of event: UserEvent) throws(LiveStoreError) -> [LiveActor] {
        var actors: [LiveActor] = []
        if let userId = event.userId { actors.append(.user(try leading(userId))) }
        if let sessionId = event.sessionId { actors.append(.session(sessionId)) }
        return actors
    }

    mutating func delete(_ selection: EventSelection) throws(LiveStoreError) -> [ElementOutcome] {
        var outcomes: [ElementOutcome] = []
        switch selection {
        case .sequences(let sequences):
            for sequence in sequences { outcomes.append(try deleteEvent(sequence)) }
        case .eventIds(let ids):
            for id in ids {
                guard let sequence = try number(.byId, Array(id.utf8)) else {
                    outcomes.append(.missing)
                    continue
                }
                outcomes.append(try deleteEvent(sequence))
            }
        }
        return outcomes
    }

    private mutating func deleteEvent(_ sequence: UInt64) throws(LiveStoreError) -> ElementOutcome {
        guard case .kept(let stored)? = try eventRow(sequence) else { return .missing }
        let key = LiveKeys.sequence(sequence)
        for actor in try actors(of: stored.event) { try delete(.byActor, LiveKeys.byActor(actor, sequence)) }
        if let eventId = stored.event.eventId {
            try put(.events, key, StoredEvent.deletedRow(receivedTime: stored.receivedTime, eventId: eventId))
        } else {
            try delete(.events, key)
        }
        return .stored(sequence)
    }

    borrowing func eventRow(_ sequence: UInt64) throws(LiveStoreError) -> StoredEvent.Row? {
        unsafe try row(.events, LiveKeys.sequence(sequence)) { bytes throws(DamagedRow) in
            unsafe try StoredEvent.read(bytes, sequence: sequence)
        }
    }

    /// Removes every trace of an event.
    mutating func forgetEvent(_ sequence: UInt64) throws(LiveStoreError) {
        switch try eventRow(sequence) {
        case nil: return
        case .kept(let stored):
            for actor in try actors(of: stored.event) { try delete(.byActor, LiveKeys.byActor(actor, sequence)) }
            if let eventId = stored.event.eventId { try delete(.byId, Array(eventId.utf8)) }
        case .deleted(_, let eventId): try delete(.byId, Array(eventId.utf8))
        }
        try delete(.events, LiveKeys.sequence(sequence))
    }

    /// Removes events of the first sequences that are kept: at most `limit`, none later than `through`, and none that arrived at
    /// `receivedBefore` or after. How many went, and whether there are more of them.
    mutating func compact(
        through: UInt64, receivedBefore: Int64, limit: Int
    ) throws(LiveStoreError) -> (removedCount: Int, isDone: Bool) {
        let keys = try keys(.events, prefix: [], limit: limit)
        var removedCount = 0
        for key in keys {
            let sequence = key.reduce(0) { $0 << 8 | UInt64($1) }
            guard sequence <= through, let row = try eventRow(sequence) else { return (removedCount, true) }
            let receivedTime =
                switch row {
                case .kept(let stored): stored.receivedTime
                case .deleted(let time, _): time
                }
            guard receivedTime < receivedBefore else { return (removedCount, true) }
            try forgetEvent(sequence)
            try setNumber(.meta, LiveKeys.compacted, sequence)
            removedCount += 1
        }
        return (removedCount, keys.count < limit)
    }
}
