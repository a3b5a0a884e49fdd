internal import Interactions
internal import LinearAlgebra

/// Turns what contents say in the order of ids into the order of the items' numbers.
struct ItemNumbering {
    /// Per number, the place of the item in the contents, which is its id's rank.
    let ranks: [Int32]
    /// Per place, the number.
    let numbers: [Int32]

    /// - Parameter order: places, each once; nil: numbers are places.
    init(itemCount: Int, order: [Int32]?) {
        ranks = order ?? (0..<Int32(itemCount)).map { $0 }
        var numbers = [Int32](repeating: 0, count: itemCount)
        for (number, rank) in ranks.enumerated() { numbers[Int(rank)] = Int32(number) }
        self.numbers = numbers
    }

    /// Whether `order` has every place once.
    static func isPermutation(_ order: [Int32]) -> Bool {
        var met = [Bool](repeating: false, count: order.count)
        for place in order {
            guard place >= 0, Int(place) < order.count, !met[Int(place)] else { return false }
            met[Int(place)] = true
        }
        return true
    }

    func arranged<Element>(_ values: [Element]) -> [Element] { ranks.map { values[Int($0)] } }

    func renumbered(_ items: [Int32]) -> [Int32] { items.map { renumbered($0) } }

    /// An index that is no item's stays what it is, for `verify` to find.
    private func renumbered(_ item: Int32) -> Int32 {
        numbers.indices.contains(Int(item)) ? numbers[Int(item)] : item
    }

    func arranged(_ matrix: DenseMatrix) -> DenseMatrix {
        var values: [Float] = []
        values.reserveCapacity(matrix.values.count)
        for rank in ranks {
            let start = Int(rank) * matrix.columnCount
            values += matrix.values[start..<start + matrix.columnCount]
        }
        return DenseMatrix(rowCount: matrix.rowCount, columnCount: matrix.columnCount, values: values)
    }

    /// Rows by number; the lists' own indexes are of something else.
    func arranged(_ lists: IndexLists) -> IndexLists {
        var arranged = IndexLists()
        for rank in ranks { arranged.append(Array(lists[Int(rank)])) }
        return arranged
    }

    /// Rows by number, columns renumbered and ascending again.
    func arranged(_ matrix: SparseMatrix) -> SparseMatrix {
        var offsets = [0]
        var columns: [Int32] = []
        var values: [Float] = []
        columns.reserveCapacity(matrix.storedCount)
        values.reserveCapacity(matrix.storedCount)
        for rank in ranks {
            for link in links(of: matrix, row: Int(rank)).sorted(by: { $0.column < $1.column }) {
                columns.append(link.column)
                values.append(link.value)
            }
            offsets.append(columns.count)
        }
        return SparseMatrix(
            rowCount: matrix.rowCount, columnCount: matrix.columnCount, rowOffsets: offsets, columnIndexes: columns,
            values: values)
    }

    /// A row of the contents with its columns renumbered.
    func links(of matrix: SparseMatrix, row: Int) -> [(column: Int32, value: Float)] {
        matrix.range(ofRow: row).map { (renumbered(matrix.columnIndexes[$0]), matrix.values[$0]) }
    }

    /// Numbers by descending score, ties by ascending rank. `scores` are by number.
    func order(of scores: [Float]) -> [Int32] {
        (0..<Int32(scores.count)).sorted { left, right in
            let (a, b) = (scores[Int(left)], scores[Int(right)])
            return a > b || (a == b && ranks[Int(left)] < ranks[Int(right)])
        }
    }
}
