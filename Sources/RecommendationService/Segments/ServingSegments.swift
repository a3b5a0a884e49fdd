import LinearAlgebra
package import RecommendationIndex
package import Segmentation

/// The segments of an open index, with what is derived from them once, at open: immutable, shared by every loop.
package final class ServingSegments: Sendable {
    package let table: SegmentTable
    package let names: [String]
    /// What predicts a segment from recency, frequency and value; nil where the segments came from elsewhere.
    package let model: RFMModel?
    /// Per segment, its members, ascending.
    private let members: IndexLists
    /// The table's memory is its.
    private let index: RecommendationIndex

    init(_ table: SegmentTable, of index: RecommendationIndex) {
        self.table = table
        self.index = index
        let names = (0..<table.names.count).map { table.names.string(at: $0) }
        self.names = names
        model = unsafe RFMModel(numbers: Array(table.model), names: names)
        var lists = [[Int32]](repeating: [], count: names.count)
        for member in unsafe table.segments.indices {
            unsafe lists[Int(table.segments[member])].append(Int32(member))
        }
        var members = IndexLists()
        for list in lists { members.append(list) }
        self.members = members
    }

    package var memberCount: Int { table.memberIds.count }

    package func memberCount(ofSegment segment: Int) -> Int { members[segment].count }

    package func segment(named name: String) -> Int? { names.firstIndex { $0.utf8.elementsEqual(name.utf8) } }

    /// The number of a member; nil where nobody has the id.
    package func member(_ id: String) -> Int? { table.memberIds.index(of: id) }

    package func segment(ofMember member: Int) -> Int { unsafe Int(table.segments[member]) }

    /// A stretch of time whose activity was counted.
    package struct Period: Sendable {
        let number: Int
        /// Milliseconds since 1970-01-01T00:00:00Z.
        package let start: Int64
    }

    /// Those of that length, oldest first.
    package func periods(ofDays days: Int) -> [Period] {
        let length = Int64(days) * 86_400_000
        return (0..<table.periodCount).filter { table.period($0).length == length }
            .map { Period(number: $0, start: table.period($0).start) }
    }

    package func activity(ofSegment segment: Int, in period: Period) -> (interactions: Int, members: Int) {
        table.activity(ofSegment: segment, period: period.number)
    }

    /// What the member's segment was found by; nil where there is no model.
    package func values(ofMember member: Int) -> RFMValues? {
        let start = member * RFMFeature.allCases.count
        guard model != nil, unsafe table.values.count >= start + RFMFeature.allCases.count else { return nil }
        return unsafe RFMValues(
            recency: table.values[start], frequency: table.values[start + 1], monetary: table.values[start + 2])
    }

    /// Members of a segment in ascending order of their ids, after `id`, at most `count`.
    /// - Parameter isWanted: asked of members from the first one on, until there are enough.
    func members(
        ofSegment segment: Int, after id: String?, count: Int, where isWanted: (Int) -> Bool = { _ in true }
    ) -> [Int] {
        let list = members[segment]
        var low = list.startIndex
        if let id {
            var high = list.endIndex
            while low < high {
                let middle = (low + high) / 2
                let isAfter = unsafe id.utf8.lexicographicallyPrecedes(table.memberIds.bytes(at: Int(list[middle])))
                if isAfter { high = middle } else { low = middle + 1 }
            }
        }
        var members: [Int] = []
        for member in list[low...] where isWanted(Int(member)) {
            guard members.count < count else { break }
            members.append(Int(member))
        }
        return members
    }
}
