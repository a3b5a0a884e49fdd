import HybridBlending
import LinearAlgebra
import RecommendationIndex
import Recommenders

extension Recommender {
    /// Scores the neighbours of the history, blends, ranks, and fills up what is missing.
    /// - Parameters:
    ///   - fallbackShare: what the fallback counts among the personal items, as in `Blend`.
    ///   - weights: nil for those of the request or the index.
    func rankPersonally(
        _ options: RecommendationOptions, weights: BlendWeights? = nil, fallbackShare: Float = 0
    ) -> [RecommendedItem] {
        let weights = weights ?? options.weights ?? serving.weights
        scoreCandidates(weights)
        return rankCandidates(options, weights, fallbackShare: fallbackShare)
    }

    /// Blends and ranks what the components have scored, and fills up what is missing.
    func rankCandidates(
        _ options: RecommendationOptions, _ weights: BlendWeights, fallbackShare: Float = 0
    ) -> [RecommendedItem] {
        let blend = candidates.blend(weights, fallbackShare: fallbackShare, serving)
        lastBlend = blend
        // After the blend: which items are asked about must not change what the components' scores are measured by.
        if let only = options.onlyIds {
            keepOut(allBut: only)
            candidates.remove(excluded)
        }
        selectBest(blend, options)
        var items = selection.items
        if items.count < options.count && !options.strict { fillUp(&items, blend, options, weights) }
        return items
    }

    /// Sums the neighbour lists of the history's items and collects every allowed item that a component touched.
    private func scoreCandidates(_ weights: BlendWeights) {
        collaborative.reset()
        if weights.collaborative > 0 {
            for entry in history {
                let (columns, values) = unsafe serving.index.collaborative.row(Int(entry.itemIndex))
                unsafe collaborative.add(columns: columns, values: values, weight: entry.weight)
            }
        }
        scoreContent(weights)
        if weights.collaborative > 0 {
            factors?.score(history, touched: content, into: &collaborative)
            users?.score(history, user: historyUser, into: &collaborative)
        }
        candidates.collect(collaborative: collaborative, content: content, excluded: excluded, serving)
    }

    func scoreContent(_ weights: BlendWeights) {
        content.reset()
        guard weights.content > 0 else { return }
        for entry in history {
            let (columns, values) = unsafe serving.index.contentNeighbours.row(Int(entry.itemIndex))
            unsafe content.add(columns: columns, values: values, weight: entry.weight)
        }
    }

    /// Whether content knows the item and anything of the history. Where it knows nothing of the history (brand-new
    /// items to the collaborative component, items without text to content) its silence is no evidence against those
    /// that it does know.
    func hasContentEvidence(of item: Int32) -> Bool {
        content.candidateCount > 0 && serving.hasContent[Int(item)]
    }

    /// The same of the collaborative component.
    func hasCollaborativeEvidence(of item: Int32) -> Bool {
        collaborative.candidateCount > 0 && serving.hasCollaborativeEvidence(item)
    }

    /// Only positive evidence recommends; a threshold of the caller's can only be stricter.
    private func selectBest(_ blend: Blend, _ options: RecommendationOptions) {
        let threshold = max(options.minScore ?? 0, 0)
        selection.reset(capacity: options.count)
        candidates.select(blend, threshold: threshold, into: &selection)
        selection.rank()
    }

    /// Completes a short list by the best fallback items that are neither excluded nor in the list already. What the
    /// personal part refused for a score below the smallest asked for does not come back; what it scored below zero, and
    /// what the user dislikes, comes last.
    private func fillUp(
        _ items: inout [RecommendedItem], _ blend: Blend, _ options: RecommendationOptions, _ weights: BlendWeights
    ) {
        for item in items { excluded.insert(item.itemIndex) }
        var disliked: [Int32] = []
        for entry in history where entry.weight < 0 && !excluded.contains(entry.itemIndex) {
            excluded.insert(entry.itemIndex)
            disliked.append(entry.itemIndex)
        }
        for position in 0..<candidates.count {
            let candidate = candidates.scored(at: position, blend)
            guard candidate.score != 0, !excluded.contains(candidate.index) else { continue }
            if candidate.score < options.minScore ?? -.infinity {
                excluded.insert(candidate.index)
            } else if candidate.score < 0 {
                excluded.insert(candidate.index)
                disliked.append(candidate.index)
            }
        }
        items += fallbackItems(weights.fallback, options, count: options.count - items.count)
        guard items.count < options.count, !disliked.isEmpty else { return }
        excluded.keepOut(allBut: disliked)
        items += fallbackItems(weights.fallback, options, count: options.count - items.count)
    }

    /// The first `count` items of a ranked list that are allowed and reach the smallest score asked for.
    func firstAllowed(
        of list: RankedCatalogue, weight: Float, _ options: RecommendationOptions, count: Int
    ) -> [RecommendedItem] {
        var items: [RecommendedItem] = []
        for item in list.order where !excluded.contains(item) {
            let score = weight * list.scores[Int(item)]
            if items.count == count || score < options.minScore ?? 0 { break }
            items.append(
                RecommendedItem(
                    itemIndex: item, score: score, source: .fallback,
                    contributions: .none))
        }
        return items
    }
}
