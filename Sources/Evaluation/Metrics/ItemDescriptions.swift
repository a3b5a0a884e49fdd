/// What items are, by the task's item numbers, for the metrics that look beyond hits. Nothing of it decides a hit.
package struct ItemDescriptions: Sendable {
    package static let none = ItemDescriptions(categoryName: nil, categories: [], vectors: [], dimension: 0)

    /// The property that the categories were taken from; nil without categories.
    package let categoryName: String?
    let categoryCount: Int
    /// `[itemCount x dimension]`, rows of length 1, zero rows for items without a vector.
    private let vectors: [Float]
    let dimension: Int
    private let categories: [[Int32]]

    /// - Parameters:
    ///   - categories: dense category numbers of every item, none for an item of no category; empty without categories.
    ///   - vectors: `[itemCount x dimension]`, of any lengths; a row that is zero or not finite is an item without one.
    package init(categoryName: String?, categories: [[Int32]], vectors: [Float], dimension: Int) {
        precondition(dimension == 0 ? vectors.isEmpty : vectors.count.isMultiple(of: dimension), "whole rows")
        self.categoryName = categoryName
        self.categories = categories
        categoryCount = categories.joined().reduce(0) { max($0, Int($1) + 1) }
        self.dimension = dimension
        var rows = vectors
        for start in stride(from: 0, to: rows.count, by: max(dimension, 1)) {
            var squares = 0.0
            for value in rows[start..<start + dimension] { squares += Double(value) * Double(value) }
            let scale = squares > 0 && squares.isFinite ? 1 / squares.squareRoot() : 0
            for position in start..<start + dimension {
                rows[position] = scale == 0 ? 0 : Float(Double(rows[position]) * scale)
            }
        }
        self.vectors = rows
    }

    /// Items that are not described have none.
    func categories(of item: Int32) -> [Int32] { Int(item) < categories.count ? categories[Int(item)] : [] }

    /// Adds the item's unit vector to `sum`; false where it has none.
    func addVector(of item: Int32, to sum: inout [Double]) -> Bool {
        let start = Int(item) * dimension
        guard dimension > 0, start < vectors.count else { return false }
        var isThere = false
        for position in 0..<dimension {
            let value = vectors[start + position]
            sum[position] += Double(value)
            if value != 0 { isThere = true }
        }
        return isThere
    }
}
