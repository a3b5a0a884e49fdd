package import Interactions

extension PersonaTable {
    /// Counts events. An event of an item counts for the item's brand, generic name and categories by the weight of its
    /// type, and so it does for its channel and its search; gender and city tier count 1 an event. Gender is the
    /// event's own, else the item's, else the user's; city tier the event's own, else the user's.
    ///
    /// - Parameter weights: per event type of the log; an event of weight 0 does not count at all.
    package init(
        counting log: BehaviourLog, weights: [UInt32], items: PersonaCatalogue = PersonaCatalogue(),
        users: PersonaCatalogue = PersonaCatalogue()
    ) {
        precondition(weights.count == log.eventTypes.count)
        var vocabulary = PersonaVocabulary(log, items: items, users: users)
        vocabulary.internSearches(of: log)
        self.weights = zip(log.eventTypes, weights).map { Weight(eventType: $0, weight: $1) }
        let events = UserEvents(log, weights: weights)
        userIds = events.users.map { log.users.id(at: Int($0)) }
        let used = vocabulary.used(by: events)
        dimensions = PersonaDimension.allCases.map { dimension in
            PersonaDimensionTable(
                keys: used[dimension.rawValue].keys, texts: used[dimension.rawValue].texts,
                rows: Self.rows(of: events, dimension, vocabulary, places: used[dimension.rawValue].places, weights))
        }
        let itemTable = used[PersonaDimension.item.rawValue]
        for item in itemTable.order {
            titles.append(items[log.items.id(at: Int(item))]?.title ?? "")
            for dimension in PersonaDimension.attributes {
                let value = vocabulary.itemValues[dimension.rawValue][Int(item)]
                attributes.append(value < 0 ? -1 : used[dimension.rawValue].places[Int(value)])
            }
        }
    }

    private static func rows(
        of events: UserEvents, _ dimension: PersonaDimension, _ vocabulary: PersonaVocabulary, places: [Int32],
        _ weights: [UInt32]
    ) -> PersonaRows {
        var rows = PersonaRows()
        var pairs: [UInt64] = []
        for user in events.users.indices {
            pairs.removeAll(keepingCapacity: true)
            for event in events.range(user) {
                let value = vocabulary.value(of: Int(events.order[event]), dimension)
                guard value >= 0 else { continue }
                let weight = weights[Int(vocabulary.types[Int(events.order[event])])]
                pairs.append(UInt64(places[Int(value)]) << 32 | UInt64(dimension.countsEventsAlike ? 1 : weight))
            }
            pairs.sort()
            let first = rows.values.count
            for pair in pairs {
                let (value, weight) = (UInt32(pair >> 32), UInt32(truncatingIfNeeded: pair))
                if rows.values.count > first, rows.values[rows.values.count - 1] == value {
                    rows.sums[rows.sums.count - 1] = rows.sums[rows.sums.count - 1].addingUpTo(weight)
                } else {
                    rows.append(value, weight)
                }
            }
            rows.endUser()
        }
        return rows
    }
}

/// The events that count, user by user in ascending order of the users' ids.
struct UserEvents {
    /// Users with events that count, as indexes of the log.
    private(set) var users: [Int32] = []
    private(set) var order: [Int32] = []
    private var offsets: [Int] = [0]

    init(_ log: BehaviourLog, weights: [UInt32]) {
        let ranks = IdentifierTable.ranks(of: log.users.ascendingOrder())
        var starts = [Int](repeating: 0, count: ranks.count + 1)
        let counted = log.userIndexes.indices.filter { weights[Int(log.eventTypeIndexes[$0])] > 0 }
        for event in counted { starts[Int(ranks[Int(log.userIndexes[event])]) + 1] += 1 }
        for rank in ranks.indices { starts[rank + 1] += starts[rank] }
        var next = starts
        order = [Int32](repeating: 0, count: counted.count)
        for event in counted {
            let rank = Int(ranks[Int(log.userIndexes[event])])
            order[next[rank]] = Int32(event)
            next[rank] += 1
        }
        for rank in ranks.indices where starts[rank + 1] > starts[rank] {
            users.append(log.userIndexes[Int(order[starts[rank]])])
            offsets.append(starts[rank + 1])
        }
    }

    func range(_ user: Int) -> Range<Int> { offsets[user]..<offsets[user + 1] }
}
