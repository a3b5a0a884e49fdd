internal import KeyValueStore

// Design note. The tables of a live store, and their keys. Numbers in keys are big-endian, so that the order of bytes is theirs.
//
//     events      sequence u64                              ▶ an event
//     by-actor    'u' user | 's' session, 0, ~sequence u64  ▶ what a history needs of it; the latest arrival first
//     by-id       event id                                  ▶ sequence
//     items       item id                                   ▶ what differs from the index, or all of a new item
//     users       user id                                   ▶ properties
//     merges      user id                                   ▶ whom it was merged into: never somebody who was merged
//     merged      user id, 0, user id                       ▶ the same, by whom it was merged into
//     erasures    user id                                   ▶ when, and the receipt
//     meta        a name                                    ▶ format, which store it is, next sequence, compacted sequence
//                 "before " store u64                       ▶ up to which sequence the rows of that store are in this one
//
// Ids have no control characters, so 0 ends one. A person's events lie under whom they were merged into: merging moves them, and
// an event that comes later goes there at once, so that either order gives the same rows.

/// One table of the store.
enum LiveTable: Int, CaseIterable {
    case events, byActor, byId, items, users, merges, merged, erasures, meta

    var name: String {
        switch self {
        case .events: "events"
        case .byActor: "by-actor"
        case .byId: "by-id"
        case .items: "items"
        case .users: "users"
        case .merges: "merges"
        case .merged: "merged"
        case .erasures: "erasures"
        case .meta: "meta"
        }
    }

    var table: LiveEnvironment.Table { LiveEnvironment.Table(number: rawValue) }
}

/// Whose events.
package enum LiveActor: Sendable, Equatable {
    case user(String)
    case session(String)

    var keyPrefix: [UInt8] {
        switch self {
        case .user(let id): [UInt8(ascii: "u")] + Array(id.utf8) + [0]
        case .session(let id): [UInt8(ascii: "s")] + Array(id.utf8) + [0]
        }
    }
}

enum LiveKeys {
    static let format = Array("format".utf8)
    static let nextSequence = Array("sequence".utf8)
    static let compacted = Array("compacted".utf8)
    static let store = Array("store".utf8)
    /// Keys of earlier stores begin with it.
    static let ancestors = Array("before ".utf8)

    static func ancestor(_ id: LiveStoreId) -> [UInt8] { ancestors + sequence(id.number) }

    /// The store that a key of an earlier one names; nil for other keys.
    static func ancestor(_ key: UnsafeRawBufferPointer) -> LiveStoreId? {
        guard unsafe hasPrefix(key, ancestors), key.count == ancestors.count + 8 else { return nil }
        return unsafe LiveStoreId(trailingNumber(key))
    }

    static func sequence(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * UInt64($0))) }
    }

    static func byActor(_ actor: LiveActor, _ sequence: UInt64) -> [UInt8] {
        actor.keyPrefix + Self.sequence(~sequence)
    }

    static func merged(into: String, from: String) -> [UInt8] {
        Array(into.utf8) + [0] + Array(from.utf8)
    }

    /// Of the last eight bytes; 0 where there are fewer.
    static func trailingNumber(_ key: UnsafeRawBufferPointer) -> UInt64 {
        guard key.count >= 8 else { return 0 }
        return unsafe UInt64(bigEndian: key.loadUnaligned(fromByteOffset: key.count - 8, as: UInt64.self))
    }

    static func hasPrefix(_ key: UnsafeRawBufferPointer, _ prefix: [UInt8]) -> Bool {
        unsafe key.count >= prefix.count && key.prefix(prefix.count).elementsEqual(prefix)
    }

    static func text(_ key: UnsafeRawBufferPointer) -> String { unsafe String(decoding: key, as: UTF8.self) }

    /// For messages, which hold no personal data: how long the key is, and a checksum to find it by.
    static func shown(_ key: [UInt8]) -> String {
        "of \(key.count) bytes with checksum \(String(RowChecksum.of(key.span), radix: 16))"
    }
}
