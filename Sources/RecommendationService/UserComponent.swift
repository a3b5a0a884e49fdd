import LinearAlgebra
import RecommendationIndex
import Recommenders
import ScoringKernels

/// Compares users. One thread's; `serving` keeps the memory of the lists.
final class UserComponent {
    private let serving: ServingIndex
    private var scoring: UserKNNScoring
    private var found: NeighbourScoring

    /// nil where the index has no lists of users.
    init?(_ serving: ServingIndex) {
        guard let lists = serving.index.usersOfItems, let weights = serving.neighbourWeights else { return nil }
        let histories = serving.index.histories
        self.serving = serving
        found = NeighbourScoring(itemCount: serving.index.itemCount)
        unsafe scoring = UserKNNScoring(
            userCount: serving.index.userCount,
            // Nobody of the index has an item that came later.
            usersOfItem: { item in
                unsafe item < lists.count ? lists.list(item) : UnsafeBufferPointer(start: nil, count: 0)
            },
            itemsOfUser: { user in
                unsafe (histories.history(ofUser: user).itemIndexes, weights.weights(ofUser: user))
            })
    }

    /// These are nobody's neighbours from now on, in place of those of an earlier call.
    func leaveOut(_ users: Set<UserNumber>) { scoring.leaveOut(users.map(\.index)) }

    /// - Parameter user: who asks, and is no neighbour of themselves.
    func score(_ history: [ProfileEntry], user: UserNumber?, into scores: inout CandidateScores) {
        found.reset()
        scoring.score(rows(history), user: user?.index, into: &found)
        found.forEachCandidate { scores.setCollaborative($0.index, $0.score) }
    }

    func shares(of item: Int32, history: [ProfileEntry]) -> [Float] {
        scoring.shares(of: item, history: rows(history))
    }

    private func rows(_ history: [ProfileEntry]) -> [WeightedRow] {
        history.map { WeightedRow(row: $0.item.rawValue, weight: $0.weight) }
    }
}
