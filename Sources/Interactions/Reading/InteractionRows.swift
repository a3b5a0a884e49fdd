/// Checks rows and appends the good ones to a log.
struct InteractionRows {
    struct Fault {
        let reason: BadRowReason
        var detail = ""
        /// The row is not wrong, only of no use.
        var isApart = false

        init(reason: BadRowReason, detail: String = "", isApart: Bool = false) {
            self.reason = reason
            self.detail = detail
            self.isApart = isApart
        }

        /// Of a text that is no time.
        init(timeIn reader: borrowing RecordReader, _ field: RecordField, column: String?) {
            self.init(
                reason: .unparseableTime,
                detail: "\(column ?? "time") \"\(BadRow.printable(reader.bytes[field.range]))\"")
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
    private(set) var times: TimeColumn
    private(set) var reading: FieldReading
    private let numbers: NumberForm
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
    init(columns: InteractionColumns, weights: EventWeights, eventType: String?, options: SourceOptions) {
        self.columns = columns
        times = TimeColumn(options.times)
        reading = FieldReading(options.ids)
        numbers = options.numbers
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
        let user = reading.id(reader.field(columns.user), bytes)
        let item = reading.id(reader.field(columns.item), bytes)
        let userFault = user.fault(asId: bytes, missing: .missingUserId)
        if let userFault, userFault != .missingUserId { return Fault(reason: userFault) }
        if let reason = item.fault(asId: bytes, missing: .missingItemId) {
            return Fault(reason: userFault ?? reason)
        }
        let typeField = reader.field(columns.type)
        let isTyped = columns.type != nil && typeField.kind != .absent
        let found = isTyped ? type(named: bytes.extracting(typeField.range)) : defaultType
        if userFault != nil { return Fault(reason: .missingUserId, isApart: isOrder(found)) }
        var time: TimeReading?
        if log.hasTimes {
            let field = reader.field(columns.time)
            time = times.reading(of: bytes.extracting(field.range))
            if time == nil { return Fault(timeIn: reader, field, column: columns.timeName) }
        }
        guard let type = found else {
            return Fault(reason: .unknownEventType, detail: BadRow.printable(reader.bytes[typeField.range]))
        }
        var value = Float.nan
        if let fault = read(&value, of: reader, type) { return fault }
        var amount: Double?
        if let column = columns.amount ?? columns.price {
            let field = reading.value(reader.field(column), bytes)
            let number = field.isEmpty ? 0 : numbers.number(field, bytes)
            let pieces = columns.amount != nil || value.isNaN ? 1 : Double(value)
            guard let number, NumberLimits.holds(number * pieces) else {
                return Fault(measure: number.map { $0 * max(1, pieces) }, in: reader, field)
            }
            amount = number * pieces
        }
        if let time {
            times.note(
                time, row: log.count, lineNumber: reader.lineNumber,
                text: reader.bytes[reader.field(columns.time).range])
        }
        log.append(
            user: bytes.extracting(user.range), item: bytes.extracting(item.range), eventType: UInt8(type),
            time: time?.milliseconds ?? 0, value: value, session: session(reader), amount: amount)
        return nil
    }

    /// Whether a row of that type is one of an order, which nobody need have an account for.
    private func isOrder(_ type: Int?) -> Bool {
        let isPurchase = type.map { weights.names[$0] == EventWeights.purchaseName } ?? false
        return isPurchase || columns.type == nil && columns.value != nil && type != ratingType
    }

    private mutating func read(_ value: inout Float, of reader: borrowing RecordReader, _ type: Int) -> Fault? {
        let bytes = reader.bytes.span
        let field = reading.value(reader.field(columns.value), bytes)
        if field.isEmpty { return type == ratingType ? Fault(reason: .missingValue) : nil }
        // What no Float holds is no value at all.
        let parsed = numbers.number(field, bytes).flatMap { Float($0).isFinite ? $0 : nil }
        guard let number = parsed, NumberLimits.holds(number) else { return Fault(measure: parsed, in: reader, field) }
        if type != ratingType && number <= 0 { return Fault(reason: .nonPositiveQuantity, isApart: true) }
        value = Float(number)
        return nil
    }

    /// The rows as they are once the whole column of times is known.
    mutating func settle(_ file: inout RecordFile) throws(ReadError) -> TimeReport? {
        log.valueColumn = columns.valueName
        guard log.hasTimes else { return nil }
        let judgement = try file.judge(times, column: columns.timeName ?? "time", log.times)
        log.apply(judgement)
        return judgement.report
    }

    var warnings: [String?] { log.idWarnings }

    /// The number of the row's session; nil where no row has one. A row that lacks a session is one of its own.
    private mutating func session(_ reader: borrowing RecordReader) -> Int32? {
        // JSON Lines may bring the key after rows without it: the whole file then counts as one without sessions.
        guard columns.session != nil, log.isEmpty || log.hasSessions else { return nil }
        let field = reading.id(reader.field(columns.session), reader.bytes.span)
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
