package import Interactions

/// What a protocol's files hold, ready for the ordinary builder.
package struct ProtocolData: Sendable {
    /// All interactions, where the protocol's `split` divides them; else the training part.
    package var interactions: InteractionLog
    package var items: [Item] = []
    /// Nil where `split` divides the interactions.
    package var test: InteractionLog?
    /// Nil: the whole catalogue is ranked.
    package var candidates: CandidateLists?
    /// What is asked of sessions, where the protocol is of sessions: `interactions` are then those that train.
    package var sessions: SessionQueries?
    /// What was done, as sentences.
    package var notes: [String] = []
}
