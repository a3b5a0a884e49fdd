extension ChangeApplier {
    /// Removes all that is kept of a person: of whoever the id was merged into, and of all who were merged into that one.
    mutating func erase(_ id: String, copies: [RemainingCopy]) throws(LiveStoreError) -> ErasureReceipt {
        do { try ElementRules.identifier(id, "userId") } catch { throw LiveStoreError(.refused, error.text) }
        let leader = try leading(id)
        let followers = try mergedUsers(into: leader)
        var receipt = ErasureReceipt(
            userIds: Set(followers + [leader, id]).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) },
            sequence: takeSequence(), time: now, copies: copies)
        for userId in followers + [leader] {
            receipt.removedEventCount += try forgetEvents(of: userId)
            if try delete(.users, Array(userId.utf8)) { receipt.removedPropertySetCount += 1 }
            if try delete(.merges, Array(userId.utf8)) { receipt.removedMergeCount += 1 }
            try delete(.merged, LiveKeys.merged(into: leader, from: userId))
        }
        receipt.seal()
        for userId in receipt.userIds { try put(.erasures, Array(userId.utf8), receipt.erasure(of: userId).row()) }
        return receipt
    }

    private mutating func forgetEvents(of userId: String) throws(LiveStoreError) -> Int {
        let keys = try keys(.byActor, prefix: LiveActor.user(userId).keyPrefix)
        for key in keys {
            let sequence = ~key.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
            try forgetEvent(sequence)
            // The event's own row may name somebody else by now.
            try delete(.byActor, key)
        }
        return keys.count
    }

    /// Takes over erasures: what this store has of those people goes, whenever it came.
    mutating func adopt(_ erasures: [Erasure]) throws(LiveStoreError) -> [ElementOutcome] {
        var outcomes: [ElementOutcome] = []
        for erasure in erasures {
            let leader = try leading(erasure.userId)
            for userId in try mergedUsers(into: leader) + [leader] {
                _ = try forgetEvents(of: userId)
                try delete(.users, Array(userId.utf8))
                try delete(.merges, Array(userId.utf8))
                try delete(.merged, LiveKeys.merged(into: leader, from: userId))
            }
            var kept = erasure
            kept.sequence = takeSequence()
            try put(.erasures, Array(erasure.userId.utf8), kept.row())
            outcomes.append(.stored(kept.sequence))
        }
        return outcomes
    }
}
