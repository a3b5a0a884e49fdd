extension PersonaTable {
    /// The table of both tables' events. Users that `newer` does not have keep their rows as they are; the attributes of
    /// an item are the newer ones where `newer` knows any.
    package init(_ older: PersonaTable, adding newer: PersonaTable) {
        weights = older.weights
        let users = MergedKeys(older.userIds, newer.userIds)
        userIds = users.keys
        var maps: [MergedKeys] = []
        for dimension in PersonaDimension.allCases {
            let (old, new) = (older[dimension], newer[dimension])
            let merged = MergedKeys(old.keys, new.keys)
            dimensions.append(
                PersonaDimensionTable(
                    keys: merged.keys,
                    texts: merged.sources.map { source in
                        let texts = [source.older.map { old.texts[$0] }, source.newer.map { new.texts[$0] }]
                        return texts.compactMap { $0 }.min(by: PersonaText.precedes) ?? ""
                    },
                    rows: Self.merged(old.rows, new.rows, users: users, values: merged)))
            maps.append(merged)
        }
        for source in maps[PersonaDimension.item.rawValue].sources {
            if let item = source.newer, newer.knows(item) || source.older == nil {
                titles.append(newer.titles[item])
                attributes += newer.attributes(item).enumerated().map { column, value in
                    value < 0 ? -1 : maps[PersonaDimension.attributes[column].rawValue].newerPlaces[Int(value)]
                }
            } else if let item = source.older {
                titles.append(older.titles[item])
                attributes += older.attributes(item).enumerated().map { column, value in
                    value < 0 ? -1 : maps[PersonaDimension.attributes[column].rawValue].olderPlaces[Int(value)]
                }
            }
        }
    }

    private func attributes(_ item: Int) -> ArraySlice<Int32> {
        let count = PersonaDimension.attributes.count
        return attributes[item * count..<(item + 1) * count]
    }

    private func knows(_ item: Int) -> Bool {
        !titles[item].isEmpty || attributes(item).contains { $0 >= 0 }
    }

    private static func merged(
        _ older: PersonaRows, _ newer: PersonaRows, users: MergedKeys, values: MergedKeys
    ) -> PersonaRows {
        var rows = PersonaRows()
        rows.values.reserveCapacity(older.values.count + newer.values.count)
        rows.sums.reserveCapacity(older.values.count + newer.values.count)
        for user in users.sources {
            var old = user.older.map { older.range($0) } ?? 0..<0
            var new = user.newer.map { newer.range($0) } ?? 0..<0
            while let oldPair = old.first, let newPair = new.first {
                let oldValue = UInt32(values.olderPlaces[Int(older.values[oldPair])])
                let newValue = UInt32(values.newerPlaces[Int(newer.values[newPair])])
                if oldValue < newValue {
                    rows.append(oldValue, older.sums[oldPair])
                } else if newValue < oldValue {
                    rows.append(newValue, newer.sums[newPair])
                } else {
                    rows.append(oldValue, older.sums[oldPair].addingUpTo(newer.sums[newPair]))
                }
                if oldValue <= newValue { old = old.dropFirst() }
                if newValue <= oldValue { new = new.dropFirst() }
            }
            for pair in old { rows.append(UInt32(values.olderPlaces[Int(older.values[pair])]), older.sums[pair]) }
            for pair in new { rows.append(UInt32(values.newerPlaces[Int(newer.values[pair])]), newer.sums[pair]) }
            rows.endUser()
        }
        return rows
    }
}

/// Two ascending lists of keys as one, and where each key came from.
private struct MergedKeys {
    private(set) var keys: [String] = []
    private(set) var sources: [(older: Int?, newer: Int?)] = []
    private(set) var olderPlaces: [Int32] = []
    private(set) var newerPlaces: [Int32] = []

    init(_ older: [String], _ newer: [String]) {
        var (old, new) = (0, 0)
        while old < older.count || new < newer.count {
            let place = Int32(keys.count)
            let takesOld = new == newer.count || old < older.count && !PersonaText.precedes(newer[new], older[old])
            let takesNew = old == older.count || new < newer.count && !PersonaText.precedes(older[old], newer[new])
            keys.append(takesOld ? older[old] : newer[new])
            sources.append((takesOld ? old : nil, takesNew ? new : nil))
            if takesOld {
                olderPlaces.append(place)
                old += 1
            }
            if takesNew {
                newerPlaces.append(place)
                new += 1
            }
        }
    }
}
