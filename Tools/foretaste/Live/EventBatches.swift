import Interactions
import WireProtocol

/// Events as JSON texts, with the numbers of their lines.
struct EventBatch {
    static let countLimit = 1_000
    /// Leaves room for the envelope in a frame of 4 MiB.
    static let byteLimit = 3 << 20

    var texts: [[UInt8]] = []
    var lineNumbers: [Int] = []
    var byteCount = 0
}

/// Puts events together to as many as one request takes.
struct EventBatches {
    typealias Event = (text: [UInt8], lineNumber: Int)

    private var held: Event?
    private var failure: (any Error)?

    /// Of the events that `nextEvent` gives, one after the other; nil at the end. Where a line cannot be read, what came before it
    /// is given first.
    mutating func next(_ nextEvent: () throws -> Event?) throws -> EventBatch? {
        if let failure {
            self.failure = nil
            throw failure
        }
        var batch = EventBatch()
        while batch.texts.count < EventBatch.countLimit {
            guard let event = try taken(nextEvent, isFirst: batch.texts.isEmpty) else { break }
            guard batch.texts.isEmpty || batch.byteCount + event.text.count <= EventBatch.byteLimit else {
                held = event
                break
            }
            batch.texts.append(event.text)
            batch.lineNumbers.append(event.lineNumber)
            batch.byteCount += event.text.count + 1
        }
        return batch.texts.isEmpty ? nil : batch
    }

    /// An error is kept for the next batch where this one has events.
    private mutating func taken(_ nextEvent: () throws -> Event?, isFirst: Bool) throws -> Event? {
        if let held {
            self.held = nil
            return held
        }
        do {
            return try nextEvent()
        } catch {
            if isFirst { throw error }
            failure = error
            return nil
        }
    }
}

/// One event of a table as a server takes it.
enum EventText {
    static func json(_ table: EventTable, row: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = JSONWriter(appendingTo: &bytes)
        writer.beginObject()
        for part in EventTable.Part.allCases {
            guard let text = table.text(part, row: row) else { continue }
            writer.anyKey(part.name)
            writer.string(String(decoding: text, as: UTF8.self))
        }
        if let value = table.value(row: row) {
            writer.anyKey("value")
            writer.number(value)
        }
        if let time = table.time(row: row) {
            writer.anyKey("time")
            writer.integer(Int(time))
        }
        writer.endObject()
        writer.finish(into: &bytes)
        return bytes
    }
}
