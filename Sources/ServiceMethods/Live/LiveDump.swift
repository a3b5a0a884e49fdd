package import LiveStore
package import WireProtocol

// The portable form of a live store, JSON Lines, for any version and machine:
//
//     {"kind":"dump","format":1}
//     {"kind":"erasure","userId":...,"time":...,"receiptId":...,"checksum":...}     first, so that what came after them stays
//     {"kind":"merge","fromUserId":...,"intoUserId":...}
//     {"kind":"item", as items.upsert takes it, or "deleted":true}
//     {"kind":"user", as users.upsert takes it}
//     {"kind":"event", as events.put takes it}                                      in the order of arrival
//
// Sequences and times of arrival are a store's own: a loaded store gives new ones.

/// Writes and reads dumps.
package enum LiveDump {
    package static let format = 1
    private static let pageCount = 1_000
    private static let names = MethodNames(["load"])

    // MARK: Writing

    /// - Parameter write: takes whole lines.
    package static func write(
        _ reader: LiveStoreReader, _ write: ([UInt8]) throws -> Void
    ) throws {
        try write(line { $0.head(kind: "dump") { $0.member("format", format) } })
        try pages({ after throws(LiveStoreError) in try reader.erasures(after: after, limit: pageCount) }, \.userId) {
            erasure in
            try write(
                line { writer in
                    writer.head(kind: "erasure") { writer in
                        writer.member("userId", erasure.userId)
                        writer.member("time", Int64?(erasure.time))
                        writer.member("receiptId", erasure.receiptId)
                        writer.member("checksum", erasure.receiptChecksum)
                    }
                })
        }
        try pages({ after throws(LiveStoreError) in try reader.merges(after: after, limit: pageCount) }, \.from) {
            merge in
            try write(
                line { writer in
                    writer.head(kind: "merge") { writer in
                        writer.member("fromUserId", merge.from)
                        writer.member("intoUserId", merge.into)
                    }
                })
        }
        try pages({ after throws(LiveStoreError) in try reader.items(after: after, limit: pageCount) }, \.itemId) {
            item in
            try write(line { writer in writer.head(kind: "item") { $0.liveItemMembers(item, withTimes: false) } })
        }
        try pages({ after throws(LiveStoreError) in try reader.users(after: after, limit: pageCount) }, \.userId) {
            user in
            try write(
                line { writer in
                    writer.head(kind: "user") { writer in
                        writer.member("userId", user.userId)
                        writer.properties(user.properties)
                    }
                })
        }
        try writeEvents(reader) { (event: StoredEvent) in
            try write(line { writer in writer.head(kind: "event") { $0.eventMembers(event, withReceipt: false) } })
        }
    }

    /// Events alone, as `events.put` takes them.
    package static func writeEvents(_ reader: LiveStoreReader, _ write: ([UInt8]) throws -> Void) throws {
        try writeEvents(reader) { (event: StoredEvent) in
            try write(
                line { writer in
                    writer.beginObject()
                    writer.eventMembers(event, withReceipt: false)
                    writer.endObject()
                })
        }
    }

    private static func writeEvents(_ reader: LiveStoreReader, _ body: (StoredEvent) throws -> Void) throws {
        var after: UInt64 = 0
        while true {
            let page = try reader.events(after: after, limit: pageCount)
            for event in page.events { try body(event) }
            guard let next = page.next else { return }
            after = next
        }
    }

    private static func pages<Row>(
        _ read: (String?) throws(LiveStoreError) -> [Row], _ id: (Row) -> String, _ body: (Row) throws -> Void
    ) throws {
        var after: String?
        while true {
            let rows = try read(after)
            for row in rows { try body(row) }
            guard rows.count == pageCount, let last = rows.last else { return }
            after = id(last)
        }
    }

    private static func line(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = JSONWriter(appendingTo: &bytes)
        body(&writer)
        writer.finish(into: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    // MARK: Reading

    /// What a line asks for; nil for the first line.
    package static func change(_ line: [UInt8], _ parser: JSONParser) throws(WireError) -> LiveChange? {
        try members(of: line, parser) { members throws(WireError) in
            var line = DumpLine()
            try DumpLine.declared.readAny(members, into: &line)
            return try line.change()
        }
    }

    package static func receipt(_ text: [UInt8], _ parser: JSONParser) throws(WireError) -> ErasureReceipt {
        try members(of: text, parser) { members throws(WireError) in
            var receipt = WireReceipt()
            try WireReceipt.declared.readAny(members, into: &receipt)
            return receipt.receipt
        }
    }

    /// Reads an object by the protocol's own parser: as the parameters of a request that is made up.
    static func members<Result>(
        of object: [UInt8], _ parser: JSONParser, _ body: (ParameterReader) throws(WireError) -> Result
    ) throws(WireError) -> Result {
        let request = Array(#"{"id":1,"method":"load","params":"#.utf8) + object + Array("}".utf8)
        var answer: Swift.Result<Result, WireError>?
        do throws(RefusedRequest) {
            try unsafe parser.withRequest(in: request.span.bytes, methods: names) { request in
                answer = Swift.Result { () throws(WireError) in try body(request.members) }
            }
        } catch {
            throw error.error
        }
        guard let answer else { throw WireError(.parseError, "This is no JSON object.") }
        return try answer.get()
    }
}

/// One line of a dump.
private struct DumpLine {
    var kind = ""
    var format: Int?
    var erasure = Erasure(userId: "", sequence: 0, time: 0, receiptId: "", receiptChecksum: "")
    var merge = (from: "", into: "")
    var isDeleted = false
    var item = WireItemChange()
    var event = WireEvent()

    private static let own: [Parameter<Self>] = [
        .name("kind", maximumBytes: 16, required: "A line says what it holds (kind).") { $0.kind = $1.string },
        .integer("format", in: 1...1_000) { $0.format = $1 },
        .name("receiptId", maximumBytes: 64) { $0.erasure.receiptId = $1.string },
        .name("checksum", maximumBytes: 64) { $0.erasure.receiptChecksum = $1.string },
        .identifier("fromUserId") { $0.merge.from = $1.string },
        .identifier("intoUserId") { $0.merge.into = $1.string },
        .boolean("deleted", default: false) { $0.isDeleted = $1 },
    ]
    private static let ofItems: [Parameter<Self>] = WireItemChange.members.map { $0.inside(\DumpLine.item) }
    /// The item of an event is read as that of an item.
    private static let ofEvents: [Parameter<Self>] = WireEvent.members.filter { "\($0.name)" != "itemId" }
        .map { $0.inside(\DumpLine.event) }

    static let declared = ParameterSet<Self>(own + ofItems + ofEvents)

    func change() throws(WireError) -> LiveChange? {
        switch kind {
        case "dump":
            guard format == LiveDump.format else {
                throw WireError(
                    .badField, "This program reads dumps of format \(LiveDump.format); this one has \(format ?? 0).")
            }
            return nil
        case "erasure":
            var erasure = erasure
            erasure.userId = event.event.userId ?? ""
            erasure.time = event.event.time ?? 0
            return .adoptErasures([erasure])
        case "merge": return .mergeUsers(from: merge.from, into: merge.into)
        case "item": return isDeleted ? .deleteItems([item.change.itemId]) : .upsertItems([item.change])
        case "user":
            var user = UserChange(userId: event.event.userId ?? "")
            user.properties = item.change.properties
            return .upsertUsers([user])
        case "event":
            var event = event.event
            event.itemId = item.change.itemId.isEmpty ? nil : item.change.itemId
            return .putEvents([event])
        default: throw WireError(.badField, "There are no lines of kind '\(kind.prefix(16))'.", field: "kind")
        }
    }
}

/// A receipt as it was given.
private struct WireReceipt {
    var receiptId = ""
    var userIds: [String] = []
    var sequence: UInt64 = 0
    var time: Int64 = 0
    var removed = RemovedCounts()
    var copies: [RemainingCopy] = []
    var checksum = ""

    struct RemovedCounts {
        var counts = (events: 0, propertySets: 0, merges: 0)

        static let declared = ParameterSet<Self>([
            .integer("events", in: 0...Int.max) { $0.counts.events = $1 },
            .integer("propertySets", in: 0...Int.max) { $0.counts.propertySets = $1 },
            .integer("merges", in: 0...Int.max) { $0.counts.merges = $1 },
        ])
    }

    private struct WireCopy {
        var copy = RemainingCopy(kind: "", name: "", until: "")

        static let declared = ParameterSet<Self>([
            .string("kind", maximumBytes: 1024) { $0.copy.kind = $1.string },
            .string("name", maximumBytes: 1024) { $0.copy.name = $1.string },
            .string("until", maximumBytes: 1024) { $0.copy.until = $1.string },
        ])
    }

    static let declared = ParameterSet<Self>([
        .name("receiptId", maximumBytes: 64, required: "A receipt has an id (receiptId).") { $0.receiptId = $1.string },
        .identifiers("userIds", maximumCount: LiveLimits.mergedUsers + 2) { $0.userIds = $1.map(\.string) },
        .name("sequence", maximumBytes: 20) { $0.sequence = UInt64($1.string) ?? 0 },
        Parameter("time", .time) { value, target throws(WireError) in target.time = try value.time() },
        Parameter("removed", .anyObject) { value, target throws(WireError) in
            try RemovedCounts.declared.readAny(try value.object(), into: &target.removed)
        },
        Parameter("copies", .anyObject) { value, target throws(WireError) in
            var elements = try value.elements(maximumCount: 1_000)
            while let element = try elements.next() {
                var copy = WireCopy()
                try WireCopy.declared.readAny(try element.object(), into: &copy)
                target.copies.append(copy.copy)
            }
        },
        .name("checksum", maximumBytes: 64, required: "A receipt has a checksum.") { $0.checksum = $1.string },
    ])

    var receipt: ErasureReceipt {
        ErasureReceipt(
            receiptId: receiptId, userIds: userIds, sequence: sequence, time: time, removedCounts: removed.counts,
            copies: copies, checksum: checksum)
    }
}

extension JSONWriter {
    fileprivate mutating func head(kind: StaticString, _ members: (inout JSONWriter) -> Void) {
        beginObject()
        key("kind")
        string(kind)
        members(&self)
        endObject()
    }
}
