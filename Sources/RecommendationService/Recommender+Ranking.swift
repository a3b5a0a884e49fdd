import HybridBlending

extension Recommender {
    /// Scores the history's neighbours, blends, ranks, and fills up what is missing.
    func rankPersonally(_ options: RecommendationOptions) -> [RecommendedItem] {
        let weights = options.weights ?? serving.weights
        scoreCandidates(weights)
        let blend = Blend(weights: weights, content: contentScores.span, collaborative: collaborativeScores.span)
        // Only positive evidence recommends; a threshold of the caller's can only be stricter.
        let threshold = max(options.minScore ?? 0, 0)
        selection.reset(capacity: min(options.count, candidates.count))
        for position in candidates.indices {
            let parts = blend.contributions(content: contentScores[position], collaborative: collaborativeScores[position])
            let score = parts.score
            guard score > 0, score >= threshold, selection.accepts(score: score, itemIndex: candidates[position]) else {
                continue
            }
            selection.insert(
                RecommendedItem(
                    itemIndex: candidates[position], score: score, source: Self.source(of: parts), contributions: parts))
        }
        selection.rank()
        var items = selection.items
        if items.count < options.count && !options.strict { fillUp(&items, options, weights) }
        return items
    }

    /// Sums the neighbour lists of the history's items and collects every allowed item that either component touched.
    private func scoreCandidates(_ weights: BlendWeights) {
        let index = serving.index
        collaborative.reset()
        content.reset()
        for entry in history {
            if weights.collaborative > 0 { collaborative.add(index.collaborative.row(entry.itemIndex), weight: entry.weight) }
            if weights.content > 0 { content.add(index.contentNeighbours.row(entry.itemIndex), weight: entry.weight) }
        }
        candidates.removeAll(keepingCapacity: true)
        for item in collaborative.touched where !excluded.contains(item) { candidates.append(item) }
        for item in content.touched where !excluded.contains(item) && !collaborative.isTouched(item) {
            candidates.append(item)
        }
        contentScores.removeAll(keepingCapacity: true)
        collaborativeScores.removeAll(keepingCapacity: true)
        for item in candidates {
            contentScores.append(serving.hasContent(item) ? content.score(of: item) : .nan)
            collaborativeScores.append(serving.hasInteractions(item) ? collaborative.score(of: item) : .nan)
        }
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
        items += firstAllowed(of: serving.fallback, weight: weights.fallback, options, count: options.count - items.count)
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
                    itemIndex: item, score: score, source: .fallback, contributions: .init(content: 0, collaborative: 0)))
        }
        return items
    }
}
