import LinearAlgebra
import RecommendationIndex
import Recommenders
import ScoringKernels

/// Scores by neighbour sessions and sequential rules. One thread's; `serving` keeps the memory of the model.
final class SessionComponent {
    private let serving: ServingIndex
    private let model: SessionModelTable
    private var scoring: SessionScoring
    private var found: NeighbourScoring

    /// nil where the index has no session model.
    init?(_ serving: ServingIndex) {
        guard let model = serving.index.sessionModel else { return nil }
        self.serving = serving
        self.model = model
        scoring = SessionScoring(serving.sessionScoring)
        found = NeighbourScoring(itemCount: serving.index.itemCount)
    }

    /// False where the model links nothing to these items.
    func score(_ items: [Int32], into scores: inout CandidateScores) -> Bool {
        guard !items.isEmpty else { return false }
        unsafe scoring.score(
            items,
            model: SessionModelView(
                sessionCount: model.sessions.count, itemsOfSession: { unsafe self.model.sessions.list($0) },
                sessionsOfItem: { unsafe self.model.sessionsOfItems.list($0) }, itemWeights: model.itemWeights,
                rules: { unsafe self.rules(of: $0) }),
            into: &found)
        found.forEachCandidate { scores.setCollaborative($0.index, $0.score) }
        return found.candidateCount > 0
    }

    /// Nothing follows upon an item that came later.
    private func rules(of item: Int) -> (columns: UnsafeBufferPointer<Int32>, values: UnsafeBufferPointer<Float>) {
        guard item < serving.index.itemCount else {
            return unsafe (UnsafeBufferPointer(start: nil, count: 0), UnsafeBufferPointer(start: nil, count: 0))
        }
        return unsafe model.rules.row(item)
    }
}
