import RecommendationIndex
import ScoringKernels

/// What lists that need no personal evidence say by now.
struct OverlayRankings: Sendable {
    private var lists: [RankedList: RankedChanges] = [:]
    /// The fallback's score of every item, new ones too; nil: as in the index.
    private(set) var fallbackScores: PaddedScores?
    private var isFallbackCurrent = true

    /// nil: nothing of the list has changed.
    func changes(of list: RankedList) -> RankedChanges? { lists[list] }

    mutating func set(_ item: Int32, _ score: Float?, in list: RankedList, precedes: (Int32, Int32) -> Bool) {
        lists[list, default: RankedChanges()].set(item, score, precedes: precedes)
        if lists[list]?.isEmpty ?? false { lists[list] = nil }
        if list == .fallback { isFallbackCurrent = false }
    }

    /// Takes over all changes of a list; of what it had, what is kept stays.
    mutating func replace(
        _ list: RankedList, by scores: [(item: Int32, score: Float)], keeping isKept: (Int32) -> Bool,
        precedes: (Int32, Int32) -> Bool
    ) {
        var changed: [Int32: Float] = [:]
        for entry in lists[list]?.entries ?? [] where isKept(entry.item) { changed[entry.item] = entry.score }
        for (item, score) in scores { changed[item] = score }
        lists[list] = changed.isEmpty ? nil : RankedChanges(changed, precedes: precedes)
        if list == .fallback { isFallbackCurrent = false }
    }

    /// Before a snapshot is made. O(catalogue) where a fallback score has changed since the last one.
    mutating func makeFallbackScores(of serving: ServingIndex, capacity: Int) {
        guard !isFallbackCurrent else { return }
        isFallbackCurrent = true
        guard let changes = lists[.fallback] else {
            fallbackScores = nil
            return
        }
        let scores = unsafe PaddedScores(serving.index.fallback.scores, capacity: capacity)
        for entry in changes.entries { scores[Int(entry.item)] = entry.score }
        fallbackScores = scores
    }
}
