/// Rows of orders in columns, in the order of the file, uncleaned: 32 bytes a row beside the id tables.
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

    package init() {}

    package var count: Int { times.count }

    /// Appends a row. An empty `customer` is none.
    package mutating func append(
        customer: Span<UInt8>, order: Span<UInt8>, time: Int64, quantity: Double, price: Double
    ) {
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
}
