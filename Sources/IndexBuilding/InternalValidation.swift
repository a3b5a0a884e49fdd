import HybridBlending
import Interactions
import LinearAlgebra
import Recommenders

// What is measured inside the training data before an index is built:
//
//     sample users ─▶ hide the newest fifth of each one's items, ten at most ─▶ train on the rest ─▶ rank items with interactions only
//
//     contentReliability = min(1, 2 s)      s = NDCG@10(content) / NDCG@10(collaborative) over up to 1,000 users
//     historyDecay       = the candidate with the best NDCG@10 of the collaborative component, where it is ahead of the
//                          standard by more than one standard error of the paired difference; else the standard
//     fallbackShare, returningDecay = FallbackMeasurement
//     adaptiveWeights    = BlendMeasurement, where asked for
//
// From half the collaborative quality on content counts in full, since the blend gains from independent errors; below that
// it fades. The standard decay stays where nothing is clearly better (the one-standard-error rule of Breiman et al. 1984).
// Decisions 0004, 0014 and 0020 have the figures. Nothing outside the training data is looked at.

/// Measures how to use the components of an index that is being built.
struct InternalValidation {
    struct Findings: Equatable {
        /// In 0...1: how far content can be trusted beside the collaborative component.
        var contentReliability: Float = 1
        var historyDecay = HistoryDecay.standard
        var fallbackShare = FallbackShare.none
        /// Of people who come back, as `FallbackShare` tells them.
        var returningDecay = HistoryDecay.standard
        /// nil where they were not asked for or too few people were seen.
        var adaptiveWeights: AdaptiveWeights?
    }

    /// Enough for a ratio good to a few percent; more users only cost time.
    private static let reliabilityUserLimit = 1000
    /// Decays differ by a percent, which takes more users to see. Bounds the work to about a second per candidate: a film
    /// site's thousand users, all 22,000 of a shop with short histories.
    private static let historyEntryLimit = 200_000
    /// Fewer say nothing: content then counts in full, and the history decays as usual.
    private static let sampleMinimum = 30
    private static let hiddenShare = 0.2

    let interactions: InteractionMatrix
    /// `[itemCount x itemCount]`: row = an item somebody has, column = an item to recommend.
    let content: SparseMatrix
    let popularity: ItemPopularity.Configuration
    /// nil: it is measured.
    var givenDecay: HistoryDecay?
    /// The weights that adaptive ones start from; nil: none are learned.
    var adaptedWeights: BlendWeights?
    let seed: UInt64

    /// - Parameter train: trains the collaborative model, sources in rows, on a matrix with some pairs left out.
    func measure(train: (SparseMatrix) throws(BuildError) -> SparseMatrix) throws(BuildError) -> Findings {
        let drawn = drawnUsers()
        let users = drawn.sorted()
        guard users.count >= Self.sampleMinimum else {
            let decay = givenDecay ?? .standard
            return Findings(historyDecay: decay, returningDecay: decay)
        }
        let split = HistorySplit(interactions, hiddenCounts: hiddenCounts(users))
        let collaborative = try train(split.remainder())
        let fewer = drawn.prefix(Self.reliabilityUserLimit).sorted()
        var findings = Findings()
        findings.contentReliability = reliability(split, collaborative, fewer)
        findings.historyDecay = decay(split, collaborative, users)
        let fallback = try FallbackMeasurement(
            interactions: interactions, popularity: popularity, decay: findings.historyDecay, chooseDecay: decay,
            seed: seed
        ).measure(usual: split, fewer, collaborative: collaborative, train: train)
        findings.fallbackShare = fallback.share
        findings.returningDecay = fallback.returningDecay ?? findings.historyDecay
        if let weights = adaptedWeights {
            findings.adaptiveWeights = BlendMeasurement(
                split: split, collaborative: collaborative, content: content,
                fallback: split.fallbackScores(popularity), weights: weights, findings: findings
            ).adaptiveWeights(fewer)
        }
        return findings
    }

    private func reliability(_ split: HistorySplit, _ collaborative: SparseMatrix, _ users: [Int]) -> Float {
        guard content.storedCount > 0 else { return 1 }
        let contentQuality = Self.mean(split.qualities(of: content, users, decay: nil))
        let collaborativeQuality = Self.mean(split.qualities(of: collaborative, users, decay: nil))
        guard collaborativeQuality > 0 else { return 1 }
        return Float(min(1, 2 * contentQuality / collaborativeQuality))
    }

    private func decay(_ split: HistorySplit, _ collaborative: SparseMatrix, _ users: [Int]) -> HistoryDecay {
        if let givenDecay { return givenDecay }
        guard interactions.hasTimes, users.count > 1, collaborative.storedCount > 0 else { return .standard }
        let standard = split.qualities(of: collaborative, users, decay: .standard)
        var best = (decay: HistoryDecay.standard, gain: 0.0)
        for candidate in HistoryDecay.candidates {
            let quality = split.qualities(of: collaborative, users, decay: candidate)
            let gains = zip(quality, standard).map { $0 - $1 }
            let gain = Self.mean(gains)
            if gain > best.gain && gain > Self.standardError(gains) { best = (candidate, gain) }
        }
        return best.decay
    }

    static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }

    /// Of the mean of at least two values.
    static func standardError(_ values: [Double]) -> Double {
        let mean = mean(values)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double((values.count - 1) * values.count)).squareRoot()
    }

    /// Users with at least two liked items, a seeded sample of them in the order in which they were drawn.
    private func drawnUsers() -> [Int] {
        let histories = interactions.histories
        var eligible = (0..<histories.userCount).filter { user in
            histories.range(ofUser: user).count { histories.weights[$0] > 0 } >= 2
        }
        var generator = SplitMix64(seed: seed)
        var (count, entryCount) = (0, 0)
        while count < eligible.count, count < Self.reliabilityUserLimit || entryCount < Self.historyEntryLimit {
            eligible.swapAt(count, count + generator.nextIndex(below: eligible.count - count))
            entryCount += histories.range(ofUser: eligible[count]).count
            count += 1
        }
        return Array(eligible.prefix(count))
    }

    /// How many of a drawn user's newest items are hidden: at least one, at least one stays, and no more than a list shows,
    /// since what comes next is what a server is asked for.
    private func hiddenCounts(_ users: [Int]) -> [Int] {
        var counts = [Int](repeating: 0, count: interactions.histories.userCount)
        for user in users {
            let count = interactions.histories.range(ofUser: user).count
            counts[user] = max(1, min(count - 1, HistorySplit.cutOff, Int(Double(count) * Self.hiddenShare)))
        }
        return counts
    }
}
