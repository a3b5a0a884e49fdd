package import LinearAlgebra

/// What recommendations for a session without a user need.
package struct SessionModelContents: Sendable {
    /// Per session, the most recent session first, its distinct items in the order in which they were first met.
    package var sessions: IndexLists
    /// Per item, sessions that have it, ascending, so most recent first.
    package var sessionsOfItems: IndexLists
    /// Per item, what it counts among the items of a neighbour session; finite, from 0.
    package var itemWeights: [Float]
    /// `[itemCount x itemCount]`: what follows (columns) upon an item (row).
    package var rules: SparseMatrix

    package init(sessions: IndexLists, sessionsOfItems: IndexLists, itemWeights: [Float], rules: SparseMatrix) {
        self.sessions = sessions
        self.sessionsOfItems = sessionsOfItems
        self.itemWeights = itemWeights
        self.rules = rules
    }
}
