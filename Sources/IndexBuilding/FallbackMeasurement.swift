import HybridBlending
import Interactions
import LinearAlgebra
import Recommenders

// How people who come back differ from those who are here. First, how well the fallback predicts beside the collaborative
// component, s = NDCG@10(fallback) / NDCG@10(collaborative):
//
//     usual       the newest items of each user are hidden                    s₀
//     returning   everything after a moment is hidden, of everybody           s₁ = (n s + 20 s₀) / (n + 20)
//
// The second split is what a server meets: what is asked for next is asked for now. It holds for people who have not been
// away for longer than those it was measured on, all but the tenth of them that were away longest, and asks for times. Few people
// come back in some data (16 of a film site's validation split), so its ratio is drawn towards the first one. Second, how
// their taste fades: the last films of an evening say what comes next that evening, and little a month later.

struct FallbackMeasurement {
    struct Findings {
        var share = FallbackShare.none
        /// nil where nobody comes back.
        var returningDecay: HistoryDecay?
    }

    /// Returning users at which their own ratio counts half: of so few, its standard error is about a third of it (decision
    /// 0020).
    private static let priorUserCount = 20.0
    /// The newest share of all pairs that is hidden.
    private static let hiddenShare = 0.2
    /// Enough for a ratio good to a few percent.
    private static let userLimit = 1000

    let interactions: InteractionMatrix
    let popularity: ItemPopularity.Configuration
    /// Of who is here.
    let decay: HistoryDecay
    /// Chooses the decay of who comes back.
    let chooseDecay: (HistorySplit, _ collaborative: SparseMatrix, _ users: [Int]) -> HistoryDecay
    let seed: UInt64

    /// - Parameters:
    ///   - usual: the split that hides each user's newest items, with what was trained on its remainder.
    ///   - train: as in `InternalValidation`.
    func measure(
        usual: HistorySplit, _ users: [Int], collaborative: SparseMatrix,
        train: (SparseMatrix) throws(BuildError) -> SparseMatrix
    ) throws(BuildError) -> Findings {
        // Without times nobody knows what everybody wants now: on two validation splits the share cost quality.
        guard interactions.hasTimes, let usualRatio = ratio(usual, users, collaborative, decay) else {
            return Findings()
        }
        let factor = FallbackShare.factor(ofRatio: usualRatio)
        let (split, returning, cut) = temporalSplit()
        let nobody = Findings(share: FallbackShare(usual: factor, returning: factor, returningAge: 0))
        guard !returning.isEmpty else { return nobody }
        let earlier = try train(split.remainder())
        let returningDecay = chooseDecay(split, earlier, returning)
        guard let ratio = ratio(split, returning, earlier, returningDecay) else { return nobody }
        let count = Double(returning.count)
        let drawn = (count * ratio + Self.priorUserCount * usualRatio) / (count + Self.priorUserCount)
        let ages = returning.map { cut - interactions.histories.times[split.kept($0).lowerBound] }.sorted()
        return Findings(
            share: FallbackShare(
                usual: factor, returning: FallbackShare.factor(ofRatio: drawn), returningAge: ages[ages.count * 9 / 10]),
            returningDecay: returningDecay)
    }

    /// Nil where the collaborative component finds nothing.
    private func ratio(_ split: HistorySplit, _ users: [Int], _ collaborative: SparseMatrix, _ decay: HistoryDecay)
        -> Double?
    {
        let personal = split.qualities(of: collaborative, users, decay: decay).reduce(0, +)
        guard personal > 0 else { return nil }
        return split.qualities(ofScores: split.fallbackScores(popularity), users).reduce(0, +) / personal
    }

    /// Hides the newest fifth of all pairs; who likes something on both sides is returning, a seeded sample where there are
    /// many. `cut` is the newest time that is kept.
    private func temporalSplit() -> (split: HistorySplit, returning: [Int], cut: Int64) {
        let histories = interactions.histories
        let times = interactions.hasTimes ? histories.times.sorted() : []
        guard !times.isEmpty else {
            let nothing = [Int](repeating: 0, count: histories.userCount)
            return (HistorySplit(interactions, hiddenCounts: nothing), [], 0)
        }
        let cut = times[Int(Double(times.count) * (1 - Self.hiddenShare))]
        let split = HistorySplit(
            interactions,
            hiddenCounts: (0..<histories.userCount).map { user in
                histories.range(ofUser: user).count { histories.times[$0] > cut }
            })
        func likes(_ entries: Range<Int>) -> Bool { entries.contains { histories.weights[$0] > 0 } }
        var returning = (0..<histories.userCount).filter { likes(split.hidden($0)) && likes(split.kept($0)) }
        var generator = SplitMix64(seed: seed)
        let count = min(returning.count, Self.userLimit)
        for position in 0..<count {
            returning.swapAt(position, position + generator.nextIndex(below: returning.count - position))
        }
        return (split, returning.prefix(count).sorted(), cut)
    }
}
