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
///             per component; factors, users, sessions ─▶ blend ─▶ top: best `count` allowed ones above zero ─▶ fill: fallback order
///
/// Admission comes before any source cuts its candidates: where `count` allowed items exist, so many come back.
package final class Recommender {
    /// A history's items beyond this many, oldest first, are left out: they carry the smallest weight, and the time of a
    /// request stays bounded (500 items with 400 neighbours are 200,000 additions, a fifth of a millisecond).
    package static let historyLimit = 500

    package let serving: ServingIndex
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
    /// Per item, its place in the answer that is being explained, else -1; empty before anything was explained.
    var places: [Int32] = []

    package init(_ serving: ServingIndex) {
        self.serving = serving
        decay = serving.historyDecay
        factors = FactorComponent(serving)
        users = UserComponent(serving)
        sessions = SessionComponent(serving)
        scores = CandidateScores(itemCount: serving.index.itemCount)
        admission = Admission(
            itemCount: serving.index.itemCount, capacity: scores.format.columnLimit, known: serving.flags(ofItem:))
    }

    /// Every method begins here: what an earlier request left is gone.
    func begin() {
        state.begin()
        scores.clear()
        admission.reset()
    }

    /// Recommendations for a person. Unknown users and items are no error: what is missing is filled up from the fallback.
    package func recommend(for evidence: UserEvidence, options: RecommendationOptions) -> Recommendation {
        var answer = Recommendation()
        begin()
        let user = evidence.userId.flatMap { serving.index.users.index(of: $0) }
        answer.userState = collectHistory(evidence.recentItems, user: user, excludeSeen: options.excludeSeen)
        state.user = user
        state.fallbackSegment = segment(of: evidence.userId)
        exclude(options.excludeIds)
        let bringsRecentItems = evidence.recentItems.count > answer.userState.unknownItemCount
        let age = bringsRecentItems ? nil : user.flatMap { serving.age(ofUser: $0) }
        let weights = options.weights ?? serving.weights
        answer.items = rankPersonally(
            options, weights: serving.adaptiveWeights?.adapting(weights, itemCount: state.history.count) ?? weights,
            fallbackShare: serving.fallbackShare.factor(age: age))
        answer.segment = answer.fallbackUsed ? state.fallbackSegment : nil
        return answer
    }

    /// Items like the item at `itemIndex`, which itself stays out.
    /// - Parameter userId: somebody whose own items stay out too, unless the options say otherwise.
    package func recommend(
        similarTo itemIndex: Int32, userId: String? = nil, options: RecommendationOptions
    ) -> Recommendation {
        begin()
        state.append(ProfileEntry(itemIndex: itemIndex, weight: 1))
        admission.mark(itemIndex, [.inHistory, .excluded])
        var answer = Recommendation()
        answer.userState = excludeItems(ofUser: userId, options)
        answer.userState.usedItemCount = 1
        exclude(options.excludeIds)
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
        if let only = options.onlyIds { refuseAll(but: only) }
        if let segment {
            answer.items = firstAllowed(of: kind.segmentList, ofSegment: segment, weight: 1, options, options.count)
            answer.segment = segment
        } else {
            answer.items = firstAllowed(of: serving.ranked(kind), weight: 1, options, count: options.count)
        }
        return answer
    }
}
