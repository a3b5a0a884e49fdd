import HybridBlending
import Interactions
import RecommendationIndex
import Recommenders
import ScoringKernels

extension Recommender {
    /// Puts recent items and then the user's history into the request's history, most recent first, without repeats, and
    /// excludes all of them where that is asked for, those beyond the history's limit too.
    func collectHistory(
        _ recentItems: [RecentItem], userId: String?, user: UserNumber?, _ options: RecommendationOptions
    ) -> UserState {
        var known = UserState()
        var step = 0
        for recent in recentItems {
            guard let item = view.item(recent.itemId) else {
                known.unknownItemCount += 1
                continue
            }
            Self.add(
                item, weight: recent.weight * decay.weight(step: step), excludeSeen: options.excludeSeen, &admission,
                &state)
            step += 1
        }
        readHistory(ofUser: userId, user)
        known.known = user != nil || !live.isEmpty
        collectOwn(user, firstStep: step, options, &admission, &state)
        known.usedItemCount = state.history.count
        return known
    }

    /// What the index keeps, with what the person did since. A step is a distinct moment. Without times every item is equally
    /// recent.
    /// - Parameters: `admission` and `state` are this recommender's own, lent once for the whole history.
    private func collectOwn(
        _ user: UserNumber?, firstStep: Int, _ options: RecommendationOptions, _ admission: inout Admission,
        _ state: inout RequestState
    ) {
        // Who brings recent items is in the middle of something; who brings none comes back.
        let comesBack = firstStep == 0 && serving.fallbackShare.isReturning(age: state.age)
        let decay = comesBack ? serving.returningDecay : decay
        var step = firstStep
        var last: Int64?
        forEachOwnItem(of: user) { item, sum, time in
            if serving.hasTimes, let last, time != last { step += 1 }
            last = time
            Self.add(
                ItemNumber(item), weight: InteractionMatrix.damped(sum) * decay.weight(step: step),
                excludeSeen: excludes(options, seenAt: time), &admission, &state)
        }
    }

    /// Whether what was dealt with at that time stays out.
    private func excludes(_ options: RecommendationOptions, seenAt time: Int64) -> Bool {
        guard options.excludeSeen, let since = options.seenSince, serving.hasTimes else { return options.excludeSeen }
        return time >= since
    }

    private static func add(
        _ item: ItemNumber, weight: Float, excludeSeen: Bool, _ admission: inout Admission, _ state: inout RequestState
    ) {
        let joins = admission.join(
            item.rawValue, mayJoin: state.history.count < historyLimit, isSeen: excludeSeen)
        if joins { state.append(ProfileEntry(item: item, weight: weight)) }
    }

    func exclude(_ ids: [String]) {
        for id in ids {
            if let item = view.item(id) { admission.mark(item.rawValue, .excluded) }
        }
    }

    /// Refuses every item but these.
    func refuseAll(but ids: [String]) {
        admission.refuseAll(but: ids.compactMap { view.item($0)?.rawValue })
    }

    /// Excludes what a user has, unless the options say otherwise.
    func excludeItems(ofUser userId: String?, _ options: RecommendationOptions) -> UserState {
        var known = UserState()
        guard let userId else { return known }
        let user = view.user(userId)
        readHistory(ofUser: userId, user)
        known.known = user != nil || !live.isEmpty
        guard options.excludeSeen else { return known }
        forEachOwnItem(of: user) { item, _, time in
            if excludes(options, seenAt: time) { admission.mark(item, .seen) }
        }
        return known
    }
}
