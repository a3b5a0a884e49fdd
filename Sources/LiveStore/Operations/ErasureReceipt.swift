internal import KeyValueStore

/// Where a person's traces still lie after an erasure, and until when.
package struct RemainingCopy: Sendable, Equatable {
    /// Such as `index version` or `backup`.
    package var kind: String
    package var name: String
    /// Until what happens, in words.
    package var until: String

    package init(kind: String, name: String, until: String) {
        self.kind = kind
        self.name = name
        self.until = until
    }
}

/// What an erasure removed, and what it could not. Its checksum tells whether a receipt was changed since; it guards against
/// mistakes, not against a forger.
package struct ErasureReceipt: Sendable, Equatable {
    package var receiptId: String
    /// All ids of the person, ascending.
    package var userIds: [String]
    /// In the store's order of changes: what came before is gone, what comes later is a new beginning.
    package var sequence: UInt64
    package var time: Int64
    package var removedEventCount = 0
    package var removedPropertySetCount = 0
    package var removedMergeCount = 0
    package var copies: [RemainingCopy]
    /// 16 hexadecimal digits.
    package private(set) var checksum = ""

    init(userIds: [String], sequence: UInt64, time: Int64, copies: [RemainingCopy]) {
        let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        receiptId = String(repeating: "0", count: 16 - digits.count) + digits
        self.userIds = userIds
        self.sequence = sequence
        self.time = time
        self.copies = copies
    }

    /// As it was read; `isIntact` tells whether it is as it was given.
    package init(
        receiptId: String, userIds: [String], sequence: UInt64, time: Int64,
        removedCounts: (events: Int, propertySets: Int, merges: Int), copies: [RemainingCopy], checksum: String
    ) {
        self.receiptId = receiptId
        self.userIds = userIds
        self.sequence = sequence
        self.time = time
        removedEventCount = removedCounts.events
        removedPropertySetCount = removedCounts.propertySets
        removedMergeCount = removedCounts.merges
        self.copies = copies
        self.checksum = checksum
    }

    package var isIntact: Bool { checksum == expectedChecksum() }

    mutating func seal() { checksum = expectedChecksum() }

    func erasure(of userId: String) -> Erasure {
        Erasure(userId: userId, sequence: sequence, time: time, receiptId: receiptId, receiptChecksum: checksum)
    }

    /// The 64-bit xxHash of all members, each as its byte count, a colon and its bytes.
    private func expectedChecksum() -> String {
        let counts = [removedEventCount, removedPropertySetCount, removedMergeCount]
        var members = ["receipt 1", receiptId, "\(sequence)", "\(time)"] + counts.map { "\($0)" }
        members.append("\(userIds.count)")
        members += userIds
        for copy in copies { members += [copy.kind, copy.name, copy.until] }
        let text = Array(members.map { "\($0.utf8.count):\($0)" }.joined().utf8)
        let digits = String(unsafe text.withUnsafeBytes { bytes in unsafe Checksum.of(bytes) }, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
