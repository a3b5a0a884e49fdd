import RecommendationService
import WireProtocol

// A request whose filter has yet to be looked over, which takes too long for whoever answers others too:
//
//     answer ─▶ the filter is missing ─▶ ticket, bytes kept ─▶ RuleDesk: a worker looks it over ─▶ ticket ─▶ answered from its bytes
//                                               ▲──────────────── something else is missing ──────────────────────┘

/// Owned by those who bring what it waits for.
// SAFETY: made, and asked to answer, on the thread of its connection alone; only `ticket`, which is a value, is looked at elsewhere.
final class WaitingRequest: @unchecked Sendable {
    /// Answers from the beginning with what was found, or tells what is still missing. What throws leaves nothing behind.
    typealias Answering = (_ found: [RuleResult], _ head: ReplyHead, _ writer: inout JSONWriter) throws(WireError) ->
        RuleEvaluation?

    private let ticket: ReplyTicket
    private let desk: RuleDesk?
    private let asker: ObjectIdentifier?
    private let answering: Answering
    private var found: [RuleResult] = []

    /// - Parameters:
    ///   - ticket: of the request, which has its head.
    ///   - asker: of whom others are not to wait for ever; nil: nobody in particular.
    init(_ ticket: ReplyTicket, _ desk: RuleDesk?, asker: ObjectIdentifier? = nil, _ answering: @escaping Answering) {
        self.ticket = ticket
        self.desk = desk
        self.asker = asker
        self.answering = answering
    }

    func wait(for evaluation: RuleEvaluation) throws(WireError) {
        let isTaken = desk?.evaluate(
            evaluation, for: asker, isWanted: { [ticket] in ticket.end == .none },
            then: { [self] result in
                ticket.deliver { [self] writer, head in answer(result, &writer, head) }
            })
        guard isTaken == true else {
            throw WireError(
                .rateLimit,
                "The server looks over as many new filters as it can; send the same request again a little later.")
        }
    }

    /// On the thread of the connection.
    private func answer(_ result: RuleResult, _ writer: inout JSONWriter, _ head: ReplyHead) -> LateReply {
        found.append(result)
        do throws(WireError) {
            guard let missing = try answering(found, head, &writer) else { return .success }
            try wait(for: missing)
            return .notYet
        } catch {
            writer.writeError(error, to: head)
            return .failure(error)
        }
    }
}

extension RequestTimes {
    /// As they were when the request had its first turn.
    init(of head: ReplyHead) {
        self.init(
            receivedAt: head.receivedAt, startedAt: head.receivedAt + UInt64(head.queueMicroseconds) * 1_000)
    }
}
