import HybridBlending
import Interactions
import LinearAlgebra
import Recommenders

// What is measured inside the training data before an index is built:
//
//     sample users ─▶ hide the newest fifth of each one's items, ten at most ─▶ train on the rest ─▶ rank items with interactions only
//
//     model              = ModelContest: of several, the one with the best NDCG@10 that is clearly ahead of those before it, and
//                          that does not clearly fall behind them for thirty people or more who come back
//     historyDecay       = the candidate with the best NDCG@10 of that model, where it is clearly ahead of the standard
//     contentReliability = min(1, 2 s)      s = NDCG@10(content) / NDCG@10(collaborative) over up to 1,000 users
//     fallbackShare, returningDecay = FallbackMeasurement
//     adaptiveWeights    = BlendMeasurement, where asked for
//
// Clearly: by more than one standard error of the paired difference; what is simpler or usual stays else (Breiman et al. 1984).
// From half the collaborative quality on content counts in full, since the blend gains from independent errors; below that
// it fades. Decisions 0004, 0014, 0020 and 0023 have the figures. Nothing outside the training data is looked at.

/// Measures which model and how to use the components of an index that is being built.
struct InternalValidation {
    typealias Train = (CollaborativeModel, SparseMatrix) throws(BuildError) -> MeasuredModel

    struct Findings: Equatable {
        var model: CollaborativeModel
        /// NDCG@10 of each model that was measured, in the order in which they were.
        var modelQualities: [ModelQuality] = []
        /// In 0...1: how far content can be trusted beside the collaborative component.
        var contentReliability: Float = 1
        var historyDecay = HistoryDecay.standard
        var fallbackShare = FallbackShare.none
        /// Of people who come back, as `FallbackShare` tells them.
        var returningDecay = HistoryDecay.standard
        /// nil where they were not asked for or too few people were seen.
        var adaptiveWeights: AdaptiveWeights?
        /// On which parts of the data models were compared and who was left out when; nil: all models on everything.
        var spending: String?

        /// "ease 0.0522 (returning 0.031), slist 0.0592 (returning 0.033), ials 0.0501".
        var modelQualitiesText: String {
            modelQualities.map { quality in
                quality.model.rawValue + (quality.ndcg.map { " \(Self.rounded($0))" } ?? " could not be trained")
                    + (quality.returning.map { " (returning \(Self.rounded($0)))" } ?? "")
            }.joined(separator: ", ")
        }

        private static func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
    }

    struct ModelQuality: Equatable {
        let model: CollaborativeModel
        /// nil where it could not be trained.
        let ndcg: Double?
        /// Of people who come back; nil where that was not asked for.
        var returning: Double?
    }

    /// A model on a sample.
    struct Entry {
        let model: CollaborativeModel
        let trained: MeasuredModel
        let decay: HistoryDecay
        /// NDCG@10 of each user of the sample.
        let qualities: [Double]
    }

    /// Enough for a ratio good to a few percent; more users only cost time.
    private static let reliabilityUserLimit = 1000
    /// Fewer say nothing: content then counts in full, the history decays as usual, and the usual model is taken.
    static let sampleMinimum = 30

    let interactions: InteractionMatrix
    /// `[itemCount x itemCount]`: row = an item somebody has, column = an item to recommend.
    let content: SparseMatrix
    let popularity: ItemPopularity.Configuration
    /// nil: it is measured.
    var givenDecay: HistoryDecay?
    /// The weights that adaptive ones start from; nil: none are learned.
    var adaptedWeights: BlendWeights?
    /// What factors count in a pair.
    var factorShare = ScorePair.standardFactorShare
    let seed: UInt64

    /// - Parameters:
    ///   - models: at least one, the usual one first.
    ///   - train: trains one on a matrix with some pairs left out.
    func measure(_ models: [CollaborativeModel], train: @escaping Train) throws(BuildError) -> Findings {
        let usual = HistorySample.usual(interactions, seed: seed)
        var findings = Findings(model: models[0])
        guard usual.users.count >= Self.sampleMinimum else {
            findings.historyDecay = givenDecay ?? .standard
            findings.returningDecay = findings.historyDecay
            return findings
        }
        let returning = HistorySample.returning(interactions, seed: seed)
        var contest = ModelContest(self, usual: usual, returning: returning, train: train)
        let best = try contest.winner(of: models)
        findings.modelQualities = contest.qualities
        findings.model = best.model
        findings.historyDecay = best.decay
        findings.returningDecay = best.decay
        let fewer = Array(usual.users.prefix(Self.reliabilityUserLimit))
        findings.contentReliability = try reliability(usual.split, best.trained, fewer)
        if let ratio = try fallbackRatio(usual, best) {
            let factor = FallbackShare.factor(ofRatio: ratio)
            findings.fallbackShare = FallbackShare(usual: factor, returning: factor, returningAge: 0)
            if let returning {
                let comingBack = try contest.returningEntry(best.model, on: returning)
                if let returningRatio = try fallbackRatio(returning, comingBack) {
                    findings.fallbackShare = FallbackMeasurement.share(
                        usual: ratio, returning: returningRatio, of: returning)
                    findings.returningDecay = comingBack.decay
                }
            }
        }
        if let weights = adaptedWeights {
            findings.adaptiveWeights = try BlendMeasurement(
                split: usual.split, collaborative: best.trained, content: content,
                fallback: usual.split.fallbackScores(popularity), weights: weights, findings: findings
            ).adaptiveWeights(fewer)
        }
        return findings
    }

    /// Who is not clearly beaten by the best on the usual sample, in the order given, and who that is: a first look, by
    /// twice the standard error.
    func standing(
        of models: [CollaborativeModel], train: @escaping Train
    ) throws(BuildError) -> (models: [CollaborativeModel], best: CollaborativeModel) {
        let usual = HistorySample.usual(interactions, seed: seed)
        guard usual.users.count >= Self.sampleMinimum else { return (models, models[0]) }
        var contest = ModelContest(self, usual: usual, returning: nil, train: train)
        return try contest.standing(of: models)
    }

    private func reliability(
        _ split: HistorySplit, _ collaborative: MeasuredModel, _ users: [Int]
    ) throws(BuildError) -> Float {
        guard content.storedCount > 0 else { return 1 }
        let contentQuality = Self.mean(try split.qualities(of: .lists(content), users, decay: nil))
        let collaborativeQuality = Self.mean(try split.qualities(of: collaborative, users, decay: nil))
        guard collaborativeQuality > 0 else { return 1 }
        return Float(min(1, 2 * contentQuality / collaborativeQuality))
    }

    /// Without times nobody knows what everybody wants now: on two validation splits the share cost quality.
    private func fallbackRatio(_ sample: HistorySample, _ entry: Entry) throws(BuildError) -> Double? {
        guard interactions.hasTimes else { return nil }
        return try FallbackMeasurement(popularity: popularity).ratio(sample, entry.trained, entry.decay)
    }

    /// Finds how fast a model's histories fade best.
    func entry(_ model: CollaborativeModel, _ trained: MeasuredModel, on sample: HistorySample) throws(BuildError)
        -> Entry
    {
        let standard = givenDecay ?? .standard
        let usual = try sample.split.qualities(
            of: trained, sample.users, decay: interactions.hasTimes ? standard : nil)
        var best = (decay: standard, qualities: usual, gain: 0.0)
        if givenDecay == nil && interactions.hasTimes && usual.count > 1 && !trained.isEmpty {
            for candidate in HistoryDecay.candidates {
                let qualities = try sample.split.qualities(of: trained, sample.users, decay: candidate)
                let gains = zip(qualities, usual).map { $0 - $1 }
                let gain = Self.mean(gains)
                if gain > best.gain && Self.isClear(gains) { best = (candidate, qualities, gain) }
            }
        }
        return Entry(model: model, trained: trained, decay: best.decay, qualities: best.qualities)
    }

    /// Whether a mean gain is more than one standard error of it, or so many. Where one user alone differs both are the same
    /// but for rounding, which is not clear.
    static func isClear(_ gains: [Double], byErrors errors: Double = 1) -> Bool {
        gains.count > 1 && mean(gains) > errors * standardError(gains) * (1 + 1e-9)
    }

    static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }

    /// Of the mean of at least two values.
    static func standardError(_ values: [Double]) -> Double {
        let mean = mean(values)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double((values.count - 1) * values.count)).squareRoot()
    }
}
