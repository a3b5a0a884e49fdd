internal import SeededRandom

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// How easily each row is set apart from the others by random cuts (Liu, Ting, Zhou 2008, "Isolation forest"): 256 rows a tree and 100
/// trees, as the paper has them.
package struct IsolationForest: Sendable {
    private enum Node: Sendable {
        case cut(column: Int, value: Double, left: Int, right: Int)
        case leaf(count: Int)
    }

    private static let treeCount = 100
    private static let sampleSize = 256

    private let trees: [[Node]]
    private let usualDepth: Double

    /// - Parameter columns: one element a row each, all finite; rows are at least two.
    package init(_ columns: [[Double]], seed: UInt64) {
        let rowCount = columns.first?.count ?? 0
        precondition(rowCount >= 2 && columns.allSatisfy { $0.count == rowCount })
        let size = min(Self.sampleSize, rowCount)
        let greatestDepth = Int(log2(Double(size)).rounded(.up))
        usualDepth = Self.depth(ofUnsuccessfulSearchAmong: size)
        var random = SplitMix64(seed: seed)
        trees = (0..<Self.treeCount).map { _ in
            let sample = (0..<size).map { _ in Int(random.next().multipliedFullWidth(by: UInt64(rowCount)).high) }
            var nodes: [Node] = []
            Self.grow(columns, sample, depth: 0, greatestDepth, &nodes, &random)
            return nodes
        }
    }

    @discardableResult
    private static func grow(
        _ columns: [[Double]], _ rows: [Int], depth: Int, _ greatestDepth: Int, _ nodes: inout [Node],
        _ random: inout SplitMix64
    ) -> Int {
        let place = nodes.count
        nodes.append(.leaf(count: rows.count))
        guard rows.count > 1, depth < greatestDepth else { return place }
        let varying = columns.indices.filter { column in
            rows.contains { columns[column][$0] != columns[column][rows[0]] }
        }
        guard !varying.isEmpty else { return place }
        let column = varying[Int(random.next().multipliedFullWidth(by: UInt64(varying.count)).high)]
        let values = rows.map { columns[column][$0] }
        let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
        // 53 random bits are all that a Double between 0 and 1 has.
        let share = Double(random.next() >> 11) / Double(1 << 53)
        let cut = least + share * (greatest - least)
        let left = grow(
            columns, rows.filter { columns[column][$0] <= cut }, depth: depth + 1, greatestDepth, &nodes, &random)
        let right = grow(
            columns, rows.filter { columns[column][$0] > cut }, depth: depth + 1, greatestDepth, &nodes, &random)
        nodes[place] = .cut(column: column, value: cut, left: left, right: right)
        return place
    }

    /// 0 to 1: about 0.5 for a usual row, near 1 for one that is alone.
    package func score(_ row: [Double]) -> Double {
        var total = 0.0
        for nodes in trees {
            var (place, depth) = (0, 0.0)
            while case .cut(let column, let value, let left, let right) = nodes[place] {
                place = row[column] <= value ? left : right
                depth += 1
            }
            if case .leaf(let count) = nodes[place] { depth += Self.depth(ofUnsuccessfulSearchAmong: count) }
            total += depth
        }
        return usualDepth > 0 ? exp2(-total / Double(trees.count) / usualDepth) : 0.5
    }

    /// In a binary search tree of so many.
    private static func depth(ofUnsuccessfulSearchAmong count: Int) -> Double {
        switch count {
        case ...1: return 0
        case 2: return 1
        default:
            // Euler's constant, for the harmonic number.
            let harmonic = log(Double(count - 1)) + 0.5772156649015329
            return 2 * harmonic - 2 * Double(count - 1) / Double(count)
        }
    }
}
