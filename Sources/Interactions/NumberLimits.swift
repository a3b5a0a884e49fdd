/// What a number in a file may be, so that no sum, product or conversion of such numbers can overflow.
package enum NumberLimits {
    /// Of quantities, prices, ratings, weights of events and measures. Whole numbers up to it are exact in a Double and fit an
    /// Int; a product of two is a finite Float; so is, in Double, the sum of as many products as a log has rows (2^31).
    package static let greatestMagnitude = 1e15

    /// 9999-12-31T23:59:59.999Z in milliseconds since 1970. Every time that is read lies between it and its negative, but
    /// for dates before the year 1, so that two times can be subtracted.
    package static let greatestTimeMilliseconds: Int64 = 253_402_300_799_999

    /// Of what is divided by: a deviation below it is none that a model was written with.
    package static let leastDeviation = 1e-15

    package static func holds(_ number: Double) -> Bool { number.magnitude <= greatestMagnitude }
}
