import Interactions
import RecommendationIndex

/// The damped weights of all histories of an index: worked out once where users are compared, which reads thousands of others'
/// a request. Four bytes an entry.
// SAFETY: written before it is shared.
@safe final class HistoryWeights: @unchecked Sendable {
    /// Per user, where the weights begin.
    private let starts: [Int]
    private let weights: UnsafeMutablePointer<Float>

    init(_ histories: HistoryTable) {
        var starts: [Int] = []
        unsafe weights = .allocate(capacity: histories.entryCount)
        var count = 0
        for user in 0..<histories.userCount {
            starts.append(count)
            let sums = unsafe histories.history(ofUser: user).sums
            for position in sums.indices {
                unsafe (weights + count).initialize(to: InteractionMatrix.damped(sums[position]))
                count += 1
            }
        }
        starts.append(count)
        self.starts = starts
    }

    deinit { unsafe weights.deallocate() }

    /// Lives as long as this.
    func weights(ofUser user: Int) -> UnsafeBufferPointer<Float> {
        unsafe UnsafeBufferPointer(start: weights + starts[user], count: starts[user + 1] - starts[user])
    }
}
