package import Interactions

/// Rows of transactions by what became of them. A row counts under the first rule that it breaks.
package struct CleaningReport: Sendable, Equatable {
    package internal(set) var rowCount = 0
    package internal(set) var noCustomerCount = 0
    package internal(set) var nonPositiveQuantityCount = 0
    package internal(set) var nonPositivePriceCount = 0

    package var cleanRowCount: Int {
        rowCount - noCustomerCount - nonPositiveQuantityCount - nonPositivePriceCount
    }
}

/// Recency, frequency and monetary value of every customer with a clean transaction.
///
/// - recency: whole days from the customer's newest order to the reference time, which by default is the midnight (UTC)
///   that ends the day of the newest order of all: who bought on that day has recency 0.
/// - frequency: different orders.
/// - monetary: the sum of quantity times price.
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

    package init(_ log: TransactionLog, referenceTime requested: Int64? = nil) throws(SegmentationError) {
        var cleaning = CleaningReport()
        let rows = Self.cleanRows(log, &cleaning)
        var newest = [Int64](repeating: .min, count: log.customers.count)
        var sums = [Double](repeating: 0, count: log.customers.count)
        var purchases: [UInt64] = []
        purchases.reserveCapacity(rows.count)
        for row in rows {
            let customer = Int(log.customerIndexes[row])
            newest[customer] = max(newest[customer], log.times[row])
            sums[customer] += log.quantities[row] * log.prices[row]
            purchases.append(UInt64(customer) << 32 | UInt64(log.orderIndexes[row]))
        }
        guard let last = newest.max(), last > .min else {
            throw SegmentationError(
                .tooFewRows, operation: "measure customers", expected: "a row with a customer, a quantity and a price",
                found: "none among \(log.count) rows", remedy: "Check which columns were taken for what.")
        }
        let reference =
            requested ?? Self.floorDivided(last, Self.dayMilliseconds) * Self.dayMilliseconds + Self.dayMilliseconds
        guard reference >= last, reference <= NumberLimits.greatestTimeMilliseconds + Self.dayMilliseconds else {
            throw SegmentationError(
                .badOption, operation: "measure customers",
                expected: "a reference time that is not before the newest order (\(last) ms), nor after the year 9999",
                found: "\(reference) ms",
                remedy: "Name a time in milliseconds since 1970, or leave later orders out of the file.")
        }
        let orderCounts = Self.orderCounts(&purchases, customerCount: log.customers.count)
        let order = log.customers.ascendingOrder().map { Int($0) }.filter { newest[$0] > .min }
        customerIds = order.map { log.customers.id(at: $0) }
        recencies = order.map { Double((reference - newest[$0]) / Self.dayMilliseconds) }
        frequencies = order.map { Double(orderCounts[$0]) }
        monetaries = order.map { sums[$0] }
        self.referenceTime = reference
        self.cleaning = cleaning
    }

    package var count: Int { customerIds.count }

    private static func cleanRows(_ log: TransactionLog, _ cleaning: inout CleaningReport) -> [Int] {
        var rows: [Int] = []
        rows.reserveCapacity(log.count)
        cleaning.rowCount = log.count
        for row in 0..<log.count {
            if log.customerIndexes[row] < 0 {
                cleaning.noCustomerCount += 1
            } else if !(log.quantities[row] > 0) {
                cleaning.nonPositiveQuantityCount += 1
            } else if !(log.prices[row] > 0) {
                cleaning.nonPositivePriceCount += 1
            } else {
                rows.append(row)
            }
        }
        return rows
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
