import LinearAlgebra

/// Compares a history with users, then adds up what the most similar ones have. A workspace that one thread owns: eight
/// bytes a user, made once. The model's memory belongs to someone else, row by row.
@safe package struct UserKNNScoring: ~Copyable {
    /// Ascending.
    package typealias UsersOfItem = (_ item: Int) -> UnsafeBufferPointer<Int32>
    /// Most recent first.
    package typealias ItemsOfUser =
        (_ user: Int) -> (items: UnsafeBufferPointer<Int32>, weights: UnsafeBufferPointer<Float>)

    private let usersOfItem: UsersOfItem
    private let itemsOfUser: ItemsOfUser
    /// Per user, `UserKNN.scale`; 0 for who is nobody's neighbour.
    private var scales: [Float]
    private var leftOut: [Int] = []
    private var overlaps: NeighbourScoring
    private var selector: TopKSelector
    /// Of the last history, most similar first.
    private var neighbours: [ScoredIndex] = []
    /// A user's items count alike.
    private var ones: [Float] = []

    package init(userCount: Int, usersOfItem: @escaping UsersOfItem, itemsOfUser: @escaping ItemsOfUser) {
        unsafe self.usersOfItem = usersOfItem
        unsafe self.itemsOfUser = itemsOfUser
        scales = (0..<userCount).map { user in unsafe Self.scale(itemsOfUser, user) }
        overlaps = NeighbourScoring(itemCount: userCount)
        selector = TopKSelector(capacity: UserKNN.neighbourCount)
    }

    private static func scale(_ itemsOfUser: ItemsOfUser, _ user: Int) -> Float {
        unsafe UserKNN.scale(itemCount: itemsOfUser(user).items.count)
    }

    /// These are nobody's neighbours from now on, in place of those of an earlier call.
    package mutating func leaveOut(_ users: [Int]) {
        for user in leftOut { scales[user] = unsafe Self.scale(itemsOfUser, user) }
        for user in users { scales[user] = 0 }
        leftOut = users
    }

    /// Adds the scores of all items of the neighbours, the history's own among them.
    /// - Parameter user: whose history it is, who is no neighbour of themselves.
    package mutating func score(_ history: [WeightedRow], user: Int?, into scoring: inout NeighbourScoring) {
        overlaps.reset()
        for entry in history {
            let users = unsafe usersOfItem(Int(entry.row))
            if ones.count < users.count { ones = Array(repeating: 1, count: users.count) }
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
            let (items, weights) = unsafe bounded(Int(neighbour.index))
            unsafe scoring.add(columns: items, values: weights, weight: neighbour.score)
        }
    }

    private func bounded(_ user: Int) -> (UnsafeBufferPointer<Int32>, UnsafeBufferPointer<Float>) {
        let (items, weights) = unsafe itemsOfUser(user)
        let count = min(items.count, UserKNN.itemsPerNeighbour)
        return unsafe (
            UnsafeBufferPointer(rebasing: items[0..<count]), UnsafeBufferPointer(rebasing: weights[0..<count])
        )
    }

    /// What each item of the last history adds to the score of `item`: its part in the similarity of the neighbours that
    /// have it. The parts sum to the score. O(neighbours' items).
    package func shares(of item: Int32, history: [WeightedRow]) -> [Float] {
        var shares = [Float](repeating: 0, count: history.count)
        for neighbour in neighbours {
            let user = Int(neighbour.index)
            let (items, weights) = unsafe bounded(user)
            guard let place = unsafe items.firstIndex(of: item) else { continue }
            let worth = unsafe weights[place] * scales[user]
            for (position, entry) in history.enumerated() where lists(neighbour.index, under: entry.row) {
                shares[position] += entry.weight * worth
            }
        }
        return shares
    }

    private func lists(_ user: Int32, under item: Int32) -> Bool {
        let users = unsafe usersOfItem(Int(item))
        var low = 0
        var high = users.count
        while low < high {
            let middle = (low + high) / 2
            if unsafe users[middle] < user { low = middle + 1 } else { high = middle }
        }
        return unsafe low < users.count && users[low] == user
    }
}
