package import LinearAlgebra

/// Agglomerative clustering by nearest-neighbour chains (Murtagh 1983, "A survey of recent advances in hierarchical
/// clustering algorithms"; distances of merged clusters by Lance, Williams 1967).
///
/// A chain goes from a cluster to its nearest, from that to its nearest, until two are each other's nearest: they merge.
/// For Ward and average linkage a merge never lowers a distance that the chain relied on, so what is left of the chain
/// stays good, and the whole takes O(n^2) time.
///
/// Memory: the upper triangle of the distances in Float, 4 n (n - 1) / 2 bytes: 800 MB for 20,000 rows.
package enum HierarchicalClustering {
    package enum Linkage: String, Sendable, CaseIterable {
        /// Merges what raises the sum of squared distances to the clusters' means least (Ward 1963).
        case ward
        /// Merges what has the least mean distance between rows (UPGMA).
        case average
    }

    /// 800 MB of distances.
    package static let greatestRowCount = 20_000

    /// The tree of all merges. Among equal distances the lowest cluster merges first.
    package static func fit(
        _ rows: DenseMatrix, linkage: Linkage, threadCount: Int
    ) throws(SegmentationError) -> Dendrogram {
        guard rows.rowCount <= greatestRowCount else {
            throw SegmentationError(
                .tooManyRows, operation: "cluster \(rows.rowCount) rows hierarchically",
                expected: "at most \(greatestRowCount) rows", found: "\(rows.rowCount)",
                remedy: "Use k-means, or cluster a sample.")
        }
        let limit = KMeans.greatestValue
        if let wrong = rows.values.firstIndex(where: { !($0.magnitude <= limit) }) {
            throw SegmentationError(
                .notFinite, operation: "cluster \(rows.rowCount) rows hierarchically",
                expected: "values between -\(limit) and \(limit)",
                found: "\(rows.values[wrong]) in row \(wrong / rows.columnCount), column \(wrong % rows.columnCount)",
                remedy: "Leave the row out, or scale the column.")
        }
        var chain = NeighbourChain(rows: rows, linkage: linkage, threadCount: threadCount)
        return Dendrogram(rowCount: rows.rowCount, unsortedMerges: chain.merges())
    }
}

/// The work of `HierarchicalClustering.fit`. Distances are squared for Ward, plain for average linkage.
private struct NeighbourChain {
    private let count: Int
    private let linkage: HierarchicalClustering.Linkage
    /// Of rows a < b at `offset(a) + b`.
    private var distances: [Float]
    private var sizes: [Int]
    /// Ascending.
    private var active: [Int]

    init(rows: DenseMatrix, linkage: HierarchicalClustering.Linkage, threadCount: Int) {
        count = rows.rowCount
        self.linkage = linkage
        sizes = Array(repeating: 1, count: count)
        active = Array(0..<count)
        distances = Array(repeating: 0, count: count * max(count - 1, 0) / 2)
        let count = count
        unsafe distances.withUnsafeMutableBufferPointer { distances in
            unsafe rows.withView { view in
                Parallel.forEachBlock(blockCount: count, threadCount: threadCount) { a, _ in
                    let start = Self.offset(a, count)
                    for b in a + 1..<max(count, a + 1) {
                        let square = unsafe exactSquaredDistance(view.row(a), view.row(b), view.columnCount)
                        unsafe distances[start + b] = Float(linkage == .ward ? square : square.squareRoot())
                    }
                }
            }
        }
    }

    /// Where row `a`'s part of the triangle would begin, were there a column 0.
    private static func offset(_ a: Int, _ count: Int) -> Int { a * (2 * count - a - 1) / 2 - a - 1 }

    private func position(_ a: Int, _ b: Int) -> Int { Self.offset(min(a, b), count) + max(a, b) }

    mutating func merges() -> [Dendrogram.Merge] {
        var merges: [Dendrogram.Merge] = []
        merges.reserveCapacity(max(count - 1, 0))
        var chain: [Int] = []
        while active.count > 1 {
            if chain.isEmpty { chain = [active[0]] }
            let tip = chain[chain.count - 1]
            let previous = chain.count > 1 ? chain[chain.count - 2] : nil
            let (nearest, distance) = nearest(of: tip, preferring: previous)
            if let previous, nearest == previous {
                chain.removeLast(2)
                merge(min(tip, previous), into: max(tip, previous))
                let height = linkage == .ward ? Double(max(distance, 0)).squareRoot() : Double(distance)
                merges.append(.init(first: min(tip, previous), second: max(tip, previous), height: height))
            } else {
                chain.append(nearest)
            }
        }
        return merges
    }

    /// The nearest active cluster; among equals the preferred one, else the lowest.
    private func nearest(of tip: Int, preferring previous: Int?) -> (Int, Float) {
        var best = previous ?? -1
        var least = previous.map { distances[position(tip, $0)] } ?? .infinity
        let row = Self.offset(tip, count)
        for other in active where other != tip {
            let distance = other > tip ? distances[row + other] : distances[Self.offset(other, count) + tip]
            if distance < least || best < 0 { (best, least) = (other, distance) }
        }
        return (best, least)
    }

    /// Joins `a` to `b`, which stands for both from then on.
    private mutating func merge(_ a: Int, into b: Int) {
        let (sizeA, sizeB) = (Double(sizes[a]), Double(sizes[b]))
        let between = Double(distances[position(a, b)])
        for other in active where other != a && other != b {
            let toA = Double(distances[position(a, other)])
            let place = position(b, other)
            let toB = Double(distances[place])
            let size = Double(sizes[other])
            switch linkage {
            case .ward:
                distances[place] = Float(
                    ((sizeA + size) * toA + (sizeB + size) * toB - size * between) / (sizeA + sizeB + size))
            case .average: distances[place] = Float((sizeA * toA + sizeB * toB) / (sizeA + sizeB))
            }
        }
        sizes[b] += sizes[a]
        active.removeAll { $0 == a }
    }
}
