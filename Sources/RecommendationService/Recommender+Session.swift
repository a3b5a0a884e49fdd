import HybridBlending
import RecommendationIndex
import Recommenders
import ScoringKernels

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
        begin()
        answer.userState = excludeItems(ofUser: userId, options)
        let items = collectSession(itemIds, excludeSeen: options.excludeSeen, &answer.userState)
        exclude(options.excludeIds)
        if options.excludeCurrent, let current = items.first { admission.mark(current, .excluded) }
        guard applyRules(options, userId: userId, context: items.first.map { ItemNumber($0) }) else { return answer }
        let weights = options.weights ?? serving.weights
        guard weights.collaborative > 0, let sessions, sessions.score(items, into: &scores) else {
            answer.items = rankPersonally(options)
            return answer
        }
        addLists(collaborative: false, content: weights.content > 0)
        answer.items = rankCandidates(options, weights)
        // The parts of a session's score do not add up item by item, so none is told.
        state.blend = nil
        return answer
    }

    /// The known items as they came; the history gets them without repeats.
    private func collectSession(_ itemIds: [String], excludeSeen: Bool, _ known: inout UserState) -> [Int32] {
        var items: [Int32] = []
        for id in itemIds {
            guard let number = view.item(id) else {
                known.unknownItemCount += 1
                continue
            }
            let item = number.rawValue
            if excludeSeen { admission.mark(item, .seen) }
            guard items.count < Self.historyLimit else { continue }
            let step = items.count
            items.append(item)
            guard !admission[item].contains(.inHistory) else { continue }
            admission.mark(item, .inHistory)
            state.append(ProfileEntry(item: number, weight: decay.weight(step: step)))
        }
        known.usedItemCount = state.history.count
        return items
    }
}
