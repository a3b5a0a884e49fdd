import HybridBlending
import LinearAlgebra
import RecommendationIndex
import Recommenders

extension Recommender {
    /// Scores the neighbours of the history, blends, ranks, and fills up what is missing.
    func rankPersonally(_ options: RecommendationOptions) -> [RecommendedItem] {
        let weights = options.weights ?? serving.weights
        scoreCandidates(weights)
        let blend = Blend(
            weights: weights, contentReliability: serving.contentReliability, content: contentScores.span,
            collaborative: collaborativeScores.span)
        lastBlend = blend
        selectBest(blend, options)
        var items = selection.items
        if items.count < options.count && !options.strict { fillUp(&items, options, weights) }
        return items
    }

    /// Sums the neighbour lists of the history's items and collects every allowed item that a component touched.
    private func scoreCandidates(_ weights: BlendWeights) {
        let index = serving.index
        collaborative.reset()
        content.reset()
        for entry in history {
            let row = Int(entry.itemIndex)
            if weights.collaborative > 0 {
                let (columns, values) = unsafe index.collaborative.row(row)
                unsafe collaborative.add(columns: columns, values: values, weight: entry.weight)
            }
            if weights.content > 0 {
                let (columns, values) = unsafe index.contentNeighbours.row(row)
                unsafe content.add(columns: columns, values: values, weight: entry.weight)
            }
        }
        candidates.removeAll(keepingCapacity: true)
        contentScores.removeAll(keepingCapacity: true)
        collaborativeScores.removeAll(keepingCapacity: true)
        for position in 0..<collaborative.candidateCount {
            let touched = collaborative.candidate(at: position)
            addCandidate(touched.index, content: content.score(of: Int(touched.index)), collaborative: touched.score)
        }
        for position in 0..<content.candidateCount {
            let touched = content.candidate(at: position)
            guard collaborative.score(of: Int(touched.index)) == nil else { continue }
            addCandidate(touched.index, content: touched.score, collaborative: nil)
        }
    }

    /// A component that knows the item and found no link says 0; one without evidence says nothing (NaN).
    private func addCandidate(_ item: Int32, content: Float?, collaborative: Float?) {
        guard !excluded.contains(item) else { return }
        candidates.append(item)
        contentScores.append(content ?? (hasContentEvidence(of: item) ? 0 : .nan))
        collaborativeScores.append(collaborative ?? (hasCollaborativeEvidence(of: item) ? 0 : .nan))
    }

    /// Whether content knows the item and anything of the history. Where it knows nothing of the history (brand-new
    /// items to the collaborative component, items without text to content) its silence is no evidence against those
    /// that it does know.
    func hasContentEvidence(of item: Int32) -> Bool {
        content.candidateCount > 0 && serving.hasContent[Int(item)]
    }

    /// The same of the collaborative component.
    func hasCollaborativeEvidence(of item: Int32) -> Bool {
        collaborative.candidateCount > 0 && serving.hasInteractions(item)
    }

    /// Only positive evidence recommends; a threshold of the caller's can only be stricter.
    private func selectBest(_ blend: Blend, _ options: RecommendationOptions) {
        let threshold = max(options.minScore ?? 0, 0)
        selection.reset(capacity: options.count)
        for position in candidates.indices {
            let parts = blend.contributions(
                content: contentScores[position], collaborative: collaborativeScores[position])
            let score = parts.score
            let item = candidates[position]
            guard score > 0, score >= threshold, selection.accepts(score: score, itemIndex: item) else { continue }
            selection.insert(
                RecommendedItem(itemIndex: item, score: score, source: Self.source(of: parts), contributions: parts))
        }
        selection.rank()
    }

    private static func source(of parts: Blend.Contributions) -> RecommendationSource {
        switch (parts.content > 0, parts.collaborative > 0) {
        case (true, true): .hybrid
        case (true, false): .content
        default: .collaborative
        }
    }

    /// Completes a short list by the best fallback items that are neither excluded nor in the list already.
    private func fillUp(_ items: inout [RecommendedItem], _ options: RecommendationOptions, _ weights: BlendWeights) {
        for item in items { excluded.insert(item.itemIndex) }
        items += firstAllowed(
            of: serving.fallback, weight: weights.fallback, options, count: options.count - items.count)
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
