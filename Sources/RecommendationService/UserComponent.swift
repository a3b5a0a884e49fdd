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
        guard let lists = serving.index.usersOfItems else { return nil }
        let histories = serving.index.histories
        self.serving = serving
        found = NeighbourScoring(itemCount: serving.index.itemCount)
        unsafe scoring = UserKNNScoring(
            userCount: serving.index.userCount, usersOfItem: { unsafe lists.list($0) },
            itemsOfUser: { user in
                let history = unsafe histories.history(ofUser: user)
                return unsafe (history.itemIndexes, history.weights)
            })
    }

    /// - Parameter user: who asks, and is no neighbour of themselves.
    func score(_ history: [ProfileEntry], user: Int?, into scores: inout CandidateScores) {
        found.reset()
        scoring.score(history.map { WeightedRow(row: $0.itemIndex, weight: $0.weight) }, user: user, into: &found)
        found.forEachCandidate { scores.setCollaborative($0.index, $0.score) }
    }

    func shares(of item: Int32, history: [ProfileEntry]) -> [Float] {
        scoring.shares(of: item, history: history.map { WeightedRow(row: $0.itemIndex, weight: $0.weight) })
    }
}
