internal import Dispatch
internal import KeyValueStore
internal import Telemetry

// Design note. Group commit: while a commit waits for the disk (some 5 ms), requests gather; the next transaction takes all of
// them. A commit that fails fails whoever waits for it, and they may try again: nothing of it is on the disk. What was
// acknowledged from memory stays at the head of the queue and is tried again. The map that is full grows; an environment that LMDB
// wants opened again is opened again; a change that meets a damaged row fails alone.

/// The one writer of a store.
// SAFETY: `state` is behind its monitor; the rest is constant. `queue` is serial, so one transaction is open at a time.
final class LiveWriter: @unchecked Sendable {
    struct Pending: Sendable {
        let change: LiveChange
        /// Nil: it counts as done since it was taken.
        let completion: (@Sendable (Result<LiveOutcome, LiveStoreError>) -> Void)?
        var arrival: UInt64 = 0

        init(change: LiveChange, completion: (@Sendable (Result<LiveOutcome, LiveStoreError>) -> Void)?) {
            self.change = change
            self.completion = completion
        }
    }

    private struct Compaction {
        var through: UInt64
        var receivedBefore: Int64
    }

    private struct State {
        var pending: [Pending] = []
        /// Of `pending` and of what is being written.
        var elementCount = 0
        /// Acknowledged from memory, and then impossible to write: they met a damaged row.
        var droppedCount = 0
        var isScheduled = false
        var isClosed = false
        var compaction: Compaction?
        var publish: (@Sendable ([CommittedChange]) -> Void)?
    }

    private let environment: LiveEnvironment
    private let options: LiveStoreOptions
    private let queue = DispatchQueue(label: "foretaste.live-writer", qos: .userInitiated)
    private let state = Monitor(State())
    /// Says on which queue one is.
    private let ownQueue = DispatchSpecificKey<Bool>()

    init(_ environment: LiveEnvironment, _ options: LiveStoreOptions) {
        self.environment = environment
        self.options = options
        queue.setSpecific(key: ownQueue, value: true)
    }

    func onCommit(_ action: @escaping @Sendable ([CommittedChange]) -> Void) {
        state.withLock { $0.publish = action }
    }

    func submit(_ change: Pending) throws(LiveStoreError) {
        let count = change.change.elementCount
        let limit = options.queueElementLimit
        var change = change
        change.arrival = MonotonicClock.nanoseconds()
        let isFirst = try state.withLock { state throws(LiveStoreError) in
            guard !state.isClosed else {
                throw LiveStoreError(
                    .closed, "The server is stopping and takes no more changes. Send this to another one.")
            }
            // One change alone is taken whatever its size: it is bounded where it arrives.
            guard state.elementCount == 0 || state.elementCount + count <= limit else {
                throw LiveStoreError(
                    .queueFull,
                    "\(state.elementCount) changes wait to be written, of at most \(limit). Send this again a little later."
                )
            }
            state.elementCount += count
            state.pending.append(change)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if isFirst { queue.async { [self] in drain() } }
    }

    func compact(through: UInt64, receivedBefore: Int64) {
        let isFirst = state.withLock { state in
            state.compaction = Compaction(through: through, receivedBefore: receivedBefore)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if isFirst { queue.async { [self] in drain() } }
    }

    func waiting() -> (count: Int, milliseconds: Int, dropped: Int) {
        state.withLock { state in
            let now = MonotonicClock.nanoseconds()
            let first = state.pending.first?.arrival ?? now
            return (state.elementCount, Int((now &- first) / 1_000_000), state.droppedCount)
        }
    }

    /// Writes what waits, once more where that fails. Nothing of the queue holds the file afterwards.
    @discardableResult
    func close() -> Int {
        state.withLock { $0.isClosed = true }
        // The last who holds the store may be the queue itself.
        return DispatchQueue.getSpecific(key: ownQueue) == true ? writeRest() : queue.sync { writeRest() }
    }

    private func writeRest() -> Int {
        var round = takeGroup()
        while !round.isEmpty {
            let kept = commit(round)
            putBack(kept)
            if !kept.isEmpty { break }
            round = takeGroup()
        }
        return state.withLock { state in
            state.compaction = nil
            return state.elementCount
        }
    }

    // MARK: On the queue

    /// One group and one step, then another turn where there is more.
    private func drain() {
        let group = takeGroup()
        let kept = group.isEmpty ? [] : commit(group)
        putBack(kept)
        if kept.isEmpty { compactOneStep() }
        let hasMore = state.withLock { state in
            state.isScheduled = !state.pending.isEmpty || state.compaction != nil
            return state.isScheduled
        }
        guard hasMore else { return }
        if kept.isEmpty {
            queue.async { [self] in drain() }
        } else {
            queue.asyncAfter(deadline: .now() + .milliseconds(options.retryMilliseconds)) { [weak self] in self?.drain()
            }
        }
    }

    private func takeGroup() -> [Pending] {
        state.withLock { state in
            var count = 0
            var taken = 0
            for change in state.pending {
                guard taken == 0 || count + change.change.elementCount <= options.groupElementLimit else { break }
                count += change.change.elementCount
                taken += 1
            }
            defer { state.pending.removeFirst(taken) }
            return Array(state.pending.prefix(taken))
        }
    }

    /// To the head of the queue.
    private func putBack(_ kept: [Pending]) {
        guard !kept.isEmpty else { return }
        state.withLock { $0.pending.insert(contentsOf: kept, at: 0) }
    }

    /// Returns what could not be written and must be.
    private func commit(_ group: [Pending]) -> [Pending] {
        var group = group
        var attempts = 0
        while !group.isEmpty {
            var current: Int?
            do throws(LiveWriteFailure) {
                let outcomes = try write(group, &current)
                publish(group, outcomes)
                return []
            } catch {
                attempts += 1
                if attempts <= Self.repairLimit, repair(error) { continue }
                if error.store.code.concernsOneChange, let place = current {
                    // Only the change at fault fails; one that nobody waits for could never be written.
                    finish([group.remove(at: place)]) { .failure(error.store) }
                    continue
                }
                finish(group.filter { $0.completion != nil }) { .failure(error.store) }
                return group.filter { $0.completion == nil }
            }
        }
        return []
    }

    /// A group that needs more repairs has met a fault that stays.
    private static let repairLimit = 8

    private func write(_ group: [Pending], _ current: inout Int?) throws(LiveWriteFailure) -> [LiveOutcome] {
        do throws(LiveStoreError) {
            var applier = try ChangeApplier.begin(environment, now: options.clock())
            var outcomes: [LiveOutcome] = []
            for (place, change) in group.enumerated() {
                current = place
                outcomes.append(try applier.apply(change.change))
            }
            current = nil
            try applier.commit()
            return outcomes
        } catch {
            throw LiveWriteFailure(store: error)
        }
    }

    private func repair(_ failure: LiveWriteFailure) -> Bool {
        do throws(KeyValueError) {
            switch failure.store.cause {
            case .mapFull:
                try environment.grow(toMapByteCount: try environment.statistics().mapByteCount * 2)
                return true
            case .needsReopening, .closed:
                try environment.reopen()
                return true
            default: return false
            }
        } catch {
            return false
        }
    }

    private func publish(_ group: [Pending], _ outcomes: [LiveOutcome]) {
        if let publish = state.withLock({ $0.publish }) {
            publish(zip(group, outcomes).map { CommittedChange(change: $0.change, outcome: $1) })
        }
        var place = 0
        finish(group) {
            defer { place += 1 }
            return .success(outcomes[place])
        }
    }

    private func finish(_ group: [Pending], _ result: () -> Result<LiveOutcome, LiveStoreError>) {
        let count = group.reduce(0) { $0 + $1.change.elementCount }
        state.withLock { $0.elementCount -= count }
        for change in group {
            let result = result()
            if let completion = change.completion {
                completion(result)
            } else if case .failure = result {
                state.withLock { $0.droppedCount += change.change.elementCount }
            }
        }
    }

    /// What fails is tried again with the next compaction.
    private func compactOneStep() {
        guard let compaction = state.withLock({ $0.compaction }) else { return }
        let step = Result { () throws(LiveStoreError) -> Bool in
            var applier = try ChangeApplier.begin(environment, now: options.clock())
            let step = try applier.compact(
                through: compaction.through, receivedBefore: compaction.receivedBefore,
                limit: options.compactionStepCount)
            if step.removedCount > 0 { try applier.commit() }
            return step.isDone
        }
        var isOver = true
        if case .success(false) = step { isOver = false }
        if isOver { state.withLock { $0.compaction = nil } }
    }
}

/// Why a group was not written.
private struct LiveWriteFailure: Error {
    let store: LiveStoreError
}
