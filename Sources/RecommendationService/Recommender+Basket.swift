import HybridBlending
import RecommendationIndex
import Recommenders
import ScoringKernels

extension Recommender {
    /// What goes with these items together: all count alike, whatever their order, and they themselves stay out.
    ///
    /// - Parameters:
    ///   - itemIds: repeats count once. Items that are unknown are counted and skipped; those beyond `historyLimit` stay out and
    ///     say nothing.
    ///   - userId: somebody whose own items stay out where `options.excludeSeen` says so; they are not mixed in.
    package func recommend(
        basket itemIds: [String], userId: String? = nil, options: RecommendationOptions
    ) -> Recommendation {
        begin()
        var answer = Recommendation()
        answer.userState = excludeItems(ofUser: userId, options)
        for id in itemIds {
            guard let item = view.item(id) else {
                answer.userState.unknownItemCount += 1
                continue
            }
            let isUsed = state.history.count < Self.historyLimit && !admission[item.rawValue].contains(.inHistory)
            admission.mark(item.rawValue, isUsed ? [.inHistory, .excluded] : .excluded)
            if isUsed { state.append(ProfileEntry(item: item, weight: 1)) }
        }
        answer.userState.usedItemCount = state.history.count
        exclude(options.excludeIds)
        guard applyRules(options, userId: userId, context: state.history.first?.item) else { return answer }
        answer.items = rankPersonally(options)
        return answer
    }
}
