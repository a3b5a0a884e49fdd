#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Rows that are unlike the others, and in what.
package struct UnusualRows: Sendable {
    package struct Reason: Sendable, Equatable {
        package let column: String
        package let value: Double
        /// The median of all rows.
        package let usual: Double
        /// Of all rows, those that lie no further out on that side.
        package let percentile: Double
    }

    package struct Row: Sendable, Equatable {
        package let row: Int
        package let score: Double
        /// Strongest first.
        package let reasons: [Reason]
    }

    /// Highest scores first.
    package let rows: [Row]

    /// With fewer rows nobody can say what is usual.
    package static let leastRowCount = 50
    /// A score of the forest from which on a row is told: far beyond the 0.5 of a usual one.
    private static let leastScore = 0.62
    /// And by how many quartile distances its strongest column must be beyond a quartile: Tukey's far out, and as much again.
    private static let leastDistance = 6.0
    private static let reasonCount = 3

    /// - Parameters:
    ///   - columns: what rows are measured by; counts and the like, of which the logarithm is taken. NaN where a row has none.
    ///   - limit: at most so many rows are told.
    package init(_ columns: [(name: String, values: [Double])], limit: Int, seed: UInt64) {
        let count = columns.first?.values.count ?? 0
        guard count >= Self.leastRowCount else {
            rows = []
            return
        }
        let scales = columns.map { Scale($0.values) }
        let scaled = zip(columns, scales).map { column, scale in column.values.map(scale.place) }
        let forest = IsolationForest(scaled, seed: seed)
        let scores = (0..<count).map { row in forest.score(scaled.map { $0[row] }) }
        let candidates = scores.indices.filter { scores[$0] >= Self.leastScore }.sorted {
            (scores[$1], $0) < (scores[$0], $1)
        }
        rows = candidates.lazy.compactMap { row -> Row? in
            let far = columns.indices.map { (column: $0, distance: scales[$0].distance(scaled[$0][row])) }.sorted {
                ($1.distance, $0.column) < ($0.distance, $1.column)
            }
            guard let first = far.first, first.distance >= Self.leastDistance else { return nil }
            return Row(
                row: row, score: scores[row],
                reasons: far.prefix(Self.reasonCount).filter { $0.distance > 1.5 }.map { column, _ in
                    Reason(
                        column: columns[column].name, value: columns[column].values[row], usual: scales[column].median,
                        percentile: scales[column].percentile(scaled[column][row]))
                })
        }.prefix(limit).map { $0 }
    }

    /// Logarithms, their quartiles and ranks.
    private struct Scale {
        let median: Double
        private let middle: Double
        private let lower: Double
        private let upper: Double
        private let sorted: [Double]

        /// Of a column that is nearly the same for all a quarter of a unit: doubling is then some way out.
        private static let leastSpread = 0.25

        init(_ values: [Double]) {
            let known = values.filter(\.isFinite).sorted()
            let logarithms = known.map { Self.logarithm($0) }
            sorted = logarithms
            func quantile(_ share: Double, _ values: [Double]) -> Double {
                values.isEmpty ? 0 : values[Int(share * Double(values.count - 1))]
            }
            median = quantile(0.5, known)
            middle = quantile(0.5, logarithms)
            lower = quantile(0.25, logarithms)
            upper = quantile(0.75, logarithms)
        }

        private static func logarithm(_ value: Double) -> Double {
            value < 0 ? -log1p(-value) : log1p(value)
        }

        /// What is not known is taken to be usual.
        func place(_ value: Double) -> Double { value.isFinite ? Self.logarithm(value) : middle }

        /// Beyond the nearer quartile, in distances between them.
        func distance(_ place: Double) -> Double {
            let spread = max(upper - lower, Self.leastSpread)
            return max(place - upper, lower - place, 0) / spread
        }

        func percentile(_ place: Double) -> Double {
            guard !sorted.isEmpty else { return 0 }
            let isAbove = place >= middle
            let inside = isAbove ? Self.count(sorted) { $0 <= place } : sorted.count - Self.count(sorted) { $0 < place }
            return Double(inside) / Double(sorted.count)
        }

        /// Of ascending values, those at the front for which it holds.
        private static func count(_ values: [Double], while holds: (Double) -> Bool) -> Int {
            var (low, high) = (0, values.count)
            while low < high {
                let middle = (low + high) / 2
                if holds(values[middle]) { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }
}
