extension ChangeApplier {
    mutating func upsert(_ changes: [UserChange]) throws(LiveStoreError) -> [ElementOutcome] {
        var outcomes: [ElementOutcome] = []
        for change in changes {
            do { try change.check() } catch {
                outcomes.append(.refused(error))
                continue
            }
            let id = try leading(change.userId)
            var user = try user(id) ?? LiveUser(userId: id)
            user.apply(change.properties)
            guard user.properties.count <= LiveLimits.properties else {
                outcomes.append(
                    .refused(
                        RefusedElement(
                            "properties",
                            "The user would have more than \(LiveLimits.properties) properties: remove some (null).")))
                continue
            }
            outcomes.append(.stored(try store(&user)))
        }
        return outcomes
    }

    private mutating func store(_ user: inout LiveUser) throws(LiveStoreError) -> UInt64 {
        user.sequence = takeSequence()
        user.changedTime = now
        try put(.users, Array(user.userId.utf8), user.row())
        return user.sequence
    }

    borrowing func user(_ id: String) throws(LiveStoreError) -> LiveUser? {
        unsafe try row(.users, Array(id.utf8)) { bytes throws(DamagedRow) in unsafe try LiveUser(bytes, userId: id) }
    }

    /// Whom a user was merged into; the user, where into nobody.
    borrowing func leading(_ id: String) throws(LiveStoreError) -> String {
        try merge(of: id)?.into ?? id
    }

    private borrowing func merge(of id: String) throws(LiveStoreError) -> UserMerge? {
        unsafe try row(.merges, Array(id.utf8)) { bytes throws(DamagedRow) in unsafe try UserMerge(bytes, from: id) }
    }

    /// Who was merged into `id`, ascending.
    borrowing func mergedUsers(into id: String) throws(LiveStoreError) -> [String] {
        let prefix = Array(id.utf8) + [0]
        return try keys(.merged, prefix: prefix).map { String(decoding: $0.dropFirst(prefix.count), as: UTF8.self) }
    }

    /// Moves all that is known of `from`, and of those who were merged into it, to `into`.
    mutating func merge(_ from: String, into: String) throws(LiveStoreError) -> LiveOutcome {
        let source = try leading(from)
        let target = try leading(into)
        // Merged before, or one and the same: nothing to do, whoever came first.
        guard source != target else { return .merged(into: target, movedCount: 0) }
        let followers = try mergedUsers(into: source)
        guard try mergedUsers(into: target).count + followers.count < LiveLimits.mergedUsers else {
            throw LiveStoreError(
                .refused, "More than \(LiveLimits.mergedUsers) users would be merged into one; nothing was changed.")
        }
        let sequence = takeSequence()
        for user in followers + [source] {
            try delete(.merged, LiveKeys.merged(into: source, from: user))
            let merge = UserMerge(from: user, into: target, sequence: sequence, time: now)
            try put(.merges, Array(user.utf8), merge.row())
            try put(.merged, LiveKeys.merged(into: target, from: user), merge.row())
        }
        let movedCount = try moveEvents(from: source, to: target)
        try moveProperties(from: source, to: target)
        return .merged(into: target, movedCount: movedCount)
    }

    private mutating func moveEvents(from source: String, to target: String) throws(LiveStoreError) -> Int {
        let prefix = LiveActor.user(source).keyPrefix
        let keys = try keys(.byActor, prefix: prefix)
        for key in keys {
            let row = unsafe try row(.byActor, key) { bytes in unsafe [UInt8](bytes) }
            try delete(.byActor, key)
            if let row { try put(.byActor, LiveActor.user(target).keyPrefix + key.dropFirst(prefix.count), row) }
        }
        return keys.count
    }

    /// What the known user says of itself stays; the visitor's fills the gaps.
    private mutating func moveProperties(from source: String, to target: String) throws(LiveStoreError) {
        guard let visitor = try user(source) else { return }
        try delete(.users, Array(source.utf8))
        var known = LiveUser(userId: target)
        known.apply(visitor.properties)
        if let own = try user(target) { known.apply(own.properties) }
        if known.properties.count <= LiveLimits.properties { _ = try store(&known) }
    }
}
