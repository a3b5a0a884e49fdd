import HybridBlending
import LinearAlgebra
import RecommendationIndex
import Recommenders

/// The allowed items that a component touched in one request, with what both components say of each.
///
/// A workspace of the catalogue's size, made once. Its loops run over plain memory: the recommender is a class, and an
/// access to a member of a class for each candidate costs more than the arithmetic.
@safe struct CandidateSet: ~Copyable {
    private(set) var count = 0
    private let items: UnsafeMutablePointer<Int32>
    /// 0 where the component knows the item and found no link, NaN where it does not know the item.
    private let contentScores: UnsafeMutablePointer<Float>
    private let collaborativeScores: UnsafeMutablePointer<Float>
    /// Valid after `blend`.
    private let fallbackScores: UnsafeMutablePointer<Float>

    init(itemCount: Int) {
        unsafe items = .allocate(capacity: itemCount)
        unsafe contentScores = .allocate(capacity: itemCount)
        unsafe collaborativeScores = .allocate(capacity: itemCount)
        unsafe fallbackScores = .allocate(capacity: itemCount)
    }

    deinit {
        unsafe items.deallocate()
        unsafe contentScores.deallocate()
        unsafe collaborativeScores.deallocate()
        unsafe fallbackScores.deallocate()
    }

    /// Takes what either component touched, in the order in which it was met, the collaborative one's first.
    mutating func collect(
        collaborative: borrowing NeighbourScoring, content: borrowing NeighbourScoring,
        excluded: borrowing ItemMarks, _ serving: ServingIndex
    ) {
        count = 0
        // Where a component knows nothing of the history, its silence is no evidence against the items that it does know.
        let contentSpeaks = content.candidateCount > 0
        let collaborativeSpeaks = collaborative.candidateCount > 0
        for position in 0..<collaborative.candidateCount {
            let touched = collaborative.candidate(at: position)
            guard !excluded.contains(touched.index) else { continue }
            let item = Int(touched.index)
            append(
                touched.index,
                content: content.score(of: item) ?? (contentSpeaks && serving.hasContent[item] ? 0 : .nan),
                collaborative: touched.score)
        }
        for position in 0..<content.candidateCount {
            let touched = content.candidate(at: position)
            guard collaborative.score(of: Int(touched.index)) == nil, !excluded.contains(touched.index) else {
                continue
            }
            append(
                touched.index, content: touched.score,
                collaborative: collaborativeSpeaks && serving.hasCollaborativeEvidence(touched.index) ? 0 : .nan)
        }
    }

    /// Takes out what is excluded after the blend, and keeps the order of the others.
    mutating func remove(_ excluded: borrowing ItemMarks) {
        var kept = 0
        for position in 0..<count {
            let item = unsafe items[position]
            guard !excluded.contains(item) else { continue }
            unsafe items[kept] = item
            unsafe contentScores[kept] = contentScores[position]
            unsafe collaborativeScores[kept] = collaborativeScores[position]
            unsafe fallbackScores[kept] = fallbackScores[position]
            kept += 1
        }
        count = kept
    }

    /// Each item at most once, so the catalogue's size suffices.
    @inline(__always)
    private mutating func append(_ item: Int32, content: Float, collaborative: Float) {
        unsafe items[count] = item
        unsafe contentScores[count] = content
        unsafe collaborativeScores[count] = collaborative
        count += 1
    }

    /// - Parameter fallbackShare: what the fallback counts in this personal list, as in `Blend`.
    mutating func blend(_ weights: BlendWeights, fallbackShare: Float, _ serving: ServingIndex) -> Blend {
        for position in 0..<count {
            unsafe fallbackScores[position] = fallbackShare > 0 ? serving.fallback.scores[Int(items[position])] : 0
        }
        return unsafe Blend(
            weights: weights, contentReliability: serving.contentReliability,
            content: Span(_unsafeStart: contentScores, count: count),
            collaborative: Span(_unsafeStart: collaborativeScores, count: count), fallbackShare: fallbackShare,
            fallback: Span(_unsafeStart: fallbackScores, count: count))
    }

    /// Offers every candidate with a score above zero and not below `threshold` to the selection.
    func select(_ blend: Blend, threshold: Float, into selection: inout RankedSelection) {
        for position in 0..<count {
            let parts = unsafe blend.contributions(
                content: contentScores[position], collaborative: collaborativeScores[position],
                fallback: fallbackScores[position])
            let score = parts.score
            let item = unsafe items[position]
            guard score > 0, score >= threshold, selection.accepts(score: score, itemIndex: item) else { continue }
            selection.insert(
                RecommendedItem(itemIndex: item, score: score, source: Self.source(of: parts), contributions: parts))
        }
    }

    /// The candidate at `position` in `0 ..< count` with its blended score.
    func scored(at position: Int, _ blend: Blend) -> ScoredIndex {
        precondition(position >= 0 && position < count)
        return unsafe ScoredIndex(
            index: items[position],
            score: blend.contributions(
                content: contentScores[position], collaborative: collaborativeScores[position],
                fallback: fallbackScores[position]
            ).score)
    }

    private static func source(of parts: Blend.Contributions) -> RecommendationSource {
        switch (parts.content > 0, parts.collaborative > 0) {
        case (true, true): .hybrid
        case (true, false): .content
        default: .collaborative
        }
    }
}
