import RecommendationIndex
package import Segmentation

/// The segments without the people who asked to be forgotten. How active a segment was stays what the index counted.
package struct SegmentsView {
    package let serving: ServingSegments
    private let erased: ErasedUsers?

    init(_ serving: ServingSegments, _ erased: ErasedUsers?) {
        self.serving = serving
        self.erased = erased.flatMap { $0.isEmpty ? nil : $0 }
    }

    package var names: [String] { serving.names }
    package var model: RFMModel? { serving.model }
    package var memberCount: Int { serving.memberCount - (erased?.members.count ?? 0) }

    package func memberCount(ofSegment segment: Int) -> Int {
        serving.memberCount(ofSegment: segment) - (erased?.memberCounts[segment] ?? 0)
    }

    package func segment(named name: String) -> Int? { serving.segment(named: name) }

    /// The number of a member; nil where nobody has the id.
    package func member(_ id: String) -> Int? {
        guard let erased else { return serving.member(id) }
        return erased.contains(id) ? nil : serving.member(id)
    }

    package func segment(ofMember member: Int) -> Int { serving.segment(ofMember: member) }

    package func memberId(_ member: Int) -> UnsafeBufferPointer<UInt8> {
        unsafe serving.table.memberIds.bytes(at: member)
    }

    package func values(ofMember member: Int) -> RFMValues? { serving.values(ofMember: member) }

    package func periods(ofDays days: Int) -> [ServingSegments.Period] { serving.periods(ofDays: days) }

    package func activity(
        ofSegment segment: Int, in period: ServingSegments.Period
    ) -> (interactions: Int, members: Int) {
        serving.activity(ofSegment: segment, in: period)
    }

    /// Members of a segment in ascending order of their ids, after `id`, at most `count`.
    package func members(ofSegment segment: Int, after id: String?, count: Int) -> [Int] {
        guard let erased else { return serving.members(ofSegment: segment, after: id, count: count) }
        return serving.members(ofSegment: segment, after: id, count: count) { !erased.members.contains($0) }
    }
}
