import Embeddings
import Evaluation
import HybridBlending
import IndexBuilding
import Interactions
import LinearAlgebra
import RecommendationIndex
import RecommendationService
import SeededRandom

/// What a search measures its trials by: the same rows and questions in every trial of a stage.
protocol TrialMeasuring {
    /// Builds with a trial's settings and asks.
    ///
    /// - Parameter searchesBlend: whether the shares of content and collaborative are searched as well, which needs no
    ///   further training.
    func run(_ configuration: BuildConfiguration, searchesBlend: Bool) throws -> TrialOutcome
}

struct TrialOutcome {
    let weights: BlendWeights
    /// One per user, or query, in an order that all trials of a stage share.
    let values: [Double]

    var mean: Double { values.reduce(0, +) / Double(max(values.count, 1)) }
}

/// Builds on a validation split's training part and measures one metric on its users.
struct UserTrial: TrialMeasuring {
    let holdOut: HoldOut
    let vectors: ItemVectors?
    /// Of the validation part.
    let users: [Int32]
    let metric: RankingMetric
    let cutOff: Int
    /// Enough that the standard error is a hundredth of most metrics' range; more cost time in every trial.
    static let defaultUserLimit = 2000

    /// - Parameter userLimit: at most so many validation users are asked, a seeded sample.
    init(
        _ holdOut: HoldOut, vectors: ItemVectors?, metric: RankingMetric, cutOff: Int, userLimit: Int, seed: UInt64
    ) {
        self.holdOut = holdOut
        self.vectors = vectors
        self.metric = metric
        self.cutOff = cutOff
        var generator = SplitMix64(seed: seed)
        users = generator.sample(userLimit, of: holdOut.task.testUsers).sorted()
    }

    func run(_ configuration: BuildConfiguration, searchesBlend: Bool) throws -> TrialOutcome {
        let index = try HeldOutIndex(
            of: holdOut, configuration: configuration, vectors: vectors, observer: ProgressObserver(quiet: true))
        let standard = outcome(index, configuration.weights)
        guard searchesBlend, index.serving.index.neighbours.contentCount > 0,
            index.serving.index.manifest.collaborativeModel != CollaborativeModel.none.rawValue
        else { return standard }
        return refined(standard, index)
    }

    /// Content shares in steps of a fifth, then of a tenth beside the best. The configuration's own weights win ties.
    private func refined(_ standard: TrialOutcome, _ index: HeldOutIndex) -> TrialOutcome {
        var best = standard
        func consider(_ tenths: Int) {
            guard (0...10).contains(tenths) else { return }
            let outcome = outcome(
                index,
                BlendWeights(
                    content: Float(tenths) / 10, collaborative: Float(10 - tenths) / 10,
                    fallback: standard.weights.fallback))
            if outcome.mean > best.mean { best = outcome }
        }
        for tenths in stride(from: 0, through: 10, by: 2) { consider(tenths) }
        let centre = Int((best.weights.content * 10).rounded())
        consider(centre - 1)
        consider(centre + 1)
        return best
    }

    private func outcome(_ index: HeldOutIndex, _ weights: BlendWeights) -> TrialOutcome {
        let recommender = Recommender(index.serving)
        var options = RecommendationOptions(count: cutOff)
        options.weights = weights
        let values = users.map { user in
            options.onlyIds = holdOut.candidateIds(of: user)
            let answer = recommender.recommend(
                for: UserEvidence(userId: holdOut.users.id(at: Int(user))), options: options)
            return RankedHits(ranked: index.numbers(of: answer), wanted: holdOut.task.wantedItems(of: user))
                .value(of: metric, at: cutOff)
        }
        return TrialOutcome(weights: weights, values: values)
    }
}
