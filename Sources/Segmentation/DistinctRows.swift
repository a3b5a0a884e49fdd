package import LinearAlgebra

extension DenseMatrix {
    /// How many different rows there are, counted up to the limit.
    package func distinctRowCount(limit: Int) -> Int {
        var seen: Set<[Float]> = []
        for row in 0..<rowCount {
            seen.insert(Array(values[(row * columnCount)..<((row + 1) * columnCount)]))
            if seen.count >= limit { return limit }
        }
        return seen.count
    }
}
