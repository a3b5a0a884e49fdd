/// Events as a server is sent them, of any types, in columns: rows in the order of the file, some 60 bytes a row beside the tables of
/// texts. -1 where a row lacks something.
package struct EventTable: Sendable {
    /// The parts of an event that are texts, in the order of `UserEvent`.
    package enum Part: Int, Sendable, CaseIterable {
        case eventId, type, userId, sessionId, itemId, query, recommId

        package var name: String {
            switch self {
            case .eventId: "eventId"
            case .type: "type"
            case .userId: "userId"
            case .sessionId: "sessionId"
            case .itemId: "itemId"
            case .query: "query"
            case .recommId: "recommId"
            }
        }
    }

    private var tables = Part.allCases.map { _ in IdentifierTable() }
    private var indexes: [[Int32]] = Part.allCases.map { _ in [] }
    /// NaN where there is none.
    private var values: [Double] = []
    /// Per row, milliseconds since 1970-01-01T00:00:00Z; 0 where it has none.
    private var times: [Int64] = []
    package private(set) var lineNumbers: [Int] = []
    /// Rows without a time among others that have one.
    private var hasTime: [Bool] = []

    package init() {}

    package var count: Int { lineNumbers.count }

    package var users: IdentifierTable { tables[Part.userId.rawValue] }
    package var items: IdentifierTable { tables[Part.itemId.rawValue] }

    package func text(_ part: Part, row: Int) -> ArraySlice<UInt8>? {
        let index = indexes[part.rawValue][row]
        return index < 0 ? nil : tables[part.rawValue].bytes(at: Int(index))
    }

    /// Per row its time, or where it has none that of a row that has one, which changes nothing of the span.
    var knownTimes: [Int64] {
        guard let first = hasTime.firstIndex(of: true), hasTime.contains(false) else { return times }
        return times.indices.map { hasTime[$0] ? times[$0] : times[first] }
    }

    package func value(row: Int) -> Double? { values[row].isNaN ? nil : values[row] }

    package func time(row: Int) -> Int64? { hasTime[row] ? times[row] : nil }

    /// Begins a row; `set` fills it.
    mutating func append(lineNumber: Int, value: Double?, time: Int64?) {
        for part in indexes.indices { indexes[part].append(-1) }
        lineNumbers.append(lineNumber)
        values.append(value ?? .nan)
        times.append(time ?? 0)
        hasTime.append(time != nil)
    }

    /// Of the row appended last.
    mutating func set(_ part: Part, _ text: Span<UInt8>) {
        guard !text.isEmpty else { return }
        indexes[part.rawValue][count - 1] = tables[part.rawValue].intern(text)
    }

    /// Sets the times that the whole column showed to be others, and takes out the rows that it showed to have none.
    mutating func apply(_ judgement: TimeColumn.Judgement) {
        for change in judgement.changes { times[change.row] = change.milliseconds }
        guard !judgement.refused.isEmpty else { return }
        let refused = Set(judgement.refused.map(\.row))
        var kept = EventTable()
        for row in 0..<count where !refused.contains(row) {
            kept.append(lineNumber: lineNumbers[row], value: value(row: row), time: time(row: row))
            for part in Part.allCases {
                if let text = text(part, row: row) { kept.set(part, text.span) }
            }
        }
        self = kept
    }
}
