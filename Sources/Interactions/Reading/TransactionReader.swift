/// Reads a file of orders' rows: CSV, TSV or JSON Lines, plain or gzip.
///
/// The columns are those that `SourceOptions.columns` names, and by default, whatever their case, and with or without
/// `_`, `-` and spaces:
///
///     userId      userId, user, customerId, customer, visitorId         may be empty in a row: nobody is known
///     orderId     orderId, order, invoiceNo, invoice, transactionId, basketId
///     time        time, timestamp, ts, dateTime, date, eventTime, createdAt, invoiceDate, orderDate
///     quantity    quantity, qty                                         where there is no such column, 1
///     price       price, unitPrice                                      of one piece
///     amount      amount, total, totalPrice, lineTotal, sales, salesValue, revenue      of the row, where there is no price
///
/// An `amount` found by its name beside a quantity may be of a row or of a piece: that is refused, and a mapping decides.
/// Quantities and prices may be zero or negative here: what of that is left out, and counted, is the reader's caller's
/// to say. Rows that cannot be understood are bad rows, and so are those whose quantity, price or product of both is beyond
/// `NumberLimits.greatestMagnitude`.
package enum TransactionReader {
    package static func read(
        path: String, options: SourceOptions = SourceOptions(), orders: OrderRule = .ids, progress: ReadProgress? = nil
    ) throws(ReadError) -> (log: TransactionLog, report: ReadReport) {
        var file = try RecordFile.open(path: path, content: .items, options: options, progress: progress)
        var rows = TransactionRows(
            columns: try TransactionColumns(
                file.lookup, requested: options.columns, orders: orders,
                isComplete: !file.hasKeys), options: options)
        var keyCount = 0
        while try file.next() {
            if file.hasKeys && file.reader.keys.count > keyCount {
                keyCount = file.reader.keys.count
                rows.columns = try TransactionColumns(
                    file.reader.keyLookup, requested: options.columns, orders: orders, isComplete: false)
            }
            if let fault = rows.append(file.reader) { try file.refuse(fault) }
        }
        if file.hasKeys && keyCount > 0 {
            rows.columns = try TransactionColumns(
                file.reader.keyLookup, requested: options.columns, orders: orders, isComplete: true)
        }
        let judgement = try file.judge(rows.times, column: rows.columns.timeName ?? "time", rows.log.times)
        rows.log.apply(judgement)
        let report = try file.finish(
            columns: rows.columns.mapping, times: judgement.report, notes: [rows.reading.note],
            warnings: [
                WholeNumberIds.warning(rows.log.customers, of: "customer"),
                WholeNumberIds.warning(rows.log.orders, of: "order"),
            ])
        return (rows.log, report)
    }
}

/// Checks rows and appends the good ones to a log.
private struct TransactionRows {
    var columns: TransactionColumns
    var log = TransactionLog()
    private(set) var times: TimeColumn
    private(set) var reading: FieldReading
    private let numbers: NumberForm

    init(columns: TransactionColumns, options: SourceOptions) {
        self.columns = columns
        times = TimeColumn(options.times)
        reading = FieldReading(options.ids)
        numbers = options.numbers
    }

    mutating func append(_ reader: borrowing RecordReader) -> InteractionRows.Fault? {
        let bytes = reader.bytes.span
        let customer = reading.id(reader.field(columns.customer), bytes)
        if !customer.isEmpty, let reason = customer.fault(asId: bytes, missing: .missingUserId) {
            return .init(reason: reason)
        }
        let order = reading.id(reader.field(columns.order), bytes)
        if columns.order != nil, let reason = order.fault(asId: bytes, missing: .missingOrderId) {
            return .init(reason: reason)
        }
        let timeField = reader.field(columns.time)
        guard let time = times.reading(of: bytes.extracting(timeField.range)) else {
            return .init(timeIn: reader, timeField, column: columns.timeName)
        }
        var quantity = 1.0
        if let column = columns.quantity {
            let field = reader.field(column)
            let number = numbers.number(field, bytes)
            guard let number, NumberLimits.holds(number) else { return .init(measure: number, in: reader, field) }
            quantity = number
        }
        let priceField = reader.field(columns.amount ?? columns.price)
        let number = numbers.number(priceField, bytes)
        guard let given = number, NumberLimits.holds(given), NumberLimits.holds(given * quantity) else {
            return .init(measure: number.map { $0 * max(1, quantity.magnitude) }, in: reader, priceField)
        }
        times.note(time, row: log.count, lineNumber: reader.lineNumber, text: reader.bytes[timeField.range])
        let worth = worth(given, quantity)
        if columns.order != nil {
            log.append(
                customer: bytes.extracting(customer.range), order: bytes.extracting(order.range),
                time: time.milliseconds, quantity: worth.quantity, price: worth.price,
                textHash: Self.hash(reader.text))
        } else {
            let day = CivilDate.floorDivided(time.milliseconds, CivilDate.dayMilliseconds)
            let key = Array("\(columns.orders == .rows ? Int64(log.count) : day)".utf8)
            log.append(
                customer: bytes.extracting(customer.range), order: key.span, time: time.milliseconds,
                quantity: worth.quantity, price: worth.price, textHash: Self.hash(reader.text))
        }
        return nil
    }

    /// FNV-1a (Fowler, Noll, Vo; 64 bits).
    private static func hash(_ text: ArraySlice<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return hash
    }

    /// An amount is of the whole row: as a price of one piece, whose sign is the row's.
    private func worth(_ given: Double, _ quantity: Double) -> (quantity: Double, price: Double) {
        guard columns.amount != nil else { return (quantity, given) }
        let sign: Double = given < 0 || quantity < 0 ? -1 : quantity == 0 ? 0 : 1
        return (sign, given.magnitude)
    }
}
