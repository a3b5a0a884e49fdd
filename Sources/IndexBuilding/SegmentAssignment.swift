import Interactions
package import Segmentation

/// Which segments an index gets.
package enum SegmentChoice: String, Sendable, CaseIterable {
    case none
    /// By recency, frequency and value of the interactions that the index is built from.
    case rfm
    /// Those that come with the inputs.
    case given
}

/// Who belongs to which segment.
package struct SegmentAssignment: Sendable {
    /// Different names; a segment's place is its number.
    package var names: [String]
    /// In any order; of a repeated one the last counts.
    package var memberIds: [String]
    /// Per member, its segment.
    package var segments: [Int32]
    /// What the segments were found by; nil: by anything else.
    package var model: RFMModel?
    /// Per member; empty without a model.
    package var values: [RFMValues]

    package init(
        names: [String], memberIds: [String], segments: [Int32], model: RFMModel? = nil, values: [RFMValues] = []
    ) {
        precondition(memberIds.count == segments.count && (model == nil || values.count == segments.count))
        self.names = names
        self.memberIds = memberIds
        self.segments = segments
        self.model = model
        self.values = values
    }

    /// Each member once, the last of repeated ones.
    func withoutRepeats() -> SegmentAssignment {
        // Ids of other bytes may be equal strings (two spellings of an accent): the table tells them apart.
        var table = IdentifierTable()
        var positions: [Int] = []
        for (position, id) in memberIds.enumerated() {
            let index = Int(table.intern(id))
            if index == positions.count { positions.append(position) } else { positions[index] = position }
        }
        return SegmentAssignment(
            names: names, memberIds: positions.map { memberIds[$0] }, segments: positions.map { segments[$0] },
            model: model, values: model == nil ? [] : positions.map { values[$0] })
    }

    /// By a label for each member; the names ascend by their bytes. Empty labels belong to no segment.
    package init(labels: [(memberId: String, label: String)]) {
        let names = Set(labels.map(\.label).filter { !$0.isEmpty }).sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
        var numbers: [String: Int32] = [:]
        for (number, name) in names.enumerated() { numbers[name] = Int32(number) }
        let members = labels.compactMap { label in numbers[label.label].map { (label.memberId, $0) } }
        self.init(names: names, memberIds: members.map(\.0), segments: members.map(\.1))
    }
}
