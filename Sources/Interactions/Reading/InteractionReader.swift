/// Reads a file of interactions: CSV, TSV or JSON Lines, plain or gzip, or a MovieLens layout.
///
/// The columns are those that `SourceOptions.columns` names, and by default, whatever their case, and with or without
/// `_`, `-` and spaces:
///
///     userId      userId, user, customerId, customer, visitorId
///     itemId      itemId, item, movieId, productId, product, articleId, sku, stockCode
///     time        time, timestamp, ts, datetime, date, eventTime, createdAt, invoiceDate, orderDate; else the order of rows is the order of time
///     value       value, rating, stars, score, quantity, qty                     a rating or a quantity
///     type        type, event, eventType, action
///     sessionId   sessionId, session                                             the user too where no column is userId
///
/// `query` may be mapped too; it is looked up but not kept. A row with an empty session is a session of its own.
///
/// A row without a type (no such column; in JSON Lines no such key) has the type that the caller names, else `rating`
/// where the value column is called rating, stars or score, else `view`. A rating needs a value; the value of any other
/// type is a quantity, may be missing, and must be above zero. In JSON Lines an id may be an integer, and counts as its
/// digits. A value or a time may be a JSON string.
///
/// A purchase, or a row with a quantity, without a user is an order of a guest, and one of zero pieces or fewer a return: both are
/// left out and counted, but are not among the bad rows that `SourceOptions.maxBadRows` limits.
package enum InteractionReader {
    /// Reads the file at `path`. Event types that `weights` does not have are bad rows. `eventType`: the type of rows
    /// without one.
    package static func read(
        path: String, options: SourceOptions = SourceOptions(), weights: EventWeights = .standard,
        eventType: String? = nil, progress: ReadProgress? = nil
    ) throws(ReadError) -> (log: InteractionLog, report: ReadReport) {
        if let eventType, weights.index(of: eventType) == nil {
            throw ReadError(
                .badOption, operation: "read the event type",
                expected: "one of \(weights.names.joined(separator: ", "))",
                found: "\"\(eventType)\"", remedy: "Give it a weight, such as \(eventType)=1, or name another.")
        }
        var file = try RecordFile.open(path: path, content: .interactions, options: options, progress: progress)
        let lookup = file.lookup
        let columns = try InteractionColumns(lookup, requested: options.columns, isComplete: !file.hasKeys)
        var rows = InteractionRows(columns: columns, weights: weights, eventType: eventType, options: options)
        var keyCount = 0
        while try file.next() {
            if file.hasKeys && file.reader.keys.count > keyCount {
                keyCount = file.reader.keys.count
                try rows.change(
                    InteractionColumns(file.reader.keyLookup, requested: options.columns, isComplete: false),
                    path: path, lineNumber: file.reader.lineNumber)
            }
            if let fault = rows.append(file.reader) { try file.refuse(fault) }
        }
        if file.hasKeys && keyCount > 0 {
            // Every key has been seen now: a column that is still missing is missing.
            _ = try InteractionColumns(file.reader.keyLookup, requested: options.columns, isComplete: true)
        }
        let times = try rows.settle(&file)
        let report = try file.finish(
            columns: rows.columns.mapping, times: times, notes: [rows.reading.note], warnings: rows.warnings)
        return (rows.log, report)
    }
}
