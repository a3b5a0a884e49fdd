import HybridBlending
import LinearAlgebra
import RecommendationIndex
import Recommenders

extension Recommender {
    /// Scores the neighbours of the history, blends, ranks, and fills up what is missing.
    func rankPersonally(_ options: RecommendationOptions) -> [RecommendedItem] {
        let weights = options.weights ?? serving.weights
        scoreCandidates(weights)
        let blend = candidates.blend(weights, contentReliability: serving.contentReliability)
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
        candidates.collect(collaborative: collaborative, content: content, excluded: excluded, serving)
    }

    /// Only positive evidence recommends; a threshold of the caller's can only be stricter.
    private func selectBest(_ blend: Blend, _ options: RecommendationOptions) {
        let threshold = max(options.minScore ?? 0, 0)
        selection.reset(capacity: options.count)
        candidates.select(blend, threshold: threshold, into: &selection)
        selection.rank()
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
