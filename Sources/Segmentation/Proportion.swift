/// A share with its 95 % interval after Wilson 1927, which holds for small counts and for shares of 0 and 1 as well.
package struct Proportion: Sendable, Equatable {
    package let count: Int
    package let total: Int
    package let lower: Double
    package let upper: Double

    package var share: Double { total == 0 ? 0 : Double(count) / Double(total) }

    package init(count: Int, of total: Int) {
        precondition((0...total).contains(count))
        self.count = count
        self.total = total
        guard total > 0 else {
            (lower, upper) = (0, 1)
            return
        }
        // 0.975 quantile of the standard normal distribution.
        let z = 1.959964
        let (n, p) = (Double(total), Double(count) / Double(total))
        let middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        (lower, upper) = (max(0, middle - half), min(1, middle + half))
    }
}
