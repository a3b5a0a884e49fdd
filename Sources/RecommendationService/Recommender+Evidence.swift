import HybridBlending
import RecommendationIndex
import Recommenders
import ScoringKernels

extension Recommender {
    /// Puts recent items and then the user's stored history into the request's history, most recent first, without repeats, and
    /// excludes all of them where that is asked for, those beyond the history's limit too.
    func collectHistory(_ recentItems: [RecentItem], user: UserNumber?, _ options: RecommendationOptions) -> UserState {
        var known = UserState()
        known.known = user != nil
        var step = 0
        for recent in recentItems {
            guard let item = view.item(recent.itemId) else {
                known.unknownItemCount += 1
                continue
            }
            add(item, weight: recent.weight * decay.weight(step: step), excludeSeen: options.excludeSeen)
            step += 1
        }
        if let user { collectStored(user, firstStep: step, options) }
        known.usedItemCount = state.history.count
        return known
    }

    /// A step is a distinct moment. Without times every stored item is equally recent.
    private func collectStored(_ user: UserNumber, firstStep: Int, _ options: RecommendationOptions) {
        let stored = unsafe serving.index.histories.history(ofUser: user.index)
        var step = firstStep
        // Who brings recent items is in the middle of something; who brings none comes back.
        let comesBack = firstStep == 0 && serving.fallbackShare.isReturning(age: serving.age(ofUser: user))
        let decay = comesBack ? serving.returningDecay : decay
        for position in unsafe stored.itemIndexes.indices {
            if unsafe serving.hasTimes && position > 0 && stored.times[position] != stored.times[position - 1] {
                step += 1
            }
            unsafe add(
                ItemNumber(stored.itemIndexes[position]), weight: stored.weights[position] * decay.weight(step: step),
                excludeSeen: excludes(options, seenAt: stored.times[position]))
        }
    }

    /// Whether what was dealt with at that time stays out.
    private func excludes(_ options: RecommendationOptions, seenAt time: Int64) -> Bool {
        guard options.excludeSeen, let since = options.seenSince, serving.hasTimes else { return options.excludeSeen }
        return time >= since
    }

    private func add(_ item: ItemNumber, weight: Float, excludeSeen: Bool) {
        let isUsed = state.history.count < Self.historyLimit && !admission[item.rawValue].contains(.inHistory)
        var marks: ItemFlags = []
        if isUsed { marks.insert(.inHistory) }
        if excludeSeen { marks.insert(.seen) }
        if !marks.isEmpty { admission.mark(item.rawValue, marks) }
        if isUsed { state.append(ProfileEntry(item: item, weight: weight)) }
    }

    /// What a person did since the index was built counts as what is brought along, most recent first.
    func liveItems(ofUser id: String?) -> [RecentItem] {
        guard let id, let liveHistories else { return [] }
        var items: [RecentItem] = []
        liveHistories.forEachEvent(ofUser: id, in: view) { event in
            let itemId = unsafe String(decoding: view.id(of: event.item), as: UTF8.self)
            items.append(RecentItem(itemId: itemId, eventWeight: Float(event.weight)))
            return items.count < Self.historyLimit
        }
        return items
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
        if options.excludeSeen {
            for recent in liveItems(ofUser: userId) {
                if let item = view.item(recent.itemId) { admission.mark(item.rawValue, .seen) }
            }
        }
        guard let userId, let user = view.user(userId) else { return known }
        known.known = true
        if options.excludeSeen {
            let stored = unsafe serving.index.histories.history(ofUser: user.index)
            for position in unsafe stored.itemIndexes.indices
            where unsafe excludes(options, seenAt: stored.times[position]) {
                unsafe admission.mark(stored.itemIndexes[position], .seen)
            }
        }
        return known
    }
}
