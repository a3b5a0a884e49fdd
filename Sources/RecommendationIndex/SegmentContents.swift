package import LinearAlgebra

/// Users in segments: who is where, what each segment likes, and how it did over time.
package struct SegmentContents: Sendable {
    /// Different, not empty, 1 to 256 bytes each; a segment's place is its number.
    package var names: [String]
    /// Strictly ascending by UTF-8 bytes; they need not be users of the index.
    package var memberIds: [String]
    /// Per member, its segment.
    package var segments: [Int32]
    /// For each segment one list for each case of `SegmentList`, in their order: items, best first.
    package var lists: IndexLists
    /// Per entry of `lists`, its score, finite and from 0.
    package var scores: [Float]
    /// Per period, when it starts and how long it is, in milliseconds since 1970 and in milliseconds.
    package var periods: [Int64]
    /// For each segment and period, the number of interactions and of active members.
    package var activity: [UInt32]
    /// Numbers of the model that predicts segments, in an order that the index does not know; empty where there is none.
    package var model: [Double]
    /// Per member, as many values as the model takes; empty where there is none.
    package var values: [Double]

    package init(
        names: [String], memberIds: [String], segments: [Int32], lists: IndexLists, scores: [Float],
        periods: [Int64] = [], activity: [UInt32] = [], model: [Double] = [], values: [Double] = []
    ) {
        self.names = names
        self.memberIds = memberIds
        self.segments = segments
        self.lists = lists
        self.scores = scores
        self.periods = periods
        self.activity = activity
        self.model = model
        self.values = values
    }
}

/// The lists that are kept of each segment.
package enum SegmentList: Int, CaseIterable, Sendable {
    /// What a member is shown who is known for nothing else.
    case fallback
    case popular
    case trending
    case recent
}
