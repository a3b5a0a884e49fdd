import LinearAlgebra
import RecommendationIndex
import Recommenders

/// Compares users: finds those with most of a history, then adds up what they have. One thread's.
final class UserComponent {
    private let serving: ServingIndex
    private let usersOfItems: IndexListTable
    /// Per user, `UserKNN.scale`.
    private let scales: [Float]
    private var overlaps: NeighbourScoring
    private var selector: TopKSelector
    /// Of the last history, most similar first.
    private var neighbours: [ScoredIndex] = []
    /// A user's items count alike.
    private var ones: [Float]

    /// nil where the index has no lists of users.
    init?(_ serving: ServingIndex) {
        guard let lists = serving.index.usersOfItems else { return nil }
        let index = serving.index
        self.serving = serving
        usersOfItems = lists
        scales = (0..<index.userCount).map { user in
            unsafe UserKNN.scale(itemCount: index.histories.history(ofUser: user).itemIndexes.count)
        }
        overlaps = NeighbourScoring(itemCount: index.userCount)
        selector = TopKSelector(capacity: UserKNN.neighbourCount)
        ones = Array(repeating: 1, count: (0..<lists.count).reduce(0) { max($0, unsafe lists.list($1).count) })
    }

    /// - Parameter user: who asks, and is no neighbour of themselves.
    func score(_ history: [Recommender.ProfileEntry], user: Int?, into scoring: inout NeighbourScoring) {
        overlaps.reset()
        for entry in history {
            let users = unsafe usersOfItems.list(Int(entry.itemIndex))
            unsafe ones.withUnsafeBufferPointer { ones in
                unsafe overlaps.add(
                    columns: users, values: UnsafeBufferPointer(rebasing: ones[0..<users.count]), weight: entry.weight)
            }
        }
        selector.reset(k: UserKNN.neighbourCount, floor: 0)
        for position in 0..<overlaps.candidateCount {
            let candidate = overlaps.candidate(at: position)
            guard Int(candidate.index) != user else { continue }
            selector.offer(candidate.index, score: candidate.score * scales[Int(candidate.index)])
        }
        neighbours.removeAll(keepingCapacity: true)
        selector.drain(into: &neighbours)
        for neighbour in neighbours {
            let theirs = unsafe serving.index.histories.history(ofUser: Int(neighbour.index))
            unsafe scoring.add(columns: theirs.itemIndexes, values: theirs.weights, weight: neighbour.score)
        }
    }

    /// What each item of the last history adds to the score of `item`: its part in the similarity of the neighbours that
    /// have it. The parts sum to the score. O(neighbours' items).
    func shares(of item: Int32, history: [Recommender.ProfileEntry]) -> [Float] {
        var shares = [Float](repeating: 0, count: history.count)
        for neighbour in neighbours {
            let user = Int(neighbour.index)
            let theirs = unsafe serving.index.histories.history(ofUser: user)
            guard let place = unsafe theirs.itemIndexes.firstIndex(of: item) else { continue }
            let worth = unsafe theirs.weights[place] * scales[user]
            for (position, entry) in history.enumerated() where lists(neighbour.index, under: entry.itemIndex) {
                shares[position] += entry.weight * worth
            }
        }
        return shares
    }

    private func lists(_ user: Int32, under item: Int32) -> Bool {
        let users = unsafe usersOfItems.list(Int(item))
        var low = 0
        var high = users.count
        while low < high {
            let middle = (low + high) / 2
            if unsafe users[middle] < user { low = middle + 1 } else { high = middle }
        }
        return unsafe low < users.count && users[low] == user
    }
}
