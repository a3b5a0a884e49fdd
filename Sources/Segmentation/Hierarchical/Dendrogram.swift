/// The merges of a hierarchical clustering, lowest first.
package struct Dendrogram: Sendable, Equatable {
    package struct Merge: Sendable, Equatable {
        /// A row of each of the two clusters that merge.
        package let first: Int
        package let second: Int
        /// The distance at which they merge: for Ward the square root of twice the growth of the sum of squares.
        package let height: Double
    }

    /// A merge by the clusters' numbers, as SciPy's `linkage` has them: a number below the row count is a row, one from
    /// there on what the merge of that place has made.
    package struct Step: Sendable, Equatable {
        /// Less than `second`.
        package let first: Int
        package let second: Int
        package let height: Double
        /// Rows of `first` and of `second`.
        package let firstSize: Int
        package let secondSize: Int
        package var size: Int { firstSize + secondSize }
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

    package var steps: [Step] {
        var sets = RowSets(count: rowCount)
        var numbers = Array(0..<rowCount)
        var sizes = [Int](repeating: 1, count: rowCount)
        return merges.enumerated().map { place, merge in
            let (a, b) = (sets.root(merge.first), sets.root(merge.second))
            let (first, second) = numbers[a] < numbers[b] ? (a, b) : (b, a)
            let step = Step(
                first: numbers[first], second: numbers[second], height: merge.height, firstSize: sizes[first],
                secondSize: sizes[second])
            let root = sets.join(a, b)
            numbers[root] = rowCount + place
            sizes[root] = step.size
            return step
        }
    }

    /// The labels where the tree is cut into that many clusters, numbered by descending size (ties: by their first row).
    /// More clusters than rows leave each row on its own.
    package func labels(clusterCount: Int) -> [Int32] {
        precondition(clusterCount >= 1)
        var sets = RowSets(count: rowCount)
        for merge in merges.prefix(max(0, rowCount - clusterCount)) {
            _ = sets.join(sets.root(merge.first), sets.root(merge.second))
        }
        let roots = (0..<rowCount).map { sets.root($0) }
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

/// Which rows belong together; each set is known by its lowest row.
private struct RowSets {
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    mutating func root(_ row: Int) -> Int {
        var row = row
        while parents[row] != row {
            parents[row] = parents[parents[row]]
            row = parents[row]
        }
        return row
    }

    /// Of two roots; returns that of both.
    mutating func join(_ a: Int, _ b: Int) -> Int {
        parents[max(a, b)] = min(a, b)
        return min(a, b)
    }
}
