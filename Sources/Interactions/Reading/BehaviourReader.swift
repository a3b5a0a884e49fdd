/// Reads a file of what users did: CSV, TSV or JSON Lines, plain or gzip.
///
/// The columns are those that `SourceOptions.columns` names, and by default, whatever their case, and with or without
/// `_`, `-` and spaces:
///
///     userId      as in InteractionReader
///     itemId      as in InteractionReader                  may be empty where the row has a query
///     type        type, event, eventType, action           where there is none, the caller's, else view
///     query       query, searchQuery, searchTerm
///     channel     channel, salesChannel                    the last three may be missing
///     gender      gender
///     cityTier    cityTier, tier
///
/// Quantities are not looked at: a row is one event. Read for visits, a row has two parts more:
///
///     time        as in InteractionReader                  every row needs one
///     sessionId   as in InteractionReader                  may be empty; the user too where no column is userId
package enum BehaviourReader {
    /// Event types that `weights` does not have are bad rows. `eventType`: the type of rows without one.
    package static func read(
        path: String, options: SourceOptions = SourceOptions(), weights: EventWeights, eventType: String? = nil,
        progress: ReadProgress? = nil
    ) throws(ReadError) -> (log: BehaviourLog, report: ReadReport) {
        let standard = eventType ?? EventWeights.viewName
        guard let standardType = weights.index(of: standard) else {
            throw ReadError(
                .badOption, operation: "read the event type",
                expected: "one of \(weights.names.joined(separator: ", "))", found: "\"\(standard)\"",
                remedy: "Give it a weight, such as \(standard)=1, or name another.")
        }
        let file = try RecordFile.open(path: path, content: .items, options: options, progress: progress)
        return try read(
            file, path, options, EventTypeCache(weights: weights, standard: standardType), purpose: .affinities)
    }

    /// With the time and the session of each event. There may be up to 256 event types of any names.
    package static func readForVisits(
        path: String, options: SourceOptions = SourceOptions(), eventType: String? = nil, progress: ReadProgress? = nil
    ) throws(ReadError) -> (log: BehaviourLog, report: ReadReport) {
        let file = try RecordFile.open(path: path, content: .interactions, options: options, progress: progress)
        return try read(
            file, path, options, EventTypeCache(standard: eventType ?? EventWeights.viewName), purpose: .visits)
    }

    /// As for visits, with what each row came to and its category.
    package static func readForTrends(
        path: String, options: SourceOptions = SourceOptions(), eventType: String? = nil, progress: ReadProgress? = nil
    ) throws(ReadError) -> (log: BehaviourLog, report: ReadReport) {
        let file = try RecordFile.open(path: path, content: .interactions, options: options, progress: progress)
        return try read(
            file, path, options, EventTypeCache(standard: eventType ?? EventWeights.viewName), purpose: .trends)
    }

    private static func read(
        _ opened: consuming RecordFile, _ path: String, _ options: SourceOptions, _ cache: EventTypeCache,
        purpose: BehaviourPurpose
    ) throws(ReadError) -> (log: BehaviourLog, report: ReadReport) {
        var file = opened
        func columns(_ lookup: ColumnLookup, isComplete: Bool) throws(ReadError) -> BehaviourColumns {
            try BehaviourColumns(lookup, requested: options.columns, purpose: purpose, isComplete: isComplete)
        }
        var rows = BehaviourRows(
            try columns(file.lookup, isComplete: !file.hasKeys), cache, options,
            purpose: purpose)
        var keyCount = 0
        while try file.next() {
            if file.hasKeys && file.reader.keys.count > keyCount {
                keyCount = file.reader.keys.count
                rows.columns = try columns(file.reader.keyLookup, isComplete: false)
            }
            if let fault = rows.append(file.reader) { try file.refuse(fault) }
        }
        if file.hasKeys && keyCount > 0 { rows.columns = try columns(file.reader.keyLookup, isComplete: true) }
        rows.log.eventTypes = rows.types.names
        var times: TimeReport?
        if purpose != .affinities {
            let judgement = try file.judge(rows.times, column: rows.columns.timeName ?? "time", rows.log.times)
            rows.log.apply(judgement)
            times = judgement.report
        }
        let report = try file.finish(
            columns: rows.columns.mapping, times: times, notes: [rows.reading.note],
            warnings: [
                WholeNumberIds.warning(rows.log.users, of: "user"), WholeNumberIds.warning(rows.log.items, of: "item"),
            ])
        return (rows.log, report)
    }
}

/// Checks rows and appends the good ones to a log.
private struct BehaviourRows {
    var columns: BehaviourColumns
    var log: BehaviourLog
    private(set) var types: EventTypeCache
    private(set) var times: TimeColumn
    private(set) var reading: FieldReading
    private let numbers: NumberForm
    private let purpose: BehaviourPurpose

    init(_ columns: BehaviourColumns, _ types: EventTypeCache, _ options: SourceOptions, purpose: BehaviourPurpose) {
        self.columns = columns
        self.types = types
        self.purpose = purpose
        numbers = options.numbers
        log = BehaviourLog(eventTypes: types.names)
        times = TimeColumn(options.times)
        reading = FieldReading(options.ids)
    }

    mutating func append(_ reader: borrowing RecordReader) -> InteractionRows.Fault? {
        let bytes = reader.bytes.span
        let user = reading.id(reader.field(columns.user), bytes)
        let item = reading.id(reader.field(columns[.itemId]), bytes)
        let query = reading.value(reader.field(columns[.query]), bytes)
        if let reason = user.fault(asId: bytes, missing: .missingUserId) { return .init(reason: reason) }
        if !item.isEmpty || query.isEmpty, let reason = item.fault(asId: bytes, missing: .missingItemId) {
            return .init(reason: reason)
        }
        let session = reading.id(reader.field(columns[.sessionId]), bytes)
        if !session.isEmpty, let reason = session.fault(asId: bytes, missing: .missingUserId) {
            return .init(reason: reason)
        }
        var time: TimeReading?
        let timeField = reader.field(columns[.time])
        if purpose != .affinities {
            time = times.reading(of: bytes.extracting(timeField.range))
            if time == nil { return .init(timeIn: reader, timeField, column: columns.timeName) }
        }
        let typeField = reader.field(columns[.type])
        guard let type = types.index(of: bytes.extracting(typeField.range)) else {
            return .init(reason: .unknownEventType, detail: BadRow.printable(reader.bytes[typeField.range]))
        }
        var amount = Double.nan
        if purpose == .trends, let fault = read(&amount, of: reader) { return fault }
        if let time {
            times.note(time, row: log.count, lineNumber: reader.lineNumber, text: reader.bytes[timeField.range])
        }
        let channel = reading.value(reader.field(columns[.channel]), bytes)
        let gender = reading.value(reader.field(columns[.gender]), bytes)
        let tier = reading.value(reader.field(columns[.cityTier]), bytes)
        log.append(
            user: bytes.extracting(user.range), item: bytes.extracting(item.range),
            query: bytes.extracting(query.range), channel: bytes.extracting(channel.range),
            gender: bytes.extracting(gender.range), cityTier: bytes.extracting(tier.range), eventType: type)
        if let time { log.append(time: time.milliseconds, session: bytes.extracting(session.range)) }
        if purpose == .trends {
            let category = reading.value(reader.field(columns[.category]), bytes)
            log.append(amount: amount, category: bytes.extracting(category.range))
        }
        return nil
    }

    /// What the row came to; stays NaN where it does not say.
    private mutating func read(_ amount: inout Double, of reader: borrowing RecordReader) -> InteractionRows.Fault? {
        let bytes = reader.bytes.span
        guard let column = columns[.amount] ?? columns[.price] else { return nil }
        let field = reading.value(reader.field(column), bytes)
        if field.isEmpty { return nil }
        var pieces = 1.0
        let count = reading.value(reader.field(columns[.quantity]), bytes)
        if columns[.amount] == nil && !count.isEmpty {
            guard let number = numbers.number(count, bytes), NumberLimits.holds(number) else {
                return .init(measure: numbers.number(count, bytes), in: reader, count)
            }
            pieces = number
        }
        guard let number = numbers.number(field, bytes), NumberLimits.holds(number), NumberLimits.holds(number * pieces)
        else {
            return .init(
                measure: numbers.number(field, bytes).map { $0 * max(1, pieces.magnitude) }, in: reader, field)
        }
        amount = number * pieces
        return nil
    }
}

/// Looks every spelling of an event type up once.
private struct EventTypeCache {
    private(set) var names: [String]
    /// Nil where every type counts.
    private let weights: EventWeights?
    /// The type of a row that names none.
    private let standard: Int
    private var spellings = IdentifierTable()
    private var types: [Int?] = []

    init(weights: EventWeights, standard: Int) {
        self.weights = weights
        self.standard = standard
        names = weights.names
    }

    init(standard: String) {
        weights = nil
        self.standard = 0
        names = [standard]
    }

    mutating func index(of name: Span<UInt8>) -> Int? {
        if name.isEmpty { return standard }
        let spelling = Int(spellings.intern(name))
        if spelling == types.count { types.append(number(of: spellings.id(at: spelling))) }
        return types[spelling]
    }

    private mutating func number(of name: String) -> Int? {
        if let weights { return weights.index(of: name) }
        if let index = names.firstIndex(of: name) { return index }
        guard names.count < InteractionLog.maximalEventTypeCount else { return nil }
        names.append(name)
        return names.count - 1
    }
}
