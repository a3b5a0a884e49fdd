import ItemFilter
import Synchronization

/// Looks filters and boosts over on workers, for all loops of a server: who asks for what is looked at already waits for the same
/// evaluation, and what was found lately is there for the loops that have not met it.
package final class RuleDesk: Sendable {
    package typealias Work = @Sendable () -> Void

    /// Evaluations that wait or are worked on: two seconds' work where each looks through a million titles.
    package static let evaluationLimit = 64
    /// Of these, those that one asker may have open: a client with ever new filters leaves room for the others.
    package static let askerLimit = evaluationLimit / 4
    /// Requests that wait for one evaluation.
    package static let waiterLimit = 4_096
    /// Results, most of which some loop keeps as well.
    private static let keptCount = 1_024
    private static let keptBytes = 48 << 20

    /// What is the same for whoever asks.
    private struct Question: Hashable {
        let identity: ServingIdentity
        let generation: UInt64
        let key: RuleKey

        init(_ evaluation: RuleEvaluation) {
            identity = evaluation.serving.identity
            generation = evaluation.generation
            key = evaluation.key
        }
    }

    private struct Waiter {
        let isWanted: @Sendable () -> Bool
        let take: @Sendable (RuleResult) -> Void
    }

    private struct Open {
        let evaluation: RuleEvaluation
        /// Who asked first.
        let asker: ObjectIdentifier?
        var waiters: [Waiter]
    }

    private struct State {
        var open: [Question: Open] = [:]
        /// Those that no worker has taken, in the order in which they came.
        var queue: [Question] = []
        /// When a worker last took something of an asker who has something open, in numbers that ascend.
        var served: [ObjectIdentifier: UInt64] = [:]
        var servedCount: UInt64 = 0
        var workerCount = 0
        var known = BoundedCache<Question, RuleResult>(countLimit: keptCount, byteLimit: keptBytes)
        var evaluationCount = 0
    }

    /// What takes longer is not done on a loop.
    let quickNanoseconds: Int
    private let workerLimit: Int
    private let work: @Sendable (@escaping Work) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - workerCount: how many evaluations run at a time.
    ///   - quickNanoseconds: what takes no longer is done where it is asked for. As it is: about a turn of a connection (decision
    ///     0033).
    ///   - work: runs work that takes long on a thread of its own.
    package init(workerCount: Int, quickNanoseconds: Int = 250_000, work: @escaping @Sendable (@escaping Work) -> Void)
    {
        precondition(workerCount >= 1)
        self.quickNanoseconds = quickNanoseconds
        workerLimit = workerCount
        self.work = work
    }

    /// Evaluations that were run, for tests.
    package var evaluationCount: Int { state.withLock { $0.evaluationCount } }
    /// Evaluations that wait or are worked on.
    package var openCount: Int { state.withLock { $0.open.count } }

    func known(_ evaluation: RuleEvaluation) -> RuleResult? {
        state.withLock { $0.known.value(for: Question(evaluation)) }
    }

    /// - Parameters:
    ///   - asker: who must leave room for others and has a turn after them, such as a connection; nil: nobody in particular.
    ///   - isWanted: asked from any thread; once false, `take` may never be called.
    ///   - take: called on a worker.
    /// - Returns: false where as many wait as may, of all or of this asker.
    package func evaluate(
        _ evaluation: RuleEvaluation, for asker: ObjectIdentifier? = nil, isWanted: @escaping @Sendable () -> Bool,
        then take: @escaping @Sendable (RuleResult) -> Void
    ) -> Bool {
        let waiter = Waiter(isWanted: isWanted, take: take)
        let (isTaken, needsWorker) = state.withLock { state in
            add(waiter, to: Question(evaluation), evaluation, asker, &state)
        }
        if needsWorker { work { [self] in workOff() } }
        return isTaken
    }

    private func add(
        _ waiter: Waiter, to question: Question, _ evaluation: RuleEvaluation, _ asker: ObjectIdentifier?,
        _ state: inout State
    ) -> (isTaken: Bool, needsWorker: Bool) {
        if let waiterCount = state.open[question]?.waiters.count {
            guard waiterCount < Self.waiterLimit else { return (false, false) }
            state.open[question]?.waiters.append(waiter)
            return (true, false)
        }
        guard state.open.count < Self.evaluationLimit else { return (false, false) }
        if let asker {
            let ownCount = state.open.values.count { $0.asker == asker }
            guard ownCount < Self.askerLimit else { return (false, false) }
        }
        state.open[question] = Open(evaluation: evaluation, asker: asker, waiters: [waiter])
        state.queue.append(question)
        guard state.workerCount < workerLimit else { return (true, false) }
        state.workerCount += 1
        return (true, true)
    }

    private func workOff() {
        while let (question, evaluation) = next() {
            let result = evaluation.run { [self] in isWanted(question) }
            guard let finished = finish(question, result), let result else { continue }
            for waiter in finished.waiters { waiter.take(result) }
        }
    }

    private func next() -> (Question, RuleEvaluation)? {
        state.withLock { state in
            // Who was served longest ago, or never; of one asker's, and of equals, what came first.
            func lastServed(_ place: Int) -> UInt64 {
                state.open[state.queue[place]]?.asker.flatMap { state.served[$0] } ?? 0
            }
            let place = state.queue.indices.min { lastServed($0) < lastServed($1) }
            guard let place, let open = state.open[state.queue[place]] else {
                state.workerCount -= 1
                return nil
            }
            if let asker = open.asker {
                state.servedCount += 1
                state.served[asker] = state.servedCount
            }
            return (state.queue.remove(at: place), open.evaluation)
        }
    }

    private func isWanted(_ question: Question) -> Bool {
        state.withLock { $0.open[question]?.waiters.contains { $0.isWanted() } ?? false }
    }

    /// - Returns: what was open; nil where it is to be done again.
    private func finish(_ question: Question, _ result: RuleResult?) -> Open? {
        state.withLock { state in
            if let result {
                state.evaluationCount += 1
                state.known.insert(result, for: question, byteCount: result.byteCount + question.key.filter.byteCount)
            } else if state.open[question]?.waiters.contains(where: { $0.isWanted() }) == true {
                // Somebody has come while it was given up.
                state.queue.append(question)
                return nil
            }
            let open = state.open.removeValue(forKey: question)
            if let asker = open?.asker, !state.open.values.contains(where: { $0.asker == asker }) {
                state.served[asker] = nil
            }
            return open
        }
    }
}
