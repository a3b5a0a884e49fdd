/// What the file of a version says about itself.
package struct IndexManifest: Sendable, Equatable {
    package let formatVersion: Int
    package let itemCount: Int
    package let userCount: Int
    package let collaborativeModel: String
    package let facts: IndexFacts
    package let sections: [SectionRecord]
}

// The manifest's text: one fact a line, fields parted by tabs, the kind of fact first. Backslash, tab and line feed
// in a field are written \\ \t \n. Kinds that may repeat keep their order.
//
//     foretaste-index 1 | tool V | created MS | items N | users N | model NAME | weights CONTENT COLLABORATIVE FALLBACK
//     consumed SEQUENCE
//     source NAME BYTES CRC32 | setting NAME VALUE | count NAME N | quality NAME X
//     section NAME BLOCK FIRSTROW ROWS COLUMNS BYTES CHECKSUM

extension IndexManifest {
    /// The first field of the text.
    static let title = "foretaste-index"

    func encoded() -> [UInt8] {
        var lines: [[String]] = [
            [Self.title, String(formatVersion)], ["tool", facts.toolVersion],
            ["created", String(facts.createdMilliseconds)], ["items", String(itemCount)],
            ["users", String(userCount)], ["model", collaborativeModel],
            [
                "weights", "\(facts.blendWeights.content)", "\(facts.blendWeights.collaborative)",
                "\(facts.blendWeights.fallback)",
            ],
            ["consumed", String(facts.consumedSequence)],
        ]
        lines += facts.sources.map { ["source", $0.name, String($0.byteCount), String($0.crc32, radix: 16)] }
        lines += facts.configuration.map { ["setting", $0.name, $0.value] }
        lines += facts.counts.map { ["count", $0.name, String($0.count)] }
        lines += facts.quality.map { ["quality", $0.name, "\($0.value)"] }
        lines += sections.map { section in
            [
                "section", section.name.rawValue, String(section.block), String(section.firstRow),
                String(section.rowCount), String(section.columnCount), String(section.payloadByteCount),
                String(section.checksum, radix: 16),
            ]
        }
        return lines.flatMap { fields in ManifestLine.encode(fields) }
    }

    /// Throws the number and text of the first line that is not understood.
    init(decoding bytes: [UInt8]) throws(ManifestFault) {
        var draft = ManifestDraft()
        var lineNumber = 0
        for line in bytes.split(separator: ManifestLine.lineFeed) {
            lineNumber += 1
            let fields = ManifestLine.decode(line)
            guard let fields, draft.take(fields, isFirst: lineNumber == 1) else {
                throw ManifestFault(line: lineNumber, text: String(decoding: line, as: UTF8.self))
            }
        }
        guard let manifest = draft.finished() else { throw ManifestFault(line: lineNumber + 1, text: "end of text") }
        self = manifest
    }
}

struct ManifestFault: Error, Equatable {
    let line: Int
    let text: String
}

/// One line of the manifest's text.
enum ManifestLine {
    static let lineFeed = UInt8(ascii: "\n")
    private static let tab = UInt8(ascii: "\t")
    private static let backslash = UInt8(ascii: "\\")

    static func encode(_ fields: [String]) -> [UInt8] {
        var line: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { line.append(tab) }
            for byte in field.utf8 {
                switch byte {
                case backslash: line += [backslash, backslash]
                case tab: line += [backslash, UInt8(ascii: "t")]
                case lineFeed: line += [backslash, UInt8(ascii: "n")]
                default: line.append(byte)
                }
            }
        }
        line.append(lineFeed)
        return line
    }

    /// Nil where a field is not UTF-8 or has an unknown escape.
    static func decode(_ line: ArraySlice<UInt8>) -> [String]? {
        var fields: [String] = []
        var field: [UInt8] = []
        var escaped = false
        func close() -> Bool {
            guard let text = String(validating: field, as: UTF8.self) else { return false }
            fields.append(text)
            field.removeAll(keepingCapacity: true)
            return true
        }
        for byte in line {
            if escaped {
                switch byte {
                case backslash: field.append(backslash)
                case UInt8(ascii: "t"): field.append(tab)
                case UInt8(ascii: "n"): field.append(lineFeed)
                default: return nil
                }
                escaped = false
            } else if byte == backslash {
                escaped = true
            } else if byte == tab {
                guard close() else { return nil }
            } else {
                field.append(byte)
            }
        }
        return !escaped && close() ? fields : nil
    }
}

/// The facts read so far.
private struct ManifestDraft {
    private var formatVersion: Int?
    private var toolVersion: String?
    private var created: Int64?
    private var itemCount: Int?
    private var userCount: Int?
    private var model: String?
    private var weights: StoredBlendWeights?
    private var consumed: UInt64?
    private var sources: [IndexFacts.SourceFile] = []
    private var configuration: [IndexFacts.Setting] = []
    private var counts: [IndexFacts.NamedCount] = []
    private var quality: [IndexFacts.NamedNumber] = []
    private var sections: [SectionRecord] = []

    /// False where the line is not understood.
    mutating func take(_ fields: [String], isFirst: Bool) -> Bool {
        guard isFirst == (fields[0] == IndexManifest.title) else { return false }
        switch (fields[0], fields.count) {
        case (IndexManifest.title, 2): return Self.set(&formatVersion, Int(fields[1]))
        case ("tool", 2): return Self.set(&toolVersion, fields[1])
        case ("created", 2): return Self.set(&created, Int64(fields[1]))
        case ("items", 2): return Self.set(&itemCount, Self.count(fields[1]))
        case ("users", 2): return Self.set(&userCount, Self.count(fields[1]))
        case ("model", 2): return Self.set(&model, fields[1])
        case ("weights", 4): return Self.set(&weights, Self.weights(fields))
        case ("consumed", 2): return Self.set(&consumed, UInt64(fields[1]))
        case ("source", 4): return Self.append(&sources, Self.source(fields))
        case ("setting", 3): return Self.append(&configuration, IndexFacts.Setting(fields[1], fields[2]))
        case ("count", 3): return Self.append(&counts, Int(fields[2]).map { .init(fields[1], $0) })
        case ("quality", 3): return Self.append(&quality, Double(fields[2]).map { .init(fields[1], $0) })
        case ("section", 8): return Self.append(&sections, Self.section(fields))
        default: return false
        }
    }

    func finished() -> IndexManifest? {
        guard let formatVersion, let toolVersion, let created, let itemCount, let userCount, let model, let weights,
            let consumed
        else { return nil }
        var facts = IndexFacts(
            createdMilliseconds: created, toolVersion: toolVersion, sources: sources, configuration: configuration,
            blendWeights: weights, counts: counts, quality: quality)
        facts.consumedSequence = consumed
        return IndexManifest(
            formatVersion: formatVersion, itemCount: itemCount, userCount: userCount, collaborativeModel: model,
            facts: facts, sections: sections)
    }

    /// False where the value is not there or the fact is given twice.
    private static func set<Value>(_ fact: inout Value?, _ value: Value?) -> Bool {
        guard fact == nil, let value else { return false }
        fact = value
        return true
    }

    private static func append<Value>(_ facts: inout [Value], _ value: Value?) -> Bool {
        guard let value else { return false }
        facts.append(value)
        return true
    }

    private static func count(_ text: String) -> Int? { Int(text).flatMap { $0 >= 0 ? $0 : nil } }

    private static func weights(_ fields: [String]) -> StoredBlendWeights? {
        guard let content = Double(fields[1]), let collaborative = Double(fields[2]), let fallback = Double(fields[3])
        else { return nil }
        return StoredBlendWeights(content: content, collaborative: collaborative, fallback: fallback)
    }

    private static func source(_ fields: [String]) -> IndexFacts.SourceFile? {
        guard let byteCount = Int(fields[2]), let crc32 = UInt32(fields[3], radix: 16) else { return nil }
        return IndexFacts.SourceFile(name: fields[1], byteCount: byteCount, crc32: crc32)
    }

    private static func section(_ fields: [String]) -> SectionRecord? {
        let numbers = fields[2...6].compactMap { count($0) }
        guard let name = SectionName(rawValue: fields[1]), numbers.count == 5,
            let checksum = UInt64(fields[7], radix: 16)
        else { return nil }
        return SectionRecord(
            name: name, block: numbers[0], firstRow: numbers[1], rowCount: numbers[2], columnCount: numbers[3],
            payloadByteCount: numbers[4], checksum: checksum)
    }
}
