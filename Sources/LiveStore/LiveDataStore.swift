internal import KeyValueStore
internal import StoredFiles
internal import Telemetry

// Design note. Live data beside an index:
//
//     any thread ──submit──▶ bounded queue ──▶ the writer: one transaction for all that waits ──fsync──▶ publish ──▶ acknowledge
//     any thread ──reader──▶ a snapshot of what was committed last
//
// **Invariant** What was acknowledged as durable is on the disk, once. **Invariant** What was acknowledged is in every snapshot that
// begins later. **Invariant** A row that is damaged is an error, never a trap.

/// One live store, open to be written: by one process, whose lock lasts as long as this.
package final class LiveDataStore: Sendable {
    package let reader: LiveStoreReader
    private let writer: LiveWriter
    private let lock: LockHolder

    /// Opens the store, or makes one where there is none.
    package init(directory: String, options: LiveStoreOptions = LiveStoreOptions()) throws(LiveStoreError) {
        let files = LiveStoreFiles(directory: directory)
        do { try files.prepare() } catch { throw LiveStoreError(error) }
        lock = try LockHolder(files)
        let environment: LiveEnvironment
        do {
            environment = try LiveEnvironment(
                path: files.data, tables: LiveTable.allCases.map(\.name), mapByteCount: options.mapByteCount,
                faults: options.faults)
        } catch {
            throw LiveStoreError(error)
        }
        reader = LiveStoreReader(environment)
        let hasFormat = try reader.checkFormat()
        if !hasFormat { try Self.checkEmpty(reader, files) }
        let hasId = try reader.lineage().id != nil
        if !hasId {
            var applier = try ChangeApplier.begin(environment, now: options.clock())
            try applier.setNumber(.meta, LiveKeys.format, LiveStoreReader.format)
            try applier.setNumber(.meta, LiveKeys.store, options.makeId())
            try applier.commit()
            try LiveStoreError.ofFiles { () throws(FileError) in
                try FileSystem.syncDirectory(directory)
                try FileSystem.syncDirectory(FileSystem.directory(of: directory))
            }
        }
        writer = LiveWriter(environment, options)
    }

    /// A file without a format is one that was just made, or none of ours.
    private static func checkEmpty(_ reader: LiveStoreReader, _ files: LiveStoreFiles) throws(LiveStoreError) {
        let facts = try LiveStoreError.ofStore { () throws(KeyValueError) in try reader.environment.statistics() }
        guard facts.rowCounts.contains(where: { $0 > 0 }) else { return }
        throw LiveStoreError(
            .damaged, "\(files.data): it has rows and no format. Restore a backup with 'foretaste restore'.")
    }

    /// LMDB must not have a file open twice in one process: what the writer's queue still holds goes before the lock does.
    deinit { writer.close() }

    /// Asks for a change; `completion` is called once, on the writer's thread, when it is on the disk or has failed.
    ///
    /// - Throws: `queueFull` or `closed`, and then nothing is done and `completion` is not called.
    package func submit(
        _ change: LiveChange, completion: @escaping @Sendable (Result<LiveOutcome, LiveStoreError>) -> Void
    ) throws(LiveStoreError) {
        try writer.submit(LiveWriter.Pending(change: change, completion: completion))
    }

    /// Asks for a change that counts as done once it waits in memory: it is written with the next group, tried again while
    /// writing fails, and lost only with the process.
    package func submitFromMemory(_ change: LiveChange) throws(LiveStoreError) {
        try writer.submit(LiveWriter.Pending(change: change, completion: nil))
    }

    /// Called on the writer's thread after every commit, before its acknowledgements: with what was changed.
    package func onCommit(_ action: @escaping @Sendable ([CommittedChange]) -> Void) { writer.onCommit(action) }

    /// Removes, step by step and in the background, events up to a sequence that arrived before a time.
    package func compact(through sequence: UInt64, receivedBefore: Int64) {
        writer.compact(through: sequence, receivedBefore: receivedBefore)
    }

    /// Says that nothing of what another store had is here: an index of that one knows nothing of what comes. Only while the store
    /// has given no sequence. On a thread that may wait.
    package func follow(_ other: LiveStoreId) throws(LiveStoreError) {
        let answer = Monitor<Result<LiveOutcome, LiveStoreError>?>(nil)
        try submit(.follow(other)) { result in answer.change { $0 = result } }
        _ = try answer.wait { $0 }.get()
    }

    package func statistics() throws(LiveStoreError) -> LiveStoreStatistics {
        let facts: LiveEnvironment.Statistics
        do { facts = try reader.environment.statistics() } catch { throw LiveStoreError(error) }
        return LiveStoreStatistics(facts, waiting: writer.waiting())
    }

    /// Writes what waits and takes nothing more. Returns how many elements could not be written.
    @discardableResult
    package func close() -> Int { writer.close() }
}

/// One change that is on the disk.
package struct CommittedChange: Sendable {
    package var change: LiveChange
    package var outcome: LiveOutcome
}

package struct LiveStoreStatistics: Sendable, Equatable {
    package var eventCount: Int
    package var itemCount: Int
    package var userCount: Int
    package var mergeCount: Int
    package var erasureCount: Int
    package var fileByteCount: Int
    package var mapByteCount: Int
    /// Elements that wait to be written.
    package var waitingCount: Int
    /// Since when the first of them waits.
    package var lagMilliseconds: Int
    /// Elements that were acknowledged from memory and met a damaged row: they could not be written.
    package var droppedCount: Int

    init(_ facts: LiveEnvironment.Statistics, waiting: (count: Int, milliseconds: Int, dropped: Int)) {
        func count(_ table: LiveTable) -> Int { facts.rowCounts[table.rawValue] }
        eventCount = count(.events)
        itemCount = count(.items)
        userCount = count(.users)
        mergeCount = count(.merges)
        erasureCount = count(.erasures)
        fileByteCount = facts.fileByteCount
        mapByteCount = facts.mapByteCount
        waitingCount = waiting.count
        lagMilliseconds = waiting.milliseconds
        droppedCount = waiting.dropped
    }
}
