import HybridBlending
import RecommendationIndex
import Recommenders

// A session's answer is a personal answer whose collaborative component is the session model: neighbour sessions and
// sequential rules. Where the index has none, or it knows nothing of the session, the lists of the session's items stand
// in, as for a person's recent items. Content and the fallback join as always.

extension Recommender {
    /// Recommendations for a visitor without an account.
    ///
    /// - Parameters:
    ///   - itemIds: what was seen, most recent first, repeats allowed. Items that the index does not know are counted and
    ///     skipped; those beyond `historyLimit` are left out.
    ///   - userId: somebody whose own items stay out where `options.excludeSeen` says so; they are not mixed in.
    package func recommend(
        session itemIds: [String], userId: String? = nil, options: RecommendationOptions
    ) -> Recommendation {
        var answer = Recommendation()
        fallbackSegment = nil
        excluded.removeAll()
        answer.userState = excludeItems(ofUser: userId, options)
        let items = collectSession(itemIds, excludeSeen: options.excludeSeen, &answer.userState)
        exclude(options.excludeIds)
        let weights = options.weights ?? serving.weights
        guard scoreSession(items, weights) else {
            answer.items = rankPersonally(options)
            return answer
        }
        scoreContent(weights)
        candidates.collect(collaborative: collaborative, content: content, excluded: excluded, serving)
        answer.items = rankCandidates(options, weights)
        // The parts of a session's score do not add up item by item, so none is told.
        lastBlend = nil
        return answer
    }

    /// The known items as they came; `history` gets them without repeats.
    private func collectSession(_ itemIds: [String], excludeSeen: Bool, _ state: inout UserState) -> [Int32] {
        history.removeAll(keepingCapacity: true)
        collected.removeAll()
        var items: [Int32] = []
        for id in itemIds {
            guard let index = serving.index.items.index(of: id) else {
                state.unknownItemCount += 1
                continue
            }
            let item = Int32(index)
            if excludeSeen { excluded.insert(item) }
            guard items.count < Self.historyLimit else { continue }
            let step = items.count
            items.append(item)
            guard !collected.contains(item) else { continue }
            collected.insert(item)
            history.append(ProfileEntry(itemIndex: item, weight: decay.weight(step: step)))
        }
        state.usedItemCount = history.count
        return items
    }

    /// False where there is no session model or it links nothing to these items.
    private func scoreSession(_ items: [Int32], _ weights: BlendWeights) -> Bool {
        guard let model = serving.index.sessionModel, weights.collaborative > 0, !items.isEmpty else { return false }
        unsafe sessionScoring.score(
            items,
            model: SessionModelView(
                sessionCount: model.sessions.count, itemsOfSession: { unsafe model.sessions.list($0) },
                sessionsOfItem: { unsafe model.sessionsOfItems.list($0) }, itemWeights: model.itemWeights,
                rules: { unsafe model.rules.row($0) }),
            into: &collaborative)
        return collaborative.candidateCount > 0
    }
}
