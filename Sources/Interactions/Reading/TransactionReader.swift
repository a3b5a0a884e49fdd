import Spelling

/// Reads a file of orders' rows: CSV, TSV or JSON Lines, plain or gzip.
///
/// The columns are those that `SourceOptions.columns` names, and by default, whatever their case, and with or without
/// `_`, `-` and spaces:
///
///     userId      userId, user, customerId, customer, visitorId         may be empty in a row: nobody is known
///     orderId     orderId, order, invoiceNo, invoice, transactionId, basketId
///     time        time, timestamp, ts, dateTime, date, eventTime, createdAt, invoiceDate, orderDate
///     quantity    quantity, qty                                         where there is no such column, 1
///     price       price, unitPrice, amount                              of one piece
///
/// Quantities and prices may be zero or negative here: what of that is left out, and counted, is the reader's caller's
/// to say. Rows that cannot be understood are bad rows, and so are those whose quantity, price or product of both is beyond
/// `NumberLimits.greatestMagnitude`.
package enum TransactionReader {
    package static func read(
        path: String, options: SourceOptions = SourceOptions(), progress: ReadProgress? = nil
    ) throws(ReadError) -> (log: TransactionLog, report: ReadReport) {
        var file = try RecordFile.open(path: path, content: .items, options: options, progress: progress)
        var columns = try TransactionColumns(
            ColumnLookup(path: path, names: file.columnNames), requested: options.columns, isComplete: !file.hasKeys)
        var log = TransactionLog()
        var keyCount = 0
        while try file.next() {
            if file.hasKeys && file.reader.keys.count > keyCount {
                keyCount = file.reader.keys.count
                columns = try TransactionColumns(
                    file.reader.keyLookup, requested: options.columns, isComplete: false)
            }
            if let fault = append(file.reader, columns, to: &log) {
                try file.refuse(fault.reason, detail: fault.detail)
            }
        }
        if file.hasKeys && keyCount > 0 {
            columns = try TransactionColumns(file.reader.keyLookup, requested: options.columns, isComplete: true)
        }
        return (log, try file.finish(columns: columns.mapping))
    }

    private static func append(
        _ reader: borrowing RecordReader, _ columns: TransactionColumns, to log: inout TransactionLog
    ) -> InteractionRows.Fault? {
        let bytes = reader.bytes.span
        let customer = reader.field(columns.customer)
        let order = reader.field(columns.order)
        if !customer.isEmpty, let reason = customer.fault(asId: bytes, missing: .missingUserId) {
            return .init(reason: reason)
        }
        if let reason = order.fault(asId: bytes, missing: .missingOrderId) { return .init(reason: reason) }
        guard let time = TimestampParser.milliseconds(bytes.extracting(reader.field(columns.time).range)) else {
            return .init(reason: .unparseableTime)
        }
        var quantity = 1.0
        if let column = columns.quantity {
            let field = reader.field(column)
            let number = NumberParser.number(bytes.extracting(field.range))
            guard let number, NumberLimits.holds(number) else { return .init(measure: number, in: reader, field) }
            quantity = number
        }
        let priceField = reader.field(columns.price)
        let number = NumberParser.number(bytes.extracting(priceField.range))
        guard let price = number, NumberLimits.holds(price), NumberLimits.holds(price * quantity) else {
            return .init(measure: number.map { $0 * max(1, quantity.magnitude) }, in: reader, priceField)
        }
        log.append(
            customer: bytes.extracting(customer.range), order: bytes.extracting(order.range), time: time,
            quantity: quantity, price: price)
        return nil
    }
}

/// Where in a row the parts of a transaction lie.
private struct TransactionColumns {
    enum Role: String, CaseIterable {
        case userId
        case orderId
        case time
        case quantity
        case price

        var defaultNames: [String] {
            switch self {
            case .userId: ColumnRole.userId.defaultNames
            case .orderId: ["orderid", "order", "invoiceno", "invoice", "transactionid", "basketid"]
            case .time: ColumnRole.time.defaultNames + ["invoicedate", "orderdate"]
            case .quantity: ["quantity", "qty"]
            case .price: ["price", "unitprice", "amount"]
            }
        }

        var isRequired: Bool { self != .quantity }
    }

    let customer: Int?
    let order: Int?
    let time: Int?
    let quantity: Int?
    let price: Int?
    /// What was found, by role.
    let mapping: ColumnMapping

    /// As `InteractionColumns`: the requested ones by name, the others by their default names.
    init(_ lookup: ColumnLookup, requested: ColumnMapping, isComplete: Bool) throws(ReadError) {
        try Self.checkRoles(requested)
        var indexes: [Role: Int] = [:]
        for role in Role.allCases {
            guard let name = requested[role.rawValue], !name.isEmpty else { continue }
            if let index = try lookup.index(named: name) {
                indexes[role] = index
            } else if isComplete {
                throw lookup.missing(name)
            }
        }
        for role in Role.allCases where requested[role.rawValue] == nil {
            indexes[role] = lookup.index(ofDefaults: role.defaultNames, except: Array(indexes.values))
        }
        for role in Role.allCases where isComplete && role.isRequired && indexes[role] == nil {
            throw lookup.missing(role.rawValue, defaults: role.defaultNames)
        }
        customer = indexes[.userId]
        order = indexes[.orderId]
        time = indexes[.time]
        quantity = indexes[.quantity]
        price = indexes[.price]
        mapping = ColumnMapping(
            Role.allCases.compactMap { role in
                indexes[role].map { ColumnMapping.Entry(name: role.rawValue, column: lookup.names[$0]) }
            })
    }

    private static func checkRoles(_ mapping: ColumnMapping) throws(ReadError) {
        let names = Role.allCases.map(\.rawValue)
        for entry in mapping.entries where Role(rawValue: entry.name) == nil {
            let nearest = EditDistance.nearest(to: entry.name, among: names).map { "Did you mean \($0)?" }
            throw ReadError(
                .badOption, operation: "read the column mapping",
                expected: "names of a transaction's parts: \(names.joined(separator: ", "))",
                found: "\"\(entry.name)\"", remedy: nearest ?? "Name one of them.")
        }
    }
}
