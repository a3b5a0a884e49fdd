import HybridBlending
import Interactions
import ScoringKernels

extension Recommender {
    /// Days after which something that a person had counts half of what it counted. Chosen on next baskets of two shops
    /// (decision 0070).
    package static let againHalfLifeDays = 240.0

    /// What a person takes again: their own items by how much they had of each, damped as in training, and by how long ago they
    /// had it last. Nothing fills the list up. An index without times goes by the amounts alone.
    ///
    /// `options.seenSince`, where `excludeSeen` is set, leaves out what was dealt with since; without it nothing is left.
    package func again(userId: String, options: RecommendationOptions) -> Recommendation {
        begin()
        var answer = Recommendation()
        let user = view.user(userId)
        readHistory(ofUser: userId, user)
        answer.userState.known = user != nil || !live.isEmpty
        exclude(options.excludeIds)
        guard applyRules(options, userId: userId) else { return answer }
        let own = ownItems(of: user, options)
        answer.userState.usedItemCount = own.count
        answer.items = arranged(options) { options in
            guard options.count > 0 else { return [] }
            var found = BestItems(options.count, least: options.minScore ?? 0, view)
            for entry in own { found.insert(entry.item, entry.score, factor: state.boosts?[entry.item] ?? 1) }
            return found.sorted.map { entry in
                boosted(
                    RecommendedItem(
                        item: ItemNumber(entry.item), score: entry.plainScore, source: .history, contributions: .none))
            }
        }
        return answer
    }

    /// Those that may appear, with their scores before a boost; all above 0.
    private func ownItems(of user: UserNumber?, _ options: RecommendationOptions) -> [(item: Int32, score: Float)] {
        let newest = max(serving.newestTime, liveHistories?.newestTime ?? .min)
        let decay =
            serving.hasTimes ? TimeDecay(halfLifeDays: Self.againHalfLifeDays, referenceTime: newest) : nil
        var own: [(item: Int32, score: Float)] = []
        forEachOwnItem(of: user) { item, sum, time in
            let isTooRecent = options.excludeSeen && (options.seenSince.map { time >= $0 } ?? true)
            guard sum > 0, !isTooRecent, admission.allows(item) else { return }
            let score = InteractionMatrix.damped(sum) * Float(decay?.factor(at: time) ?? 1)
            if score > 0 { own.append((item, score)) }
        }
        return own
    }
}
