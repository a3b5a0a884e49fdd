#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// How much two labellings of the same rows tell of each other.
package struct LabelAgreement: Sendable, Equatable {
    /// Mutual information over the mean of both entropies, 0 to 1.
    package let normalizedMutualInformation: Double
    /// The same less what chance gives: 0 for unrelated labels, 1 for equal ones (Vinh, Epps, Bailey 2010, "Information
    /// theoretic measures for clusterings comparison", with the arithmetic mean of the entropies).
    package let adjustedMutualInformation: Double
    /// The adjusted Rand index (Hubert, Arabie 1985).
    package let adjustedRandIndex: Double

    /// Labels are numbers from 0. O(rows + classes · classes · largest class).
    package init(_ first: [Int32], _ second: [Int32]) {
        precondition(first.count == second.count)
        let table = Contingency(first, second)
        let mutual = table.mutualInformation
        let (a, b) = (Contingency.entropy(table.firstCounts), Contingency.entropy(table.secondCounts))
        let mean = (a + b) / 2
        normalizedMutualInformation = mean > 0 ? mutual / mean : 1
        let expected = table.expectedMutualInformation
        // One class on both sides, or every row its own on both: they agree in all there is.
        let room = mean - expected
        adjustedMutualInformation = room.magnitude > 1e-12 * max(1, mean) ? (mutual - expected) / room : 1
        adjustedRandIndex = table.adjustedRandIndex
    }
}

/// How many rows each pair of labels has.
private struct Contingency {
    let firstCounts: [Int]
    let secondCounts: [Int]
    let cells: [(first: Int, second: Int, count: Int)]
    let total: Int

    init(_ first: [Int32], _ second: [Int32]) {
        var firstCounts = [Int](repeating: 0, count: Int(first.max() ?? -1) + 1)
        var secondCounts = [Int](repeating: 0, count: Int(second.max() ?? -1) + 1)
        var counts: [UInt64: Int] = [:]
        for (a, b) in zip(first, second) {
            firstCounts[Int(a)] += 1
            secondCounts[Int(b)] += 1
            counts[UInt64(a) << 32 | UInt64(b), default: 0] += 1
        }
        self.firstCounts = firstCounts
        self.secondCounts = secondCounts
        cells = counts.sorted { $0.key < $1.key }.map { (Int($0.key >> 32), Int($0.key & 0xFFFF_FFFF), $0.value) }
        total = first.count
    }

    static func entropy(_ counts: [Int]) -> Double {
        let total = Double(counts.reduce(0, +))
        return counts.reduce(0) { $1 == 0 ? $0 : $0 - Double($1) / total * log(Double($1) / total) }
    }

    var mutualInformation: Double {
        let n = Double(total)
        return cells.reduce(0) { sum, cell in
            let product = Double(firstCounts[cell.first]) * Double(secondCounts[cell.second])
            return sum + Double(cell.count) / n * log(n * Double(cell.count) / product)
        }
    }

    /// Over all tables with the same sums of rows and columns (Vinh, Epps, Bailey 2010, equation 24).
    var expectedMutualInformation: Double {
        let n = Double(total)
        // Pairs of equal class sizes have equal terms: the sum runs over different sizes.
        let (first, second) = (Self.sizes(firstCounts), Self.sizes(secondCounts))
        var sum = 0.0
        for (a, firstOften) in first {
            for (b, secondOften) in second {
                var term = 0.0
                for shared in max(1, a + b - total)...min(a, b) {
                    let logWeight =
                        Self.logFactorial(a) + Self.logFactorial(b) + Self.logFactorial(total - a)
                        + Self.logFactorial(total - b) - Self.logFactorial(total) - Self.logFactorial(shared)
                        - Self.logFactorial(a - shared) - Self.logFactorial(b - shared)
                        - Self.logFactorial(total - a - b + shared)
                    term += Double(shared) / n * log(n * Double(shared) / (Double(a) * Double(b))) * exp(logWeight)
                }
                sum += term * Double(firstOften * secondOften)
            }
        }
        return sum
    }

    var adjustedRandIndex: Double {
        func pairs(_ count: Int) -> Double { Double(count) * Double(count - 1) / 2 }
        let both = cells.reduce(0) { $0 + pairs($1.count) }
        let (a, b) = (firstCounts.reduce(0) { $0 + pairs($1) }, secondCounts.reduce(0) { $0 + pairs($1) })
        let expected = total > 1 ? a * b / pairs(total) : 0
        let room = (a + b) / 2 - expected
        return room == 0 ? 1 : (both - expected) / room
    }

    private static func sizes(_ counts: [Int]) -> [(size: Int, often: Int)] {
        Dictionary(grouping: counts.filter { $0 > 0 }, by: \.self).map { ($0.key, $0.value.count) }
            .sorted { $0.0 < $1.0 }
    }

    private static func logFactorial(_ value: Int) -> Double { lgamma(Double(value) + 1) }
}
