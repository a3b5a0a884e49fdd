import Embeddings
import Evaluation
import HybridBlending
import IndexBuilding
import Interactions
import RecommendationIndex
import RecommendationService

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Builds an index from a hold-out's training part, opens it and ranks for its test users as the server would.
struct HoldOutRun {
    let holdOut: HoldOut
    let configuration: BuildConfiguration
    let vectors: ItemVectors?
    let cutOffs: CutOffs
    let observer: ProgressObserver

    /// One ranker of the report.
    private enum System {
        /// A request with these weights.
        case blend(BlendWeights)
        case popularity
    }

    func report() throws -> EvaluationReport {
        let contents = try IndexBuilder(configuration).contents(
            of: holdOut.training, vectors: vectors, createdMilliseconds: Machine.nowMilliseconds, observer: observer)
        observer.stage("write and open the index")
        let serving = ServingIndex(try Self.open(contents))
        let numbers = (0..<serving.index.itemCount).map { item -> Int32 in
            guard let number = holdOut.items.index(of: serving.index.items.string(at: item)) else {
                preconditionFailure("the index has an item that neither the interactions nor the catalogue has")
            }
            return number
        }
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
            let evaluation = evaluate(name, system, serving, numbers)
            return (evaluation: evaluation, seconds: Optional((clock.now - start) / .seconds(1)))
        }
        let facts = serving.index.manifest
        return EvaluationReport(
            of: holdOut.split, task: holdOut.task, systems: evaluations, cutOffs: cutOffs, reference: "hybrid",
            notes: [
                "collaborative model: \(facts.collaborativeModel); content reliability \(serving.contentReliability) "
                    + "(measured inside the training part)"
            ])
    }

    /// Writes an index, opens it and removes its files again: the open map stays until the last reference goes.
    private static func open(_ contents: IndexContents) throws -> RecommendationIndex {
        let directory = FileManager.default.temporaryDirectory.appending(path: "foretaste-\(UUID().uuidString)")
        // What cannot be removed is the system's to clear: it lies in the directory for temporary files.
        defer { try? FileManager.default.removeItem(at: directory) }
        _ = try IndexDirectory(path: directory.path()).beginBuild().publish(contents)
        return try RecommendationIndex.open(directory.path())
    }

    private func evaluate(
        _ name: String, _ system: System, _ serving: ServingIndex, _ numbers: [Int32]
    ) -> SystemEvaluation {
        let recommender = Recommender(serving)
        return SystemEvaluation(of: name, on: holdOut.task, at: cutOffs) { user, count in
            let userId = holdOut.users.id(at: Int(user))
            var options = RecommendationOptions(count: count)
            let answer: Recommendation
            switch system {
            case .blend(let weights):
                options.weights = weights
                answer = recommender.recommend(for: UserEvidence(userId: userId), options: options)
            case .popularity:
                answer = recommender.popular(.popular, userId: userId, options: options)
            }
            return answer.items.map { numbers[Int($0.itemIndex)] }
        }
    }
}
