package import LinearAlgebra

// Somebody's neighbours are the users who have most in common with the history at hand, so a history that nobody has
// seen is served as one of training is. The model is the users of each item, `mostRecent` of them; all else happens at
// request time, as in VMIS-kNN (Kersbergen, Sprangers, Schelter 2022):
//
//     overlap(u)    = sum over items j of the history that u is listed with of weight_j
//     similarity(u) = overlap(u) / (sqrt(n_u) + shrinkage)           n_u = items that u has
//     score(i)      = sum over the k most similar u of similarity(u) x_ui
//
// It is the cosine of binary rows but for the length of the history itself, which is the same for all candidates.

/// User-to-user nearest neighbours (Herlocker, Konstan, Borchers, Riedl 1999, "An algorithmic framework for performing
/// collaborative filtering") with cosine similarity, damped for users of few items.
package enum UserKNN {
    /// Bounds the time of a request: a history of 500 items is at most half a million additions.
    package static let mostRecent = 1000
    /// k; a usual value, not tuned (decision 0012).
    package static let neighbourCount = 200
    /// A neighbour's most recent items that count: as many as a history has at most.
    package static let itemsPerNeighbour = 500
    /// On the length of a neighbour's row, so that one common item with a user of one item is no perfect
    /// likeness; not tuned (decision 0012).
    package static let shrinkage: Float = 2

    /// What an overlap with a user counts; 0 for a user without items.
    package static func scale(itemCount: Int) -> Float {
        itemCount > 0 ? 1 / (Float(itemCount).squareRoot() + shrinkage) : 0
    }

    /// The users of every item, ascending: those with the greatest `recency`, of equals the lower indexes.
    /// What somebody dislikes is not theirs. O(stored log stored), twice the stored values in memory.
    ///
    /// - Parameters:
    ///   - interactions: `[userCount x itemCount]`.
    ///   - recency: per user, when they last did something; any unit.
    package static func usersOfItems(
        _ interactions: SparseMatrix, recency: [Int64], mostRecent: Int = UserKNN.mostRecent
    ) -> IndexLists {
        precondition(recency.count == interactions.rowCount && mostRecent >= 0)
        let byItem = interactions.transposed()
        var lists = IndexLists()
        for item in 0..<byItem.rowCount {
            let entries = byItem.range(ofRow: item).filter { byItem.values[$0] > 0 }
            var users = entries.map { byItem.columnIndexes[$0] }
            if users.count > mostRecent {
                users.sort { (recency[Int($1)], $0) < (recency[Int($0)], $1) }
                users.removeSubrange(mostRecent...)
                users.sort()
            }
            lists.append(users)
        }
        return lists
    }
}
