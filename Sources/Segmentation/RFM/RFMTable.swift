package import Interactions

/// Rows of transactions by what became of them. A row counts under the first rule that it breaks.
package struct CleaningReport: Sendable, Equatable {
    package internal(set) var rowCount = 0
    package internal(set) var noCustomerCount = 0
    package internal(set) var nonPositiveQuantityCount = 0
    package internal(set) var nonPositivePriceCount = 0
    /// Rows that repeat an earlier one exactly; counted, and left out where that was asked for.
    package internal(set) var duplicateCount = 0
    package internal(set) var leavesDuplicatesOut = false
    /// Rows of returns that were taken from what their customers spent.
    package internal(set) var netReturnCount = 0
    /// Customers whose returns came to more than what they bought, whose monetary value is 0.
    package internal(set) var overdrawnCustomerCount = 0
    /// Rows of cancelled orders, such as C536379 among 536379 and its like, whose quantity is not negative.
    package internal(set) var cancelledCount = 0
    /// Customers with returns and no purchase, who are not in the table.
    package internal(set) var returnOnlyCustomerCount = 0
    /// Rows of the reference time or later, where that was asked for.
    package internal(set) var laterCount = 0

    package init() {}

    package var cleanRowCount: Int {
        rowCount - noCustomerCount - nonPositiveQuantityCount - nonPositivePriceCount - cancelledCount - laterCount
            - (leavesDuplicatesOut ? duplicateCount : 0)
    }
}

/// What an RFM table is to be made of.
package struct RFMRules: Sendable, Equatable {
    /// What becomes of rows with a negative quantity.
    package enum Returns: String, Sendable, CaseIterable {
        /// They are left out.
        case drop
        /// They are taken from what their customer spent; they are no orders, and no sign of life.
        case net
    }

    package var returns = Returns.drop
    package var leavesDuplicatesOut = false
    /// Milliseconds since 1970; nil: the midnight (UTC) that ends the newest order's day.
    package var referenceTime: Int64?
    /// Rows of the reference time or later are left out, rather than an error.
    package var endsAtReference = false

    package init() {}
}

/// Recency, frequency and monetary value of every customer with a clean transaction.
///
/// - recency: whole days from the customer's newest order to the reference time, which by default is the midnight (UTC)
///   that ends the day of the newest order of all: who bought on that day has recency 0.
/// - frequency: different orders.
/// - monetary: the sum of quantity times price, less returns where `RFMRules.returns` says so, and then at least 0.
package struct RFMTable: Sendable, Equatable {
    /// Ascending by their ids' bytes; the columns below are in this order.
    package let customerIds: [String]
    package let recencies: [Double]
    package let frequencies: [Double]
    package let monetaries: [Double]
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let referenceTime: Int64
    package let cleaning: CleaningReport

    private static let dayMilliseconds: Int64 = 86_400_000

    package init(_ log: TransactionLog, referenceTime: Int64? = nil) throws(SegmentationError) {
        var rules = RFMRules()
        rules.referenceTime = referenceTime
        try self.init(log, rules)
    }

    package init(_ log: TransactionLog, _ rules: RFMRules) throws(SegmentationError) {
        var cleaning = CleaningReport()
        let isCancelled = CancelledOrders(log.orders)
        let rows = Self.cleanRows(log, rules, isCancelled, &cleaning)
        var newest = [Int64](repeating: .min, count: log.customers.count)
        var sums = [Double](repeating: 0, count: log.customers.count)
        var purchases: [UInt64] = []
        purchases.reserveCapacity(rows.count)
        for row in rows {
            let customer = Int(log.customerIndexes[row])
            let isReturn = log.quantities[row] < 0 || isCancelled.contains(log.orderIndexes[row])
            let worth = log.quantities[row] * log.prices[row]
            sums[customer] += isReturn ? -worth.magnitude : worth
            guard !isReturn else { continue }
            newest[customer] = max(newest[customer], log.times[row])
            purchases.append(UInt64(customer) << 32 | UInt64(log.orderIndexes[row]))
        }
        guard let last = newest.max(), last > .min else {
            throw SegmentationError(
                .tooFewRows, operation: "measure customers", expected: "a row with a customer, a quantity and a price",
                found: "none among \(log.count) rows", remedy: "Check which columns were taken for what.")
        }
        let reference = try Self.reference(rules, last)
        let orderCounts = Self.orderCounts(&purchases, customerCount: log.customers.count)
        let order = log.customers.ascendingOrder().map { Int($0) }.filter { newest[$0] > .min }
        cleaning.returnOnlyCustomerCount = Self.returnOnlyCount(log, isCancelled, newest)
        cleaning.overdrawnCustomerCount = order.count { sums[$0] < 0 }
        customerIds = order.map { log.customers.id(at: $0) }
        recencies = order.map { Double((reference - newest[$0]) / Self.dayMilliseconds) }
        frequencies = order.map { Double(orderCounts[$0]) }
        monetaries = order.map { max(0, sums[$0]) }
        self.referenceTime = reference
        self.cleaning = cleaning
    }

    private static func reference(_ rules: RFMRules, _ last: Int64) throws(SegmentationError) -> Int64 {
        let reference =
            rules.referenceTime ?? floorDivided(last, dayMilliseconds) * dayMilliseconds + dayMilliseconds
        guard reference >= last, reference <= NumberLimits.greatestTimeMilliseconds + dayMilliseconds else {
            throw SegmentationError(
                .badOption, operation: "measure customers",
                expected:
                    "a reference time that is not before the newest order (\(GivenTime.text(milliseconds: last))), nor "
                    + "after the year 9999",
                found: GivenTime.text(milliseconds: reference),
                remedy: "Name a later date, or leave later orders out of the file.")
        }
        return reference
    }

    package var count: Int { customerIds.count }

    /// The rows that a table is made of, and the table.
    package static func cleaned(
        _ log: TransactionLog, _ rules: RFMRules
    ) throws(SegmentationError) -> (rows: [Int], table: RFMTable) {
        var cleaning = CleaningReport()
        return (cleanRows(log, rules, CancelledOrders(log.orders), &cleaning), try RFMTable(log, rules))
    }

    private static func cleanRows(
        _ log: TransactionLog, _ rules: RFMRules, _ isCancelled: CancelledOrders, _ cleaning: inout CleaningReport
    ) -> [Int] {
        var rows: [Int] = []
        rows.reserveCapacity(log.count)
        cleaning.rowCount = log.count
        cleaning.leavesDuplicatesOut = rules.leavesDuplicatesOut
        let repeats = repeats(log)
        cleaning.duplicateCount = repeats.count { $0 }
        let end = rules.endsAtReference ? rules.referenceTime ?? .max : .max
        for row in 0..<log.count {
            let cancels = isCancelled.contains(log.orderIndexes[row])
            let isReturn = log.quantities[row] < 0 || cancels
            if rules.leavesDuplicatesOut && !repeats.isEmpty && repeats[row] {
                continue
            } else if log.times[row] >= end {
                cleaning.laterCount += 1
            } else if log.customerIndexes[row] < 0 {
                cleaning.noCustomerCount += 1
            } else if cancels && log.quantities[row] > 0 && rules.returns == .drop {
                cleaning.cancelledCount += 1
            } else if !(log.quantities[row] > 0) && !(isReturn && rules.returns == .net) {
                cleaning.nonPositiveQuantityCount += 1
            } else if !(log.prices[row] > 0) {
                cleaning.nonPositivePriceCount += 1
            } else {
                if isReturn { cleaning.netReturnCount += 1 }
                rows.append(row)
            }
        }
        return rows
    }

    private static func returnOnlyCount(
        _ log: TransactionLog, _ isCancelled: CancelledOrders, _ newest: [Int64]
    ) -> Int {
        var hasReturns = [Bool](repeating: false, count: newest.count)
        for row in 0..<log.count where log.customerIndexes[row] >= 0 {
            if log.quantities[row] < 0 || isCancelled.contains(log.orderIndexes[row]) {
                hasReturns[Int(log.customerIndexes[row])] = true
            }
        }
        return hasReturns.indices.count { hasReturns[$0] && newest[$0] == .min }
    }

    /// Per row, whether an earlier one has the same text; empty where the log has no texts.
    private static func repeats(_ log: TransactionLog) -> [Bool] {
        var seen = Set<UInt64>(minimumCapacity: log.textHashes.count)
        return log.textHashes.map { !seen.insert($0).inserted }
    }

    /// The different orders of each customer: `purchases` holds customer and order in its upper and lower half.
    private static func orderCounts(_ purchases: inout [UInt64], customerCount: Int) -> [Int] {
        purchases.sort()
        var counts = [Int](repeating: 0, count: customerCount)
        var previous: UInt64?
        for purchase in purchases where purchase != previous {
            counts[Int(purchase >> 32)] += 1
            previous = purchase
        }
        return counts
    }

    private static func floorDivided(_ value: Int64, _ divisor: Int64) -> Int64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
