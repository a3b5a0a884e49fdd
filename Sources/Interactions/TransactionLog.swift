/// Rows of orders in columns, in the order of the file, uncleaned: 40 bytes a row beside the id tables.
package struct TransactionLog: Sendable {
    package private(set) var customers = IdentifierTable()
    package private(set) var orders = IdentifierTable()
    /// Per row, an index of `customers`; -1 where the row names none.
    package private(set) var customerIndexes: [Int32] = []
    /// Per row, an index of `orders`.
    package private(set) var orderIndexes: [Int32] = []
    /// Per row, milliseconds since 1970-01-01T00:00:00Z.
    package private(set) var times: [Int64] = []
    /// Per row; negative for what came back.
    package private(set) var quantities: [Double] = []
    /// Per row, of one piece.
    package private(set) var prices: [Double] = []

    /// Per row, a hash of its whole text: rows of one hash are taken for the same row twice (64 bits; of ten million different rows
    /// two agree once in 400,000 files). Empty for rows that come from no file.
    package private(set) var textHashes: [UInt64] = []

    package init() {}

    package var count: Int { times.count }

    /// Appends a row. An empty `customer` is none.
    package mutating func append(
        customer: Span<UInt8>, order: Span<UInt8>, time: Int64, quantity: Double, price: Double,
        textHash: UInt64? = nil
    ) {
        precondition(textHashes.isEmpty && (textHash == nil || count == 0) || textHash != nil)
        if let textHash { textHashes.append(textHash) }
        customerIndexes.append(customer.isEmpty ? -1 : customers.intern(customer))
        orderIndexes.append(orders.intern(order))
        times.append(time)
        quantities.append(quantity)
        prices.append(price)
    }

    package mutating func append(
        customer: String, order: String, time: Int64, quantity: Double = 1, price: Double
    ) {
        append(
            customer: Array(customer.utf8).span, order: Array(order.utf8).span, time: time, quantity: quantity,
            price: price)
    }

    /// Adds the rows of another file after these. `orders`: where rows are orders, those of both files are different ones.
    package mutating func append(_ other: TransactionLog, orders rule: OrderRule) {
        for row in 0..<other.count {
            let index = other.customerIndexes[row]
            let customer = index < 0 ? [] : other.customers.bytes(at: Int(index))
            let order =
                rule == .rows ? Array("\(count)".utf8)[...] : other.orders.bytes(at: Int(other.orderIndexes[row]))
            append(
                customer: customer.span, order: order.span, time: other.times[row], quantity: other.quantities[row],
                price: other.prices[row], textHash: other.textHashes.isEmpty ? nil : other.textHashes[row])
        }
    }

    /// Sets the times that the whole column showed to be others, and takes out the rows that it showed to have none.
    mutating func apply(_ judgement: TimeColumn.Judgement) {
        for change in judgement.changes { times[change.row] = change.milliseconds }
        guard !judgement.refused.isEmpty else { return }
        let refused = Set(judgement.refused.map(\.row))
        var kept = TransactionLog()
        for row in 0..<count where !refused.contains(row) {
            let customer = customerIndexes[row] < 0 ? [] : customers.bytes(at: Int(customerIndexes[row]))
            kept.append(
                customer: customer.span, order: orders.bytes(at: Int(orderIndexes[row])).span, time: times[row],
                quantity: quantities[row], price: prices[row],
                textHash: textHashes.isEmpty ? nil : textHashes[row])
        }
        self = kept
    }
}
