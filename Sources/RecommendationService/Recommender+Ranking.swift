import HybridBlending
import LinearAlgebra
import RecommendationIndex
import Recommenders
import ScoringKernels

extension Recommender {
    /// Scores the neighbours of the history, blends, ranks, and fills up what is missing.
    /// - Parameters:
    ///   - fallbackShare: what the fallback counts among the personal items, as in `Blend`.
    ///   - weights: nil for those of the request or the index.
    func rankPersonally(
        _ options: RecommendationOptions, weights: BlendWeights? = nil, fallbackShare: Float = 0
    ) -> [RecommendedItem] {
        let weights = weights ?? options.weights ?? serving.weights
        addLists(collaborative: weights.collaborative > 0, content: weights.content > 0)
        if weights.collaborative > 0 {
            factors?.score(state.history, view, into: &scores, admission)
            state.usesFactors = factors != nil
            users?.score(state.history, user: state.user, into: &scores)
        }
        return rankCandidates(options, weights, fallbackShare: fallbackShare)
    }

    /// Sums the neighbour lists of the history's items.
    func addLists(collaborative: Bool, content: Bool) {
        Self.addRows(
            of: state.history, serving.index.neighbours, collaborative: collaborative, content: content, to: &scores)
        if let overlay = view.overlay { addLinks(of: overlay.links, collaborative: collaborative, content: content) }
    }

    /// One access to the scores for all rows; and while one is added, the next ones come from memory.
    private static func addRows(
        of history: [ProfileEntry], _ neighbours: NeighbourTable, collaborative: Bool, content: Bool,
        to scores: inout CandidateScores
    ) {
        /// A new item has no row.
        func known(_ place: Int) -> Int? {
            guard place < history.count, history[place].item.index < neighbours.itemCount else { return nil }
            return history[place].item.index
        }
        for place in 0..<NeighbourTable.placesAhead {
            if let item = known(place) { neighbours.fetchPlace(ofRow: item) }
        }
        for place in 0..<NeighbourTable.startsAhead {
            if let item = known(place) { neighbours.fetchStart(ofRow: item) }
        }
        var row = unsafe known(0).map { unsafe neighbours.row($0) } ?? .empty
        for place in history.indices {
            if let item = known(place + NeighbourTable.placesAhead) { neighbours.fetchPlace(ofRow: item) }
            if let item = known(place + NeighbourTable.startsAhead) { neighbours.fetchStart(ofRow: item) }
            let next = unsafe known(place + 1).map { unsafe neighbours.row($0) } ?? .empty
            let weight = history[place].weight
            if collaborative {
                unsafe scores.add(
                    row.collaborative, unit: row.collaborativeUnit, weight: weight, to: .collaborative,
                    ahead: next.collaborative)
            }
            if content {
                unsafe scores.add(
                    row.content, unit: row.contentUnit, weight: weight, to: .content, ahead: next.content)
            }
            unsafe row = next
        }
    }

    /// What the index knows of an item; nothing of a new one.
    @inline(__always)
    func row(of item: ItemNumber) -> NeighbourTable.Row {
        unsafe view.isKnown(item) ? serving.index.neighbours.row(item.index) : .empty
    }

    /// Sums the links that the index's rows lack.
    private func addLinks(of links: OverlayLinks, collaborative: Bool, content: Bool) {
        for entry in state.history {
            if collaborative {
                links.forEachLink(of: entry.item, .collaborative) { item, value in
                    scores.add(entry.weight * value, to: .collaborative, of: item)
                }
            }
            if content {
                links.forEachLink(of: entry.item, .content) { item, value in
                    scores.add(entry.weight * value, to: .content, of: item)
                }
            }
        }
    }

    /// Blends and ranks what the components have scored, and fills up what is missing.
    func rankCandidates(
        _ options: RecommendationOptions, _ weights: BlendWeights, fallbackShare: Float = 0
    ) -> [RecommendedItem] {
        let blend = blendCandidates(options, weights, fallbackShare: fallbackShare)
        return arranged(options) { options in
            completed(best(blend, options, fallbackShare: fallbackShare), blend, options, weights)
        }
    }

    /// Measures the components over the candidates.
    private func blendCandidates(
        _ options: RecommendationOptions, _ weights: BlendWeights, fallbackShare: Float
    ) -> Blend {
        let fallback = fallbackShare > 0 ? fallbackScores : nil
        // All candidates are measured: which items are asked about must not change what the components' scores count.
        let sizes = scores.measure(admission, fallback: fallback)
        let blend = Blend(
            weights: weights, contentReliability: serving.contentReliability,
            contentScale: ScoreScale(squares: sizes.contentSquares, count: sizes.contentCount),
            collaborativeScale: ScoreScale(squares: sizes.collaborativeSquares, count: sizes.collaborativeCount),
            fallbackShare: fallbackShare,
            fallbackScale: ScoreScale(squares: sizes.fallbackSquares, count: sizes.count))
        state.blend = blend
        if let only = options.onlyIds {
            refuseAll(but: only)
            _ = scores.measure(admission, fallback: fallback)
        }
        if admission.restriction != nil, state.usesFactors, let factors {
            factors.extend(&scores, admission)
            _ = scores.measure(admission, fallback: fallback)
        }
        return blend
    }

    /// Only positive evidence recommends; a threshold of the caller's can only be stricter.
    private func best(
        _ blend: Blend, _ options: RecommendationOptions, fallbackShare: Float
    ) -> [RecommendedItem] {
        let units = CandidateScores.Units(
            content: blend.contentUnit, contentAlone: blend.contentAloneUnit, collaborative: blend.collaborativeUnit,
            collaborativeAlone: blend.collaborativeAloneUnit, fallback: blend.fallbackUnit)
        let lateRanks = view.overlay?.items.ranks ?? []
        let count = unsafe lateRanks.withUnsafeBufferPointer { late in
            unsafe scores.select(
                options.count, units: units, threshold: options.minScore ?? 0,
                ranks: CandidateRanks(known: serving.index.items.ranks, late: late), admission,
                fallback: fallbackShare > 0 ? fallbackScores : nil, boosts: state.boosts)
        }
        let (fallback, boosts) = (fallbackScores, state.boosts)
        return (0..<count).map { place in
            let item = scores.best(at: place).item
            let parts = contributions(to: item, blend, fallback)
            return Self.boosted(
                RecommendedItem(
                    item: ItemNumber(item), score: parts.score, source: Self.source(of: parts), contributions: parts),
                boosts)
        }
    }

    /// With what the request's boost adds.
    func boosted(_ item: RecommendedItem) -> RecommendedItem { Self.boosted(item, state.boosts) }

    private static func boosted(_ item: RecommendedItem, _ boosts: ItemBoosts?) -> RecommendedItem {
        guard let factor = boosts?[item.item.rawValue] else { return item }
        var item = item
        let score = item.score * factor
        item.boost = score - item.score
        item.score = score
        return item
    }

    /// What each component adds to an item's score in this request.
    private func contributions(to item: Int32, _ blend: Blend, _ fallback: PaddedScores) -> Blend.Contributions {
        let evidence = scores.evidence(of: item, admission)
        return blend.contributions(
            content: evidence.content, collaborative: evidence.collaborative, fallback: fallback[Int(item)])
    }

    private static func source(of parts: Blend.Contributions) -> RecommendationSource {
        switch (parts.content > 0, parts.collaborative > 0) {
        case (true, true): .hybrid
        case (true, false): .content
        default: .collaborative
        }
    }

    /// Whether content knows the item and anything of the history. Where it knows nothing of the history (brand-new
    /// items to the collaborative component, items without text to content) its silence is no evidence against those
    /// that it does know.
    func hasContentEvidence(of item: Int32) -> Bool {
        scores.contentSpeaks && admission[item].contains(.hasContent)
    }

    /// The same of the collaborative component.
    func hasCollaborativeEvidence(of item: Int32) -> Bool {
        scores.collaborativeSpeaks && admission[item].contains(.hasCollaborative)
    }

    /// Completes a short list by the best fallback items that are neither refused nor in the list already. What the
    /// personal part refused for a score below the smallest asked for does not come back; what it scored below zero, and
    /// what the user dislikes, comes last.
    private func completed(
        _ personal: [RecommendedItem], _ blend: Blend, _ options: RecommendationOptions, _ weights: BlendWeights
    ) -> [RecommendedItem] {
        if personal.count >= options.count || options.strict { return personal }
        var items = personal
        let taken = Set(personal.map(\.item.rawValue))
        for isDisliked in [false, true] {
            let more = fallbackItems(weights.fallback, options, count: options.count - items.count) { item in
                !taken.contains(item) && self.rejection(of: item, blend, options) == (isDisliked ? .disliked : nil)
            }
            items += more
            if items.count == options.count { break }
        }
        return items
    }

    private enum Rejection {
        /// Scored below what the request asks for.
        case belowThreshold
        case disliked
    }

    /// What the personal part says against an item that it did not recommend.
    private func rejection(of item: Int32, _ blend: Blend, _ options: RecommendationOptions) -> Rejection? {
        if admission[item].contains(.inHistory),
            state.history.contains(where: { $0.item.rawValue == item && $0.weight < 0 })
        {
            return .disliked
        }
        guard scores.contentScore(of: item) != 0 || scores.collaborativeScore(of: item) != 0 else { return nil }
        let score = contributions(to: item, blend, fallbackScores).score * (state.boosts?[item] ?? 1)
        if score == 0 { return nil }
        if score < options.minScore ?? -.infinity { return .belowThreshold }
        return score < 0 ? .disliked : nil
    }
}
