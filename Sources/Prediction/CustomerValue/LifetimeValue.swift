#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What a customer will be worth within a time to come.
package struct LifetimeValue: Sendable, Equatable {
    package let aliveProbability: Double
    package let expectedPurchases: Double
    /// Of one purchase.
    package let expectedSpend: Double
    /// Purchases of each month times what they come to, discounted.
    package let value: Double

    /// Payments are discounted by months of 30 days, as the literature does.
    private static let periodDays = 30.0

    /// - Parameter yearlyDiscount: 0.1 for ten per cent.
    package init(
        _ purchases: PurchaseModel, _ spend: SpendModel?, repeatCount: Int, recency: Double, age: Double,
        meanValue: Double, days: Double, yearlyDiscount: Double
    ) {
        aliveProbability = purchases.aliveProbability(repeatCount: repeatCount, recency: recency, age: age)
        expectedSpend = spend?.expectedValue(repeatCount: repeatCount, meanValue: meanValue) ?? .nan
        let ends = Array(stride(from: Self.periodDays, to: days, by: Self.periodDays)) + [days]
        let expected = purchases.expectedPurchases(
            withinEach: ends, repeatCount: repeatCount, recency: recency, age: age)
        var (total, discounted) = (0.0, 0.0)
        for (end, until) in zip(ends, expected) {
            discounted += max(0, until - total) * exp(-log1p(yearlyDiscount) * end / 365)
            total = max(total, until)
        }
        expectedPurchases = total
        value = discounted * expectedSpend
    }
}
