import HybridBlending
import RecommendationIndex
import Recommenders
import ScoringKernels

/// Answers requests from one open index. It owns workspaces of the catalogue's size, so it belongs to one thread:
/// each loop of the server and each evaluation has its own.
///
/// A personal answer:
///
///     resolve ─▶ history with weights ─▶ admission: seen, excluded, listed ─▶ sources: neighbour lists of the history's items summed
///             per component; factors, users, sessions ─▶ blend ─▶ top: best allowed ones above zero ─▶ fill: fallback order ─▶
///             arrange: pinned items, at most so many of one kind, unlike ones
///
/// Admission, the request's filter with it, comes before any source cuts its candidates: where `count` allowed items exist, so many come back.
package final class Recommender {
    /// A history's items beyond this many, oldest first, are left out: they carry the smallest weight, and the time of a
    /// request stays bounded (500 items with 400 neighbours are 200,000 additions, a fifth of a millisecond).
    package static let historyLimit = 500

    package let serving: ServingIndex
    /// The catalogue as the requests since the last `refresh` see it.
    package private(set) var view: CatalogView
    /// How often an overlay had been published when `view` was taken.
    package private(set) var viewGeneration: UInt64 = 0
    /// The time that items' availability was looked at last, and when it changes next.
    private var availabilityTime = Int64.min
    private var nextAvailabilityChange = Int64.max
    /// What people did since the index was built; nil: nobody tells.
    package var liveHistories: (any LiveHistories)?
    let decay: HistoryDecay
    /// What takes the place of the collaborative neighbour lists, or stands beside them, where the index has factors, or lists
    /// of users.
    let factors: FactorComponent?
    let users: UserComponent?
    /// Session models, nil where the index has none.
    let sessions: SessionComponent?
    var scores: CandidateScores
    var admission: Admission
    var state = RequestState()
    /// What the person of the request did since the index was built.
    var live = LiveHistory()
    /// What the sums that the index keeps have faded by since it was built.
    var fading = 1.0
    /// Filters and boosts of this loop.
    package let filters: ItemFilters
    /// Per item, its place in the answer that is being explained, else -1; empty before anything was explained.
    var places: [Int32] = []

    package init(_ serving: ServingIndex) {
        self.serving = serving
        view = CatalogView(serving)
        decay = serving.historyDecay
        factors = FactorComponent(serving)
        users = UserComponent(serving)
        sessions = SessionComponent(serving)
        filters = ItemFilters(serving)
        scores = CandidateScores(itemCount: serving.index.itemCount, capacity: serving.workspaceCapacity)
        admission = Admission(
            itemCount: serving.index.itemCount, capacity: serving.workspaceCapacity, known: serving.flags(ofItem:))
    }

    /// Before a request: takes the overlay that holds now. All that the request does then goes by one view.
    /// - Parameter now: milliseconds since 1970; asked for only where some items may be shown at some times.
    package func refresh(now: @autoclosure () -> Int64) {
        if serving.live.generation != viewGeneration { takeOverlay() }
        guard let overlay = view.overlay, !overlay.availability.isEmpty else { return }
        let time = now()
        // A clock may go back.
        if time >= nextAvailabilityChange || time < availabilityTime { show(overlay.availability, at: time) }
    }

    private func takeOverlay() {
        begin()
        for item in changedItems { admission.setKnown(item.rawValue, serving.flags(ofItem: item.index)) }
        let (overlay, generation) = serving.live.exchange(view.overlay)
        viewGeneration = generation
        view = CatalogView(serving, overlay)
        filters.take(overlay, generation: generation)
        admission.setItems(after: serving.index.itemCount, to: overlay?.items.flags ?? [])
        scores.setItemCount(view.itemCount)
        users?.leaveOut(overlay?.erased.users ?? [])
        for item in overlay?.hidden ?? [] {
            admission.setKnown(item.rawValue, admission.known(item.rawValue).union(.hidden))
        }
        availabilityTime = .max
        nextAvailabilityChange = .max
    }

    /// Items of the index that not every request sees as it was built.
    private var changedItems: [ItemNumber] {
        guard let overlay = view.overlay else { return [] }
        return overlay.hidden + overlay.availability.windows.keys.filter { view.isKnown($0) }
    }

    private func show(_ windows: AvailabilityWindows, at time: Int64) {
        begin()
        for (item, availability) in windows.windows {
            var known = admission.known(item.rawValue)
            if availability.allows(at: time) { known.remove(.hidden) } else { known.insert(.hidden) }
            admission.setKnown(item.rawValue, known)
        }
        availabilityTime = time
        nextAvailabilityChange = windows.nextChange(after: time)
    }

    /// Per item, what the fallback says.
    var fallbackScores: PaddedScores { view.overlay?.rankings.fallbackScores ?? serving.fallbackScores }

    /// Every method begins here: what an earlier request left is gone.
    func begin() {
        state.begin()
        live.begin()
        scores.clear()
        admission.reset()
    }

    /// Recommendations for a person. Unknown users and items are no error: what is missing is filled up from the fallback.
    package func recommend(for evidence: UserEvidence, options: RecommendationOptions) -> Recommendation {
        recommend(for: evidence, options: options, keepingPlaces: nil)
    }

    /// - Parameter keptPlaces: so many places of the ranking that the answer was arranged from are kept in the state.
    func recommend(
        for evidence: UserEvidence, options: RecommendationOptions, keepingPlaces keptPlaces: Int?
    ) -> Recommendation {
        var answer = Recommendation()
        begin()
        state.keptPlaces = keptPlaces
        let user = evidence.userId.flatMap { view.user($0) }
        answer.userState = collectHistory(
            evidence.recentItems, userId: evidence.userId, user: user, options)
        state.user = user
        state.fallbackSegment = segment(of: evidence.userId)
        exclude(options.excludeIds)
        guard applyRules(options, userId: evidence.userId) else { return answer }
        let bringsRecentItems = evidence.recentItems.count > answer.userState.unknownItemCount
        let age = bringsRecentItems ? nil : state.age
        let weights = options.weights ?? serving.weights
        answer.items = rankPersonally(
            options, weights: serving.adaptiveWeights?.adapting(weights, itemCount: state.history.count) ?? weights,
            fallbackShare: serving.fallbackShare.factor(age: age))
        answer.segment = answer.fallbackUsed ? state.fallbackSegment : nil
        return answer
    }

    /// Items like one, which itself stays out.
    /// - Parameter userId: somebody whose own items stay out too, unless the options say otherwise.
    package func recommend(
        similarTo item: ItemNumber, userId: String? = nil, options: RecommendationOptions
    ) -> Recommendation {
        begin()
        state.append(ProfileEntry(item: item, weight: 1))
        admission.mark(item.rawValue, [.inHistory, .excluded])
        var answer = Recommendation()
        answer.userState = excludeItems(ofUser: userId, options)
        answer.userState.usedItemCount = 1
        exclude(options.excludeIds)
        guard applyRules(options, userId: userId, context: item) else { return answer }
        answer.items = rankPersonally(options)
        return answer
    }

    /// The best items of one kind, for everybody alike, or for the members of a segment.
    /// - Parameters:
    ///   - segment: its number; only what members have is listed, and at most as much as the index keeps.
    ///   - userId: somebody whose own items stay out, unless the options say otherwise.
    package func popular(
        _ kind: PopularityKind, segment: Int? = nil, userId: String? = nil, options: RecommendationOptions
    ) -> Recommendation {
        begin()
        var answer = Recommendation()
        answer.userState = excludeItems(ofUser: userId, options)
        exclude(options.excludeIds)
        guard applyRules(options, userId: userId) else { return answer }
        if let only = options.onlyIds { refuseAll(but: only) }
        if let segment {
            answer.items = arranged(options) { options in
                firstAllowed(of: .ofSegment(segment, kind.segmentList), weight: 1, options, count: options.count)
            }
            answer.segment = segment
        } else {
            answer.items = arranged(options) { options in
                firstAllowed(of: .everybodys(kind), weight: 1, options, count: options.count)
            }
        }
        return answer
    }
}
