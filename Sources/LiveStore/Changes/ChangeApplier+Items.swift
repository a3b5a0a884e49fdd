extension ChangeApplier {
    mutating func upsert(_ changes: [ItemChange]) throws(LiveStoreError) -> [ElementOutcome] {
        var outcomes: [ElementOutcome] = []
        for change in changes {
            do { try change.check() } catch {
                outcomes.append(.refused(error))
                continue
            }
            var item = try item(change.itemId) ?? LiveItem(itemId: change.itemId)
            item.apply(change)
            guard item.properties.count <= LiveLimits.properties else {
                outcomes.append(
                    .refused(
                        RefusedElement(
                            "properties",
                            "The item would have more than \(LiveLimits.properties) properties: remove some (null).")))
                continue
            }
            outcomes.append(.stored(try store(&item)))
        }
        return outcomes
    }

    mutating func deleteItems(_ ids: [String]) throws(LiveStoreError) -> [ElementOutcome] {
        var outcomes: [ElementOutcome] = []
        for id in ids {
            do { try ElementRules.identifier(id, "itemId") } catch {
                outcomes.append(.refused(error))
                continue
            }
            // An index may have the item, so what is not here is no reason to do nothing.
            var item = LiveItem(itemId: id)
            item.isDeleted = true
            outcomes.append(.stored(try store(&item)))
        }
        return outcomes
    }

    private mutating func store(_ item: inout LiveItem) throws(LiveStoreError) -> UInt64 {
        item.sequence = takeSequence()
        item.changedTime = now
        try put(.items, Array(item.itemId.utf8), item.row())
        return item.sequence
    }

    private borrowing func item(_ id: String) throws(LiveStoreError) -> LiveItem? {
        unsafe try row(.items, Array(id.utf8)) { bytes throws(DamagedRow) in unsafe try LiveItem(bytes, itemId: id) }
    }
}
