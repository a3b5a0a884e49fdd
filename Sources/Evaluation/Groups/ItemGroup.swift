/// Items by how much training knows of them.
package enum ItemGroup: Int, CaseIterable, Sendable {
    /// No training interaction: only content can find it.
    case cold
    /// Neither cold nor head.
    case tail
    /// The fewest items that have half of all training interactions between them, the most interactions first, ties by
    /// ascending number. (Anderson: The Long Tail, 2006, speaks of a head and a tail; half is our bound.)
    case head

    package var name: String {
        switch self {
        case .cold: "cold"
        case .tail: "tail"
        case .head: "head"
        }
    }

    /// The group of every item number. O(n log n).
    static func groups(ofTrainingCounts counts: [Int32]) -> [ItemGroup] {
        let total = counts.reduce(0) { $0 + Int($1) }
        var groups = counts.map { $0 == 0 ? ItemGroup.cold : .tail }
        var covered = 0
        for item in counts.indices.sorted(by: { (counts[$1], $0) < (counts[$0], $1) }) where covered * 2 < total {
            groups[item] = .head
            covered += Int(counts[item])
        }
        return groups
    }
}

/// One system's figures for the items of one group; one element a cut-off in the arrays.
package struct ItemGroupMetrics: Sendable, Equatable {
    /// Pairs of test user and wanted item whose item is in the group.
    package internal(set) var pairCount = 0
    package internal(set) var foundCounts: [Int]
    /// Places of all lists that the group's items take.
    package internal(set) var shownCounts: [Int]
    package internal(set) var placeCounts: [Int]

    init(cutOffCount: Int) {
        foundCounts = Array(repeating: 0, count: cutOffCount)
        shownCounts = foundCounts
        placeCounts = foundCounts
    }

    /// Pairs found within k / pairs, over all users alike (micro average); nil without a pair.
    package func recall(atCutOff index: Int) -> Double? {
        pairCount == 0 ? nil : Double(foundCounts[index]) / Double(pairCount)
    }

    /// Share of the lists' places that the group takes; nil where all lists are empty.
    package func shownShare(atCutOff index: Int) -> Double? {
        placeCounts[index] == 0 ? nil : Double(shownCounts[index]) / Double(placeCounts[index])
    }
}
