import Spelling

/// What an order is.
package enum OrderRule: String, Sendable, CaseIterable {
    /// Rows of one order id.
    case ids
    /// Each row.
    case rows
    /// What a customer buys on a day, in UTC.
    case days
}

/// Where in a row the parts of a transaction lie.
struct TransactionColumns {
    enum Role: String, CaseIterable {
        case userId
        case orderId
        case time
        case quantity
        case price
        case amount

        var defaultNames: [String] {
            switch self {
            case .userId: ColumnRole.userId.defaultNames
            case .orderId: ["orderid", "order", "invoiceno", "invoice", "transactionid", "basketid"]
            case .time: ColumnRole.time.defaultNames
            case .quantity: ["quantity", "qty"]
            case .price: ["price", "unitprice"]
            case .amount: ["amount", "total", "totalprice", "linetotal", "sales", "salesvalue", "revenue"]
            }
        }
    }

    let orders: OrderRule

    let customer: Int?
    let order: Int?
    let time: Int?
    /// The file's name of that column.
    let timeName: String?
    let quantity: Int?
    /// Of one piece; nil where `amount` is not.
    let price: Int?
    /// Of all pieces of the row.
    let amount: Int?
    /// What was found, by role.
    let mapping: ColumnMapping

    /// As `InteractionColumns`: the requested ones by name, the others by their default names.
    init(
        _ lookup: ColumnLookup, requested: ColumnMapping, orders: OrderRule, isComplete: Bool
    ) throws(ReadError) {
        self.orders = orders
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
            if role == .amount && (indexes[.price] != nil || requested[Role.price.rawValue] != nil) { continue }
            if role == .price && requested[Role.amount.rawValue] != nil { continue }
            if role == .orderId && orders != .ids { continue }
            indexes[role] = lookup.index(ofDefaults: role.defaultNames, except: Array(indexes.values))
        }
        if isComplete { try Self.check(indexes, lookup, requested, orders) }
        customer = indexes[.userId]
        order = orders == .ids ? indexes[.orderId] : nil
        time = indexes[.time]
        timeName = indexes[.time].map { lookup.names[$0] }
        quantity = indexes[.quantity]
        price = indexes[.price]
        amount = indexes[.price] == nil ? indexes[.amount] : nil
        mapping = ColumnMapping(
            Role.allCases.compactMap { role in
                indexes[role].map { ColumnMapping.Entry(name: role.rawValue, column: lookup.names[$0]) }
            })
    }

    private static func check(
        _ indexes: [Role: Int], _ lookup: ColumnLookup, _ requested: ColumnMapping, _ orders: OrderRule
    ) throws(ReadError) {
        for role in [Role.userId, .time] where indexes[role] == nil {
            throw lookup.missing(role.rawValue, defaults: role.defaultNames)
        }
        if orders == .ids && indexes[.orderId] == nil {
            throw lookup.missing(
                Role.orderId.rawValue, defaults: Role.orderId.defaultNames,
                advice:
                    " Or say --orders rows or --orders days: each row, or what a customer buys in a day, is then an order."
            )
        }
        guard indexes[.price] != nil || indexes[.amount] != nil else {
            throw lookup.missing(
                Role.price.rawValue, defaults: Role.price.defaultNames + Role.amount.defaultNames,
                advice: " amount=COLUMN is what a row came to, price=COLUMN the price of one piece.")
        }
        // Both are found by their names alone: what the row came to would be multiplied.
        if let amount = indexes[.amount], indexes[.price] == nil, requested[Role.amount.rawValue] == nil,
            let quantity = indexes[.quantity]
        {
            let name = lookup.names[amount]
            throw ReadError(
                .missingColumn, operation: "take \"\(name)\" for money", path: lookup.path,
                expected:
                    "to know whether it is of one piece or of the whole row, as there is \"\(lookup.names[quantity])\" too",
                found: "neither",
                remedy:
                    "Say --columns amount=\(name) where it is of the whole row, price=\(name) where it is of one piece."
            )
        }
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
