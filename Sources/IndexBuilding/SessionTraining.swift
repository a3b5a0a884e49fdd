import Interactions
import LinearAlgebra
import RecommendationIndex
import Recommenders

/// Which session model an index gets.
package enum SessionModelChoice: String, Sendable, CaseIterable {
    /// Session neighbours with sequential rules, where any session has two items.
    case automatic = "auto"
    case none
}

/// Makes the session model of an index.
struct SessionTraining {
    let configuration: BuildConfiguration

    /// nil: none was asked for, or no session has two distinct items.
    func train(_ log: InteractionLog, itemIds: [String]) -> SessionModelContents? {
        guard configuration.sessionModel == .automatic else { return nil }
        let sequences = SessionSequences.build(
            from: log, itemIds: itemIds, weights: configuration.eventWeights,
            gap: SessionGap(minutes: configuration.sessionGapMinutes))
        var knn = SessionKNN.Configuration()
        knn.sessionsPerItem = configuration.sessionsPerItem
        knn.itemsPerSession = configuration.itemsPerSession
        var rules = SequentialRules.Configuration()
        rules.recency = configuration.sessionRecency
        let model = SessionKNN.train(sequences, itemCount: itemIds.count, configuration: knn)
        guard model.sessions.listCount > 0 else { return nil }
        return SessionModelContents(
            sessions: model.sessions, sessionsOfItems: model.sessionsOfItems, itemWeights: model.itemWeights,
            rules: SequentialRules.train(
                sequences, itemCount: itemIds.count, configuration: rules, threadCount: configuration.threadCount))
    }
}
