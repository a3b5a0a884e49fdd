package import LinearAlgebra

/// Keeps the numbers of clusters from one build to the next: new centres are paired with previous ones so that the
/// squared distances of all pairs sum to the least possible (the Hungarian method; Kuhn 1955, in the form with potentials,
/// O(n^3)).
package enum CentreMatching {
    /// `order[c]` is the new centre that takes place `c`. Where there are as many new centres as previous ones, place `c`
    /// is that of its partner; surplus new centres follow in ascending order, and where previous centres are left without a
    /// partner, the places close up. Both matrices have the same columns; where they do not, the order stays.
    package static func order(of centres: DenseMatrix, matching previous: DenseMatrix) -> [Int] {
        guard centres.columnCount == previous.columnCount else { return Array(0..<centres.rowCount) }
        let isMoreNew = centres.rowCount > previous.rowCount
        let (few, many) = isMoreNew ? (previous, centres) : (centres, previous)
        let costs = (0..<few.rowCount).map { row in
            (0..<many.rowCount).map { column in squaredDistance(few, row, many, column) }
        }
        let partners = partners(costs)
        if isMoreNew {
            let taken = Set(partners)
            return partners + (0..<centres.rowCount).filter { !taken.contains($0) }
        }
        return (0..<centres.rowCount).sorted { partners[$0] < partners[$1] }
    }

    private static func squaredDistance(_ a: DenseMatrix, _ row: Int, _ b: DenseMatrix, _ other: Int) -> Double {
        var sum = 0.0
        for column in 0..<a.columnCount {
            let difference = Double(a[row, column]) - Double(b[other, column])
            sum += difference * difference
        }
        return sum
    }

    /// For each row of `costs` its column, all different, of least total cost. There are at most as many rows as columns.
    static func partners(_ costs: [[Double]]) -> [Int] {
        let height = costs.count
        let width = costs.first?.count ?? 0
        var rowPotentials = [Double](repeating: 0, count: height + 1)
        var columnPotentials = [Double](repeating: 0, count: width + 1)
        // Position 0 stands for none; rows and columns count from 1.
        var rowOfColumn = [Int](repeating: 0, count: width + 1)
        for row in stride(from: 1, through: height, by: 1) {
            rowOfColumn[0] = row
            var column = 0
            var least = [Double](repeating: .infinity, count: width + 1)
            var isUsed = [Bool](repeating: false, count: width + 1)
            var from = [Int](repeating: 0, count: width + 1)
            repeat {
                isUsed[column] = true
                let current = rowOfColumn[column]
                var step = Double.infinity
                var next = 0
                for candidate in 1...width where !isUsed[candidate] {
                    let cost =
                        costs[current - 1][candidate - 1] - rowPotentials[current] - columnPotentials[candidate]
                    if cost < least[candidate] { (least[candidate], from[candidate]) = (cost, column) }
                    if least[candidate] < step { (step, next) = (least[candidate], candidate) }
                }
                for index in 0...width {
                    if isUsed[index] {
                        rowPotentials[rowOfColumn[index]] += step
                        columnPotentials[index] -= step
                    } else {
                        least[index] -= step
                    }
                }
                column = next
            } while rowOfColumn[column] != 0
            while column != 0 {
                rowOfColumn[column] = rowOfColumn[from[column]]
                column = from[column]
            }
        }
        var partners = [Int](repeating: 0, count: height)
        for column in stride(from: 1, through: width, by: 1) where rowOfColumn[column] > 0 {
            partners[rowOfColumn[column] - 1] = column - 1
        }
        return partners
    }
}
