import RecommendationIndex
import Recommenders

/// Compares users. One thread's; `serving` keeps the memory of the lists.
final class UserComponent {
    private let serving: ServingIndex
    private var scoring: UserKNNScoring

    /// nil where the index has no lists of users.
    init?(_ serving: ServingIndex) {
        guard let lists = serving.index.usersOfItems else { return nil }
        let histories = serving.index.histories
        self.serving = serving
        unsafe scoring = UserKNNScoring(
            userCount: serving.index.userCount, usersOfItem: { unsafe lists.list($0) },
            itemsOfUser: { user in
                let history = unsafe histories.history(ofUser: user)
                return unsafe (history.itemIndexes, history.weights)
            })
    }

    /// - Parameter user: who asks, and is no neighbour of themselves.
    func score(_ history: [Recommender.ProfileEntry], user: Int?, into scores: inout NeighbourScoring) {
        scoring.score(history.map { WeightedRow(row: $0.itemIndex, weight: $0.weight) }, user: user, into: &scores)
    }

    func shares(of item: Int32, history: [Recommender.ProfileEntry]) -> [Float] {
        scoring.shares(of: item, history: history.map { WeightedRow(row: $0.itemIndex, weight: $0.weight) })
    }
}
