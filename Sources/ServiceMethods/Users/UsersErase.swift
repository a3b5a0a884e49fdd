import LiveStore
import WireProtocol

extension ServiceMethod {
    static let usersErase = ServiceMethod(
        "users.erase", role: .admin, cost: .list, "Forget a person; the answer is a receipt."
    ) { (parameters: UserParameters, context, writer) throws(WireError) in
        // An index is never written again, so what it knows stays in its file until the version is removed.
        let copies = [
            RemainingCopy(
                kind: "index version", name: context.indexSummary.version,
                until:
                    "the version is removed; versions that are built from this store from now on leave the person out"),
            RemainingCopy(
                kind: "backups", name: "made before this receipt",
                until: "they are removed; restoring one over this store keeps the erasure"),
        ]
        try context.changing(.eraseUser(parameters.userId, copies: copies)) { outcome, writer in
            guard case .erased(let receipt) = outcome else { return }
            writer.receipt(receipt)
        }
    }
}

extension JSONWriter {
    mutating func receipt(_ receipt: ErasureReceipt) {
        beginObject()
        member("receiptId", receipt.receiptId)
        key("userIds")
        beginArray()
        for id in receipt.userIds { string(id) }
        endArray()
        member("sequence", "\(receipt.sequence)")
        member("time", Int64?(receipt.time))
        key("removed")
        beginObject()
        member("events", receipt.removedEventCount)
        member("propertySets", receipt.removedPropertySetCount)
        member("merges", receipt.removedMergeCount)
        endObject()
        key("copies")
        beginArray()
        for copy in receipt.copies {
            beginObject()
            member("kind", copy.kind)
            member("name", copy.name)
            member("until", copy.until)
            endObject()
        }
        endArray()
        member("checksum", receipt.checksum)
        endObject()
    }
}
