import HybridBlending
import RecommendationIndex
import Recommenders

/// Answers requests from one open index. It owns workspaces of the catalogue's size, so it belongs to one thread:
/// each loop of the server and each evaluation has its own.
///
/// A personal answer:
///
///     evidence ─▶ history with weights ─▶ neighbour lists of its items, summed per candidate, once per component
///              ─▶ less what is excluded ─▶ blend ─▶ best `count` above zero ─▶ filled up from the fallback order
package final class Recommender {
    /// A history's items beyond this many, oldest first, are left out: they carry the smallest weight, and the time of a
    /// request stays bounded (500 items with 400 neighbours are 200,000 additions, about a millisecond).
    package static let historyLimit = 500

    package let serving: ServingIndex
    let decay: HistoryDecay
    /// What takes the place of the collaborative neighbour lists, or stands beside them, where the index has factors, or lists
    /// of users.
    let factors: FactorComponent?
    let users: UserComponent?
    var collaborative: NeighbourScoring
    var content: NeighbourScoring
    /// Items that must not appear, and later those that are in the list already.
    var excluded: ItemMarks
    var collected: ItemMarks
    /// What the current answer is based on, most recent first, without repeats.
    var history: [ProfileEntry] = []
    /// Whose history it is, where the index knows them.
    var historyUser: Int?
    /// The segment whose list fills up the current answer; nil: everybody's.
    var fallbackSegment: Int?
    var candidates: CandidateSet
    var selection = RankedSelection()
    var sessionScoring: SessionScoring
    /// The blend of the last personal answer.
    var lastBlend: Blend?

    package init(_ serving: ServingIndex) {
        self.serving = serving
        decay = serving.historyDecay
        let itemCount = serving.index.itemCount
        factors = FactorComponent(serving)
        users = UserComponent(serving)
        collaborative = NeighbourScoring(itemCount: itemCount)
        content = NeighbourScoring(itemCount: itemCount)
        excluded = ItemMarks(itemCount: itemCount)
        collected = ItemMarks(itemCount: itemCount)
        candidates = CandidateSet(itemCount: itemCount)
        sessionScoring = SessionScoring(serving.sessionScoring)
    }

    /// One item that an answer is based on.
    package struct ProfileEntry: Sendable, Equatable {
        package var itemIndex: Int32
        /// The interaction's weight times its decay; negative for a dislike.
        package var weight: Float
    }

    /// Recommendations for a person. Unknown users and items are no error: what is missing is filled up from the fallback.
    package func recommend(for evidence: UserEvidence, options: RecommendationOptions) -> Recommendation {
        var answer = Recommendation()
        excluded.removeAll()
        let user = evidence.userId.flatMap { serving.index.users.index(of: $0) }
        answer.userState = collectHistory(evidence.recentItems, user: user, excludeSeen: options.excludeSeen)
        historyUser = user
        fallbackSegment = segment(of: evidence.userId)
        exclude(options.excludeIds)
        let bringsRecentItems = evidence.recentItems.count > answer.userState.unknownItemCount
        let age = bringsRecentItems ? nil : user.flatMap { serving.age(ofUser: $0) }
        let weights = options.weights ?? serving.weights
        answer.items = rankPersonally(
            options, weights: serving.adaptiveWeights?.adapting(weights, itemCount: history.count) ?? weights,
            fallbackShare: serving.fallbackShare.factor(age: age))
        answer.segment = answer.fallbackUsed ? fallbackSegment : nil
        return answer
    }

    /// Items like the item at `itemIndex`, which itself stays out.
    /// - Parameter userId: somebody whose own items stay out too, unless the options say otherwise.
    package func recommend(
        similarTo itemIndex: Int32, userId: String? = nil, options: RecommendationOptions
    ) -> Recommendation {
        history.removeAll(keepingCapacity: true)
        history.append(ProfileEntry(itemIndex: itemIndex, weight: 1))
        historyUser = nil
        fallbackSegment = nil
        excluded.removeAll()
        excluded.insert(itemIndex)
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
        excluded.removeAll()
        var answer = Recommendation()
        answer.userState = excludeItems(ofUser: userId, options)
        exclude(options.excludeIds)
        if let only = options.onlyIds { keepOut(allBut: only) }
        lastBlend = nil
        if let segment {
            answer.items = firstAllowed(of: kind.segmentList, ofSegment: segment, weight: 1, options, options.count)
            answer.segment = segment
        } else {
            answer.items = firstAllowed(of: serving.ranked(kind), weight: 1, options, count: options.count)
        }
        return answer
    }

    /// The items of the last personal answer's history that speak most for `itemIndex`, strongest first, at most `limit`.
    /// What each adds to the item's score is exact: the blend is linear, so over the whole history the parts sum to it, less
    /// what the fallback adds.
    package func evidence(for itemIndex: Int32, limit: Int) -> [ProfileEntry] {
        guard let blend = lastBlend else { return [] }
        let index = serving.index
        let knowsContent = hasContentEvidence(of: itemIndex)
        let knowsInteractions = hasCollaborativeEvidence(of: itemIndex)
        var speakers: [ProfileEntry] = []
        let collaborativeShares = collaborativeShares(of: itemIndex)
        for (position, entry) in history.enumerated() {
            let content = index.contentNeighbours.value(row: Int(entry.itemIndex), column: itemIndex)
            let share = blend.contributions(
                content: knowsContent ? entry.weight * content : .nan,
                collaborative: knowsInteractions ? collaborativeShares[position] : .nan
            ).score
            if share > 0 { speakers.append(ProfileEntry(itemIndex: entry.itemIndex, weight: share)) }
        }
        speakers.sort { $0.weight == $1.weight ? $0.itemIndex < $1.itemIndex : $0.weight > $1.weight }
        return Array(speakers.prefix(limit))
    }

    /// What each item of the history adds to the collaborative score of `item`.
    private func collaborativeShares(of item: Int32) -> [Float] {
        if let users { return users.shares(of: item, history: history) }
        let pair = factors?.pair ?? .alone
        let byFactors = factors?.shares(of: item, history: history)
        return history.indices.map { position in
            let entry = history[position]
            let link = serving.index.collaborative.value(row: Int(entry.itemIndex), column: item)
            return pair.listUnit * entry.weight * link + pair.factorUnit * (byFactors?[position] ?? 0)
        }
    }
}

extension ShardedSparseMatrix {
    /// A stored value or 0. O(log row length).
    fileprivate func value(row index: Int, column: Int32) -> Float {
        let (columns, values) = unsafe self.row(index)
        var low = 0
        var high = columns.count
        while low < high {
            let middle = (low + high) / 2
            if unsafe columns[middle] < column { low = middle + 1 } else { high = middle }
        }
        return unsafe low < columns.count && columns[low] == column ? values[low] : 0
    }
}
