/// The merges of a hierarchical clustering, lowest first.
package struct Dendrogram: Sendable, Equatable {
    package struct Merge: Sendable, Equatable {
        /// A row of each of the two clusters that merge.
        package let first: Int
        package let second: Int
        /// The distance at which they merge: for Ward the square root of twice the growth of the sum of squares.
        package let height: Double
    }

    package let rowCount: Int
    package let merges: [Merge]

    init(rowCount: Int, unsortedMerges: [Merge]) {
        self.rowCount = rowCount
        // Equal heights keep the order in which they were found: the later merge may need the earlier one.
        merges = unsortedMerges.enumerated().sorted {
            $0.element.height != $1.element.height ? $0.element.height < $1.element.height : $0.offset < $1.offset
        }.map(\.element)
    }

    /// The labels where the tree is cut into that many clusters, numbered by descending size (ties: by their first row).
    /// More clusters than rows leave each row on its own.
    package func labels(clusterCount: Int) -> [Int32] {
        precondition(clusterCount >= 1)
        var parents = Array(0..<rowCount)
        func root(_ row: Int) -> Int {
            var row = row
            while parents[row] != row {
                parents[row] = parents[parents[row]]
                row = parents[row]
            }
            return row
        }
        for merge in merges.prefix(max(0, rowCount - clusterCount)) {
            let (a, b) = (root(merge.first), root(merge.second))
            parents[max(a, b)] = min(a, b)
        }
        let roots = (0..<rowCount).map { root($0) }
        var sizes = [Int](repeating: 0, count: rowCount)
        for root in roots { sizes[root] += 1 }
        let order = sizes.indices.filter { sizes[$0] > 0 }.sorted {
            sizes[$0] != sizes[$1] ? sizes[$0] > sizes[$1] : $0 < $1
        }
        var numbers = [Int32](repeating: 0, count: rowCount)
        for (number, root) in order.enumerated() { numbers[root] = Int32(number) }
        return roots.map { numbers[$0] }
    }
}
