import HybridBlending
import Interactions

// How much of the fallback should be what the own segment wants:
//
//     hide the newest fifth of all pairs ─▶ segments and popularity of the rest ─▶ rank for members who come after the cut
//
//     share = the candidate with the best NDCG@10, where it is ahead of 0 by more than one standard error of the paired
//             difference; else 0 (Breiman et al. 1984)
//
// Segments by recency are an example of what this is for: who has not come for long is in a segment whose favourites are
// old, and everybody's recent favourites are the better guess. Nothing outside the training data is looked at.

struct SegmentShareMeasurement {
    private static let candidates = [0.1, 0.25, 0.5, 0.75]
    /// A list is ranked for each segment and candidate: the largest segments hold nearly everybody.
    private static let segmentLimit = 20
    /// Enough for a difference of a few percent.
    private static let userLimit = 2_000
    /// Fewer say nothing.
    private static let userMinimum = 30

    let interactions: InteractionMatrix
    let popularity: ItemPopularity.Configuration

    /// 0 where the data have no times, or too few members come after the cut.
    ///
    /// - Parameter assign: says who is in which segment, from interactions up to a time.
    func share(
        assign: (_ upTo: Int64) throws(BuildError) -> SegmentAssignment
    ) throws(BuildError) -> Double {
        guard let (split, cut) = HistorySplit.atMoment(interactions) else { return 0 }
        let assignment = try assign(cut)
        let users = IdentifierTable(interactions.userIds)
        var members = [[Int]](repeating: [], count: assignment.names.count)
        for (position, id) in assignment.memberIds.enumerated() {
            if let user = users.index(of: id) { members[Int(assignment.segments[position])].append(Int(user)) }
        }
        let common = split.fallbackScores(popularity)
        var gains = [[Double]](repeating: [], count: Self.candidates.count)
        let largest = members.filter { !$0.isEmpty }.sorted { $0.count > $1.count }.prefix(Self.segmentLimit)
        let limit = Self.userLimit / max(largest.count, 1)
        for users in largest {
            let asked = Array(users.filter { !split.hidden($0).isEmpty }.prefix(limit))
            guard !asked.isEmpty else { continue }
            let standard = split.qualities(ofScores: common, asked)
            let inside = split.fallbackScores(popularity, users: users)
            for (place, candidate) in Self.candidates.enumerated() {
                let mixed = SegmentTraining.mixed(inside, common, memberCount: users.count, share: candidate)
                gains[place] += zip(split.qualities(ofScores: mixed, asked), standard).map { $0 - $1 }
            }
        }
        var best = (share: 0.0, gain: 0.0)
        for (place, gains) in gains.enumerated() where gains.count >= Self.userMinimum {
            let mean = InternalValidation.mean(gains)
            if mean > best.gain && InternalValidation.isClear(gains) {
                best = (Self.candidates[place], mean)
            }
        }
        return best.share
    }
}
