import CommandLineInterface
import LiveStore
import ServiceMethods
import WireProtocol

/// `foretaste events export`
enum EventsExportCommand {
    static let command = Command(
        name: "events export", summary: "Write live events as JSON Lines, in the order of arrival.",
        discussion: "To standard output, as 'foretaste events import' takes them. While a server writes, too.",
        options: [.required("live", "DIR", help: "The directory of live data, as the server was given it.")],
        examples: [.init("foretaste events export --live shop.live > events.jsonl", "All that is kept.")])

    static func run(_ parsed: ParsedCommand) throws {
        let reader = try LiveStoreReader(directory: try parsed.string("live"))
        let output = LineOutput()
        try LiveDump.writeEvents(reader) { line in try output.write(line) }
        try output.flush()
    }
}

/// `foretaste events import`
enum EventsImportCommand {
    static let command = Command(
        name: "events import", summary: "Send events of a file or a pipe to a running server.",
        discussion:
            "JSON Lines: one event a line, as events.put takes it. CSV: a first line with the members' names (eventId, type, userId, "
            + "sessionId, itemId, value, time, query, recommId), then one event a line. Each line is acknowledged once it is on the "
            + "server's disk. Events with an eventId are not stored twice, so that an import that was interrupted can be run again. What "
            + "cannot be taken is told by its line, and the exit code is 1.",
        arguments: [CommandArgument("FILE", help: "JSON Lines or CSV; - for standard input.")],
        options: [
            .value("server", "HOST:PORT", default: "127.0.0.1:7411", help: "Where the server listens."),
            .value("format", "NAME", default: "auto", help: "jsonl, csv, or auto: by the first line."),
            .value("timeout", "SECONDS", default: "60", help: "How long one request of 1,000 events may take."),
            .value("key-file", "FILE", help: "A file with the key that the server asks for, of the role write."),
        ],
        examples: [
            .init("foretaste events import events.jsonl", "A file."),
            .init(
                "psql -c \"COPY (SELECT id AS \\\"eventId\\\", ...) TO STDOUT CSV HEADER\" | foretaste events import -",
                "A table of PostgreSQL."),
        ])

    static func run(_ parsed: ParsedCommand) throws {
        let source = try LineSource(try parsed.argument("FILE"))
        let format = try parsed.choice("format", of: EventFileFormat.self)
        var lines = EventLines(source, format: format)
        let sink = EventSink(
            address: try parsed.address("server"), timeoutSeconds: try parsed.integer("timeout", in: 1...3600),
            key: try parsed.optionalString("key-file").map { path in try NewKey.text(path) })
        while let batch = try lines.nextBatch() { try sink.send(batch, from: source.path) }
        let total = sink.total
        Terminal.standardOutput.write(
            "\(ReadableNumber.count(total.stored)) stored, \(ReadableNumber.count(total.duplicates)) known already, "
                + "\(ReadableNumber.count(total.refused)) refused\n")
        guard total.refused == 0 else {
            throw RunFailure(description: "some lines were refused; mend them and import again")
        }
    }
}

enum EventFileFormat: String, CaseIterable {
    case auto, jsonl, csv
}

/// Events as JSON texts, with the numbers of their lines.
struct EventBatch {
    static let countLimit = 1_000
    /// Leaves room for the envelope in a frame of 4 MiB.
    static let byteLimit = 3 << 20

    var texts: [[UInt8]] = []
    var lineNumbers: [Int] = []
    var byteCount = 0
}

/// Reads a file of events.
struct EventLines {
    private let source: LineSource
    private var format: EventFileFormat
    private var header: [String]?
    private var held: (text: [UInt8], line: Int)?

    init(_ source: LineSource, format: EventFileFormat) {
        self.source = source
        self.format = format
    }

    mutating func nextBatch() throws -> EventBatch? {
        var batch = EventBatch()
        while batch.texts.count < EventBatch.countLimit {
            let candidate: (text: [UInt8], line: Int)?
            if let held { candidate = held } else { candidate = try nextEvent() }
            held = nil
            guard let next = candidate else { break }
            guard batch.texts.isEmpty || batch.byteCount + next.text.count <= EventBatch.byteLimit else {
                held = next
                break
            }
            batch.texts.append(next.text)
            batch.lineNumbers.append(next.line)
            batch.byteCount += next.text.count + 1
        }
        return batch.texts.isEmpty ? nil : batch
    }

    private mutating func nextEvent() throws -> (text: [UInt8], line: Int)? {
        guard let line = try source.next() else { return nil }
        if format == .auto { format = line.first == UInt8(ascii: "{") ? .jsonl : .csv }
        guard format == .csv else {
            guard JSONBraces.isOneObject(line) else {
                throw RunFailure(
                    description:
                        "\(source.path), line \(source.lineNumber): expected one JSON object, found something else")
            }
            return (line, source.lineNumber)
        }
        let fields = try CSVLine.fields(line, source)
        guard let header else {
            self.header = try CSVLine.header(fields, source)
            return try nextEvent()
        }
        guard fields.count == header.count else {
            throw RunFailure(
                description:
                    "\(source.path), line \(source.lineNumber): expected \(header.count) fields, found \(fields.count)")
        }
        return (CSVLine.object(header, fields), source.lineNumber)
    }
}

/// Whether a line can stand in a list of objects: what the server would say of the list, it would not say of the line.
enum JSONBraces {
    static func isOneObject(_ line: [UInt8]) -> Bool {
        var depth = 0
        var isInString = false
        var isEscaped = false
        for (place, byte) in line.enumerated() {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 {
                    return place == line.count - 1 || line[(place + 1)...].allSatisfy { $0 == 0x20 || $0 == 0x09 }
                }
            default: if depth == 0 && byte != 0x20 && byte != 0x09 { return false }
            }
        }
        return false
    }
}

/// RFC 4180, one record a line.
enum CSVLine {
    private static let members: Set<String> = [
        "eventId", "type", "userId", "sessionId", "itemId", "value", "time", "query", "recommId",
    ]

    static func header(_ fields: [String], _ source: LineSource) throws -> [String] {
        for name in fields where !members.contains(name) {
            throw RunFailure(
                description: "\(source.path), line \(source.lineNumber): there is no member '\(name)'; expected "
                    + members.sorted().joined(separator: ", "))
        }
        guard Set(fields).count == fields.count else {
            throw RunFailure(description: "\(source.path), line \(source.lineNumber): a column stands twice")
        }
        return fields
    }

    static func fields(_ line: [UInt8], _ source: LineSource) throws -> [String] {
        var fields: [[UInt8]] = [[]]
        var isQuoted = false
        var place = 0
        while place < line.count {
            let byte = line[place]
            if isQuoted {
                if byte == UInt8(ascii: "\""), place + 1 < line.count, line[place + 1] == UInt8(ascii: "\"") {
                    fields[fields.count - 1].append(byte)
                    place += 1
                } else if byte == UInt8(ascii: "\"") {
                    isQuoted = false
                } else {
                    fields[fields.count - 1].append(byte)
                }
            } else if byte == UInt8(ascii: "\"") && fields[fields.count - 1].isEmpty {
                isQuoted = true
            } else if byte == UInt8(ascii: ",") {
                fields.append([])
            } else {
                fields[fields.count - 1].append(byte)
            }
            place += 1
        }
        guard !isQuoted else {
            throw RunFailure(
                description:
                    "\(source.path), line \(source.lineNumber): a quote is not closed; a record is one line here")
        }
        return fields.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Empty fields are absent. Numbers stay as they are written, so that the server says what is wrong with one.
    static func object(_ header: [String], _ fields: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = JSONWriter(appendingTo: &bytes)
        writer.beginObject()
        for (name, field) in zip(header, fields) where !field.isEmpty {
            writer.anyKey(name)
            if name == "value", let number = Double(field), number.isFinite {
                writer.number(number)
            } else if name == "time", let milliseconds = Int(field) {
                writer.integer(milliseconds)
            } else {
                writer.string(field)
            }
        }
        writer.endObject()
        writer.finish(into: &bytes)
        return bytes
    }
}
