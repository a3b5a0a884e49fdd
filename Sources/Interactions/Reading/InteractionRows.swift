/// Checks rows and appends the good ones to a log.
struct InteractionRows {
    struct Fault {
        let reason: BadRowReason
        var detail = ""

        init(reason: BadRowReason, detail: String = "") {
            self.reason = reason
            self.detail = detail
        }

        /// Of a number that cannot be taken, with its text.
        init(measure number: Double?, in reader: borrowing RecordReader, _ field: RecordField) {
            self.init(
                reason: NumberParser.fault(ofMeasure: number) ?? .unparseableNumber,
                detail: BadRow.printable(reader.bytes[field.range]))
        }
    }

    private(set) var columns: InteractionColumns
    private(set) var log: InteractionLog
    private let weights: EventWeights
    private let typeNames: [[UInt8]]
    private let ratingType: Int?
    private let requestedType: Int?
    /// The type of a row that names none; nil where `weights` does not have it.
    private var defaultType: Int?
    private var lastType = 0
    private var sessions = IdentifierTable()
    private var sessionCount: Int32 = 0
    /// Of the ids in `sessions`, the number that rows carry.
    private var sessionNumbers: [Int32] = []

    /// `eventType`: the type of rows that name none, one of `weights`.
    init(columns: InteractionColumns, weights: EventWeights, eventType: String?) {
        self.columns = columns
        self.weights = weights
        typeNames = weights.names.map { Array($0.utf8) }
        ratingType = weights.index(of: EventWeights.ratingName)
        requestedType = eventType.flatMap { weights.index(of: $0) }
        log = InteractionLog(eventTypes: weights.names, hasTimes: columns.time != nil)
        defaultType = standardType
    }

    /// Takes other columns, as JSON Lines brought keys that had not been seen before.
    mutating func change(_ columns: InteractionColumns, path: String, lineNumber: Int) throws(ReadError) {
        self.columns = columns
        defaultType = standardType
        if (columns.time != nil) == log.hasTimes { return }
        guard log.isEmpty else {
            throw ReadError(
                .timesInSomeRowsOnly, operation: "read the times", path: path,
                expected: "a time in every row or in none",
                found: "the first time on line \(lineNumber), after rows without",
                remedy: "Give every row a time, or map the time to no column (`time=`).")
        }
        log = InteractionLog(eventTypes: weights.names, hasTimes: true)
    }

    /// Appends the reader's current row to the log, or says what is wrong with it.
    mutating func append(_ reader: borrowing RecordReader) -> Fault? {
        let bytes = reader.bytes.span
        let user = reader.field(columns.user)
        let item = reader.field(columns.item)
        if let reason = user.fault(asId: bytes, missing: .missingUserId) { return Fault(reason: reason) }
        if let reason = item.fault(asId: bytes, missing: .missingItemId) { return Fault(reason: reason) }
        var time: Int64 = 0
        if log.hasTimes {
            let range = reader.field(columns.time).range
            guard let parsed = TimestampParser.milliseconds(bytes.extracting(range)) else {
                return Fault(reason: .unparseableTime)
            }
            time = parsed
        }
        let typeField = reader.field(columns.type)
        let isTyped = columns.type != nil && typeField.kind != .absent
        guard let type = isTyped ? type(named: bytes.extracting(typeField.range)) : defaultType else {
            return Fault(reason: .unknownEventType, detail: BadRow.printable(reader.bytes[typeField.range]))
        }
        let valueField = reader.field(columns.value)
        var value = Float.nan
        if valueField.isEmpty {
            if type == ratingType { return Fault(reason: .missingValue) }
        } else {
            // What no Float holds is no value at all.
            let parsed = NumberParser.number(bytes.extracting(valueField.range)).flatMap {
                Float($0).isFinite ? $0 : nil
            }
            guard let number = parsed, NumberLimits.holds(number) else {
                return Fault(measure: parsed, in: reader, valueField)
            }
            if type != ratingType && number <= 0 { return Fault(reason: .nonPositiveQuantity) }
            value = Float(number)
        }
        log.append(
            user: bytes.extracting(user.range), item: bytes.extracting(item.range), eventType: UInt8(type), time: time,
            value: value, session: session(reader))
        return nil
    }

    /// The number of the row's session; nil where no row has one. A row that lacks a session is one of its own.
    private mutating func session(_ reader: borrowing RecordReader) -> Int32? {
        // JSON Lines may bring the key after rows without it: the whole file then counts as one without sessions.
        guard columns.session != nil, log.isEmpty || log.hasSessions else { return nil }
        let field = reader.field(columns.session)
        guard field.fault(asId: reader.bytes.span, missing: .missingUserId) == nil else {
            sessionCount += 1
            return sessionCount - 1
        }
        let index = Int(sessions.intern(reader.bytes.span.extracting(field.range)))
        if index == sessionNumbers.count {
            sessionNumbers.append(sessionCount)
            sessionCount += 1
        }
        return sessionNumbers[index]
    }

    private var standardType: Int? {
        requestedType ?? weights.index(of: columns.isRating ? EventWeights.ratingName : EventWeights.viewName)
    }

    /// The event type of that name; rows of one type tend to follow each other, so the last one is tried first.
    private mutating func type(named name: Span<UInt8>) -> Int? {
        if Self.isEqual(name, typeNames[lastType]) { return lastType }
        for index in typeNames.indices where Self.isEqual(name, typeNames[index]) {
            lastType = index
            return index
        }
        return nil
    }

    /// Whether they are equal, ASCII letters of `name` made small.
    private static func isEqual(_ name: Span<UInt8>, _ lowercased: [UInt8]) -> Bool {
        guard name.count == lowercased.count else { return false }
        for position in name.indices {
            let byte = name[position]
            let small = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
            if small != lowercased[position] { return false }
        }
        return true
    }
}
