import HybridBlending
package import RecommendationIndex
import Recommenders

/// Answers requests from one open index. It owns workspaces of the catalogue's size, so it belongs to one thread:
/// each loop of the server and each evaluation thread has its own.
///
/// A personal answer:
///
///     evidence ─▶ history with weights ─▶ neighbour lists of its items, summed per candidate, once per component
///              ─▶ less what is excluded ─▶ blend ─▶ best `count` above zero ─▶ filled up from the fallback order
package final class Recommender {
    /// A history's items beyond this many, oldest first, are left out: they carry the floor weight, and time per request stays bounded.
    private static let historyLimit = 500

    package let serving: ServingIndex
    private let decay = HistoryDecay()
    private var collaborative: NeighbourScoring
    private var content: NeighbourScoring
    private var excluded: ItemMarks
    private var history: [ProfileEntry] = []
    private var candidates: [Int32] = []
    private var contentScores: [Float] = []
    private var collaborativeScores: [Float] = []
    private var selection = RankedSelection()

    package init(_ serving: ServingIndex) {
        self.serving = serving
        let itemCount = serving.index.itemCount
        collaborative = NeighbourScoring(itemCount: itemCount)
        content = NeighbourScoring(itemCount: itemCount)
        excluded = ItemMarks(itemCount: itemCount)
    }

    /// One item of the history an answer is based on.
    package struct ProfileEntry {
        package var itemIndex: Int32
        /// The interaction's weight times its decay; negative for a dislike.
        package var weight: Float
    }

    // MARK: Use cases

    /// Recommendations for a person. Unknown users and items are no error: what is missing is filled up from the fallback.
    package func recommend(for evidence: UserEvidence, options: RecommendationOptions) -> Recommendation {
        var answer = Recommendation()
        answer.userState = collectHistory(evidence)
        excluded.removeAll()
        if options.excludeSeen {
            for entry in history { excluded.insert(entry.itemIndex) }
            if let userId = evidence.userId, let user = serving.index.users.index(of: userId) {
                for item in serving.index.histories.row(user).items { excluded.insert(item) }
            }
        }
        exclude(options.excludeIds)
        answer.items = rankPersonally(options)
        return answer
    }

    /// Items like the item at `itemIndex`, which itself stays out.
    /// - Parameter userId: somebody whose own items stay out too, unless the options say otherwise.
    package func recommend(
        similarTo itemIndex: Int32, userId: String?, options: RecommendationOptions
    ) -> Recommendation {
        history = [ProfileEntry(itemIndex: itemIndex, weight: 1)]
        excluded.removeAll()
        excluded.insert(itemIndex)
        var answer = Recommendation()
        if let userId, let user = serving.index.users.index(of: userId) {
            answer.userState.known = true
            if options.excludeSeen {
                for item in serving.index.histories.row(user).items { excluded.insert(item) }
            }
        }
        exclude(options.excludeIds)
        answer.items = rankPersonally(options)
        return answer
    }

    /// The items with the highest score of one kind, for everybody.
    package func popular(_ kind: PopularityKind, userId: String?, options: RecommendationOptions) -> Recommendation {
        var answer = Recommendation()
        excluded.removeAll()
        if let userId, let user = serving.index.users.index(of: userId) {
            answer.userState.known = true
            if options.excludeSeen { excludeHistory(ofUser: user) }
        }
        exclude(options.excludeIds)
        let list = serving.popularity(kind)
        answer.items = firstAllowed(of: list, scoredBy: 1, options, after: 0)
        return answer
    }

    // MARK: Evidence

    /// Puts the visitor's recent items and the user's stored history into `history`, most recent first, without repeats.
    private func collectHistory(_ evidence: UserEvidence) -> UserState {
        var state = UserState()
        history.removeAll(keepingCapacity: true)
        collected.removeAll()
        var step = 0
        for recent in evidence.recentItems {
            guard let item = serving.index.items.index(of: recent.itemId) else {
                state.unknownItemCount += 1
                continue
            }
            addToHistory(item, weight: recent.weight, step: step)
            step += 1
        }
        if let userId = evidence.userId, let user = serving.index.users.index(of: userId) {
            state.known = true
            collectStoredHistory(ofUser: user, firstStep: step)
        }
        state.usedItemCount = history.count
        return state
    }

    private func collectStoredHistory(ofUser user: Int32, firstStep: Int) {
        let row = serving.index.histories.row(user)
        var step = firstStep
        var moment = row.count > 0 ? row.times[0] : 0
        for position in 0..<row.count where history.count < Self.historyLimit {
            if row.times[position] != moment {
                moment = row.times[position]
                step += 1
            }
            addToHistory(row.items[position], weight: row.weights[position], step: serving.hasTimes ? step : 0)
        }
    }

    private func addToHistory(_ item: Int32, weight: Float, step: Int) {
        guard history.count < Self.historyLimit, !collected.contains(item) else { return }
        collected.insert(item)
        history.append(ProfileEntry(itemIndex: item, weight: weight * decay.weight(step: step)))
    }

    private func excludeHistory(ofUser user: Int32) {
        let row = serving.index.histories.row(user)
        for position in 0..<row.count { excluded.insert(row.items[position]) }
    }

    private func exclude(_ ids: [String]) {
        for id in ids {
            if let item = serving.index.items.index(of: id) { excluded.insert(item) }
        }
    }
}
