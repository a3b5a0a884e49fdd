package import Interactions
package import Segmentation

/// When customers bought again, in days (Fader, Hardie's notation: x, t_x, T): orders of one day are one purchase, the first
/// purchase begins a customer's time.
package struct PurchaseHistories: Sendable {
    /// Ascending by their ids' bytes; the columns below are in this order.
    package let customerIds: [String]
    /// x: days with a purchase after the first.
    package let repeatCounts: [Int]
    /// t_x: days from the first purchase to the last.
    package let recencies: [Double]
    /// T: days from the first purchase to the end of the observation.
    package let ages: [Double]
    /// The mean of what repeat purchases came to; NaN where there is none, or where returns left nothing.
    package let meanValues: [Double]
    /// Milliseconds since 1970: what is of this time or later is not in it.
    package let endTime: Int64
    package let cleaning: CleaningReport

    package static let dayMilliseconds: Int64 = 86_400_000

    package var count: Int { customerIds.count }

    /// Rows are cleaned as an RFM table's are.
    package init(_ log: TransactionLog, _ rules: RFMRules) throws(SegmentationError) {
        var ending = rules
        ending.endsAtReference = true
        let (rows, table) = try RFMTable.cleaned(log, ending)
        var days: [(customer: Int32, day: Int64, sum: Double)] = rows.map { row in
            (
                log.customerIndexes[row], Self.day(log.times[row]),
                log.quantities[row] > 0 ? log.quantities[row] * log.prices[row] : 0
            )
        }
        // A return is no purchase: only what its customer spent on the day is less.
        let bought = rows.map { log.quantities[$0] > 0 }
        days = zip(days, bought).filter(\.1).map(\.0)
        days.sort { ($0.customer, $0.day) < ($1.customer, $1.day) }
        let last = Self.day(table.referenceTime - 1)
        var drafts = [Draft?](repeating: nil, count: log.customers.count)
        for entry in days {
            var draft = drafts[Int(entry.customer)] ?? Draft(first: entry.day)
            draft.add(entry.day, entry.sum)
            drafts[Int(entry.customer)] = draft
        }
        let order = log.customers.ascendingOrder().map { Int($0) }.filter { drafts[$0] != nil }
        let known = order.compactMap { drafts[$0] }
        customerIds = order.map { log.customers.id(at: $0) }
        repeatCounts = known.map(\.repeatCount)
        recencies = known.map { Double($0.last - $0.first) }
        ages = known.map { Double(last - $0.first) }
        meanValues = known.map { $0.repeatCount > 0 ? $0.repeatSum / Double($0.repeatCount) : .nan }
        endTime = table.referenceTime
        cleaning = table.cleaning
    }

    /// For data that come from no file.
    package init(repeatCounts: [Int], recencies: [Double], ages: [Double], meanValues: [Double]) {
        precondition(recencies.count == repeatCounts.count && ages.count == repeatCounts.count)
        precondition(meanValues.count == repeatCounts.count)
        customerIds = repeatCounts.indices.map { "\($0)" }
        self.repeatCounts = repeatCounts
        self.recencies = recencies
        self.ages = ages
        self.meanValues = meanValues
        endTime = 0
        cleaning = CleaningReport()
    }

    private struct Draft {
        let first: Int64
        var last: Int64
        var repeatCount = 0
        var repeatSum = 0.0

        init(first: Int64) { (self.first, last) = (first, first) }

        /// Days come in order.
        mutating func add(_ day: Int64, _ sum: Double) {
            if day > last { repeatCount += 1 }
            if day > first { repeatSum += sum }
            last = day
        }
    }

    private static func day(_ time: Int64) -> Int64 {
        let (quotient, remainder) = time.quotientAndRemainder(dividingBy: dayMilliseconds)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
