// Design note. An index says of which store it has taken events, and up to which sequence. Sequences are a store's own, so that of another one they mean nothing.
// A restore begins another store from the rows of a backup, as sequences that were given after the backup will be given again:
//
//     store A   1 ─── 500 backup ─── 800
//     store B         500 ──▶ 501 ...          "before B: A up to 500"
//
// An index that has taken A up to 800 has of B all up to 500, and nothing that came later; one that has taken A up to 300 has 300.

/// Which store it is: made at random with it.
package struct LiveStoreId: Sendable, Hashable, CustomStringConvertible {
    let number: UInt64

    init(_ number: UInt64) { self.number = number }

    /// Of 16 hexadecimal digits in small letters; nil for another text.
    package init?(_ text: String) {
        guard let number = UInt64(text, radix: 16) else { return nil }
        self.init(number)
        guard description == text else { return nil }
    }

    package var description: String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

/// Which store it is, from which ones it was restored, and what it has given out.
package struct StoreLineage: Sendable, Equatable {
    /// Nil in a store that was made before there were ids, until it is next opened to be written.
    package var id: LiveStoreId?
    /// Up to which sequence the rows of earlier stores are this one's.
    package var ancestors: [LiveStoreId: UInt64]
    /// The last sequence that was given; 0: none.
    package var lastSequence: UInt64

    package init(id: LiveStoreId?, ancestors: [LiveStoreId: UInt64], lastSequence: UInt64) {
        self.id = id
        self.ancestors = ancestors
        self.lastSequence = lastSequence
    }

    /// What an index says that it has taken.
    package struct Claim: Sendable, Equatable {
        /// Nil: it was built before stores had ids.
        package var store: String?
        /// 0: nothing of any store.
        package var sequence: UInt64

        package init(store: String?, sequence: UInt64) {
            self.store = store
            self.sequence = sequence
        }
    }

    package enum Standing: Sendable, Equatable {
        /// It has everything up to this sequence of this store.
        case consumed(UInt64)
        /// It does not say of which store, and is taken to be of this one.
        case taken(UInt64)
        /// It is of another store, and this one has nothing yet: what comes is new to the index.
        case unrelatedButEmpty(LiveStoreId)
    }

    /// What an index that is served beside this store has of it.
    ///
    /// - Throws: Where it is of another store, or has taken more than this one ever gave.
    package func standing(
        of claim: Claim, version: String, directory: String
    ) throws(LiveStoreError) -> Standing {
        guard claim.sequence > 0 else { return .consumed(0) }
        guard let text = claim.store, let id else { return .taken(claim.sequence) }
        let refusals = Refusals(claim: claim, store: id, version: version, directory: directory)
        guard let other = LiveStoreId(text) else { throw refusals.foreign }
        if other == id {
            guard claim.sequence <= lastSequence else { throw refusals.ahead(lastSequence) }
            return .consumed(claim.sequence)
        }
        if let through = ancestors[other] { return .consumed(min(claim.sequence, through)) }
        guard lastSequence == 0 else { throw refusals.foreign }
        return .unrelatedButEmpty(other)
    }
}

private struct Refusals {
    let claim: StoreLineage.Claim
    let store: LiveStoreId
    let version: String
    let directory: String

    private var taken: String {
        "version \(version) of the index has taken live store '\((claim.store ?? "").prefix(16))' up to sequence \(claim.sequence)"
    }

    var foreign: LiveStoreError {
        LiveStoreError(
            .foreign,
            "\(taken), and \(directory) is live store '\(store)': some events would count twice, others not at all. Build the index from "
                + "this store ('foretaste build --from-live \(directory)'), give the server the store that the index was built from "
                + "(--live), or go back to a version of this store ('foretaste activate').")
    }

    func ahead(_ lastSequence: UInt64) -> LiveStoreError {
        LiveStoreError(
            .foreign,
            "\(taken), and \(directory) has given only \(lastSequence): an older copy of its files was put back by hand, and new events "
                + "would count as taken already. Put it back as a backup: 'foretaste backup FILE --live \(directory)', then 'foretaste "
                + "restore FILE --live \(directory)'.")
    }
}
