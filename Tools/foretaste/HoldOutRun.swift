import Embeddings
import Evaluation
import HybridBlending
import IndexBuilding
import Interactions
import RecommendationIndex
import RecommendationService

/// Builds an index from a hold-out's training part, opens it and ranks for its test users as the server would.
struct HoldOutRun {
    let holdOut: HoldOut
    let configuration: BuildConfiguration
    let vectors: ItemVectors?
    let cutOffs: CutOffs
    let observer: ProgressObserver
    /// What the reader of the report must know of the data.
    var notes: [String] = []

    /// One ranker of the report.
    private enum System {
        /// A request with these weights.
        case blend(BlendWeights)
        case popularity
    }

    func report() throws -> EvaluationReport {
        let heldOut = try HeldOutIndex(
            of: holdOut, configuration: configuration, vectors: vectors, observer: observer)
        let weights = configuration.weights
        let systems: [(String, System)] = [
            ("hybrid", .blend(weights)),
            ("collaborative", .blend(BlendWeights(content: 0, collaborative: 1, fallback: weights.fallback))),
            ("content", .blend(BlendWeights(content: 1, collaborative: 0, fallback: weights.fallback))),
            ("fallback", .blend(BlendWeights(content: 0, collaborative: 0, fallback: 1))),
            ("popularity", .popularity),
        ]
        let clock = ContinuousClock()
        let evaluations = systems.map { name, system in
            observer.stage("rank for \(holdOut.task.testUsers.count) users: \(name)")
            let start = clock.now
            let evaluation = evaluate(name, system, heldOut)
            return (evaluation: evaluation, seconds: Optional((clock.now - start) / .seconds(1)))
        }
        let serving = heldOut.serving
        return EvaluationReport(
            of: holdOut.split, task: holdOut.task, systems: evaluations, cutOffs: cutOffs, reference: "hybrid",
            notes: [
                "collaborative model: \(serving.index.manifest.collaborativeModel); content reliability \(serving.contentReliability) "
                    + "(measured inside the training part)"
            ] + notes, warnings: holdOut.warnings)
    }

    private func evaluate(_ name: String, _ system: System, _ heldOut: HeldOutIndex) -> SystemEvaluation {
        let recommender = Recommender(heldOut.serving)
        return SystemEvaluation(of: name, on: holdOut.task, at: cutOffs) { user, count in
            let evidence = holdOut.evidence(of: user)
            var options = RecommendationOptions(count: count)
            options.onlyIds = holdOut.candidateIds(of: user)
            let answer: Recommendation
            switch system {
            case .blend(let weights):
                options.weights = weights
                answer = recommender.recommend(for: evidence, options: options)
            case .popularity:
                options.excludeIds = evidence.recentItems.map(\.itemId)
                answer = recommender.popular(.popular, userId: evidence.userId, options: options)
            }
            return heldOut.numbers(of: answer)
        }
    }
}
